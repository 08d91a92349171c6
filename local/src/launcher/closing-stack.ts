/** What was opened, closed in reverse. */
export interface ClosingStack {
  /** After `close` was called, it is closed at once. */
  add(close: () => Promise<unknown>): void
  /** Closes each, also when another fails to. Idempotent. */
  close(): Promise<void>
}

export function closingStack(): ClosingStack {
  const open: (() => Promise<unknown>)[] = []
  let closed: Promise<void> | undefined
  async function closeAll(): Promise<void> {
    for (let close = open.pop(); close; close = open.pop()) {
      try {
        await close()
      } catch {
        // The process ends; the next one still has to be closed.
      }
    }
  }
  return {
    add(close) {
      open.push(close)
      if (closed) closed = closed.then(closeAll)
    },
    close() {
      closed ??= closeAll()
      return closed
    },
  }
}
