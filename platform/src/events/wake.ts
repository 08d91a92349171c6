/** A loop's alarm clock: it sleeps until the time is over or somebody wakes it; a wake-up before sleeping is not lost. */
export class Wake {
  #due = false
  #ring: (() => void) | undefined

  wake(): void {
    this.#due = true
    this.#ring?.()
  }

  async sleep(ms: number): Promise<void> {
    if (!this.#due) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.#ring = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#ring = undefined
    }
    this.#due = false
  }
}

/** Waits, or less when the signal says to stop. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
