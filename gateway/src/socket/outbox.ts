/** What waits to be sent to one subscriber: bounded, so that a slow reader costs memory that is known. */
export interface Outbox<T> {
  /** Adds an item; false where the outbox is full, and nothing was added. */
  push(item: T): boolean
  /** Drops what waits, and makes `last` the last item. Idempotent: the first reason stays. */
  end(last?: T): void
  readonly ended: boolean
  /** Resolves when it has ended. */
  readonly ending: Promise<void>
  /** The next item, or undefined once there will be none. One reader at a time. */
  take(): Promise<T | undefined>
}

export function outbox<T>(bound: number): Outbox<T> {
  let waiting: T[] = []
  let ended = false
  let wake: (() => void) | undefined
  const { promise: ending, resolve: endingNow } = withResolvers()

  return {
    get ended() {
      return ended
    },
    ending,
    push(item) {
      if (ended) return true
      if (waiting.length >= bound) return false
      waiting.push(item)
      wake?.()
      return true
    },
    end(last) {
      if (ended) return
      ended = true
      endingNow()
      waiting = last === undefined ? [] : [last]
      wake?.()
    },
    async take() {
      while (waiting.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
      }
      return waiting.shift()
    },
  }
}

function withResolvers() {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
