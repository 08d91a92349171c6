/**
 * By when everything that is asked with a signal must be there. Beside the signal, and not a signal of its own: those, and
 * what joins two of them, cost as much as a small request does in all.
 */
const deadlines = new WeakMap<AbortSignal, number>()

export const setDeadline = (signal: AbortSignal, milliseconds: number): void =>
  void deadlines.set(signal, performance.now() + milliseconds)

/** Milliseconds; Infinity where there is no deadline. */
export const timeLeft = (signal: AbortSignal): number =>
  (deadlines.get(signal) ?? Number.POSITIVE_INFINITY) - performance.now()
