/** What waits to be sent to one subscriber: bounded, so that a slow reader costs memory that is known. */
export interface Outbox<T> {
  /** Adds what the reader begins with, however much it is; the bound is for what comes behind it. */
  begin(items: readonly T[]): void
  /** Adds an item; false where the outbox is full, and nothing was added. */
  push(item: T): boolean
  /** Drops what waits, and makes `last` the last item. Idempotent: the first reason stays. */
  end(last?: T): void
  /** Aborted when it has ended. */
  readonly ended: AbortSignal
  /** The next item, or undefined once there will be none. One reader at a time. */
  take(): Promise<T | undefined>
}

export function outbox<T>(bound: number): Outbox<T> {
  let waiting: T[] = []
  let room = bound
  let wake: (() => void) | undefined
  const ending = new AbortController()
  const ended = ending.signal

  return {
    ended,
    begin(items) {
      if (ended.aborted) return
      waiting = [...waiting, ...items]
      room += items.length
      wake?.()
    },
    push(item) {
      if (ended.aborted) return true
      if (waiting.length >= room) return false
      waiting.push(item)
      wake?.()
      return true
    },
    end(last) {
      if (ended.aborted) return
      waiting = last === undefined ? [] : [last]
      ending.abort()
      wake?.()
    },
    async take() {
      while (waiting.length === 0 && !ended.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
      }
      return waiting.shift()
    },
  }
}
