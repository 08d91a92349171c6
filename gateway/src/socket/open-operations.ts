import type { WebSocket } from 'ws'

/** An operation that a client waits for. */
export interface OpenOperation {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal
  cancel(): void
  end(): void
}

/** Cancels what a socket asked for when it closes, and knows when nothing is open. */
export function openOperations() {
  const open = new Set<OpenOperation>()
  let whenNone: (() => void) | undefined
  return {
    begin(socket: WebSocket): OpenOperation {
      const cancelled = new AbortController()
      const operation = {
        signal: cancelled.signal,
        cancel() {
          cancelled.abort()
          operation.end()
        },
        end() {
          socket.off('close', operation.cancel)
          open.delete(operation)
          if (open.size === 0) whenNone?.()
        },
      }
      // Each operation listens: there may be many, and each leaves at its end.
      socket.setMaxListeners(0)
      socket.once('close', operation.cancel)
      open.add(operation)
      return operation
    },
    allEnded: async () => {
      if (open.size > 0)
        await new Promise<void>((resolve) => {
          whenNone = resolve
        })
      // What ended just now is sent in this turn.
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
