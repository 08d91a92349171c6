/** The longest delay that a timer takes; a longer one would ring at once. */
const longestDelayMs = 2 ** 31 - 1

/** Calls back at a moment, however far away, unless it is cancelled before. Keeps no process alive. */
export function alarm(at: Date, ring: () => void): { cancel(): void } {
  let timer: NodeJS.Timeout
  const wind = () => {
    const delay = Math.max(at.getTime() - Date.now(), 0)
    timer = delay > longestDelayMs ? setTimeout(wind, longestDelayMs) : setTimeout(ring, delay)
    timer.unref()
  }
  wind()
  return { cancel: () => clearTimeout(timer) }
}
