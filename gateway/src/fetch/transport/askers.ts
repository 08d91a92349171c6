/**
 * Who waits until which signal is aborted. However many wait, a signal has one listener, while there are any: a stream asks
 * with one signal for as long as it lives, so nothing may be left on it. Not AbortSignal.any, which leaves something
 * (nodejs/node#54614).
 */

type Leave = () => void

const askers = new WeakMap<AbortSignal, Set<Leave>>()

/** Calls `leave` if the signal is aborted before what it returns is called. */
export function whileAsked(signal: AbortSignal, leave: Leave): () => void {
  let waiting = askers.get(signal)
  if (!waiting) {
    waiting = new Set()
    askers.set(signal, waiting)
  }
  if (waiting.size === 0) signal.addEventListener('abort', aborted)
  waiting.add(leave)
  const those = waiting
  return () => {
    if (those.delete(leave) && those.size === 0) signal.removeEventListener('abort', aborted)
  }
}

function aborted(this: AbortSignal): void {
  const waiting = askers.get(this)
  this.removeEventListener('abort', aborted)
  if (!waiting) return
  const those = [...waiting]
  waiting.clear()
  for (const leave of those) leave()
}
