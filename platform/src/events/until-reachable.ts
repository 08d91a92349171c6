import type { Logger } from 'pino'
import { pause } from './wake.ts'

const PAUSE_MS = 500
const MAX_PAUSE_MS = 2_000

/**
 * Tries again for as long as the log cannot be reached, so that a service may start before it. Rejects with every other
 * error, and when the signal ends the wait.
 */
export async function untilReachable<T>(
  attempt: () => Promise<T>,
  isUnreachable: (error: unknown) => boolean,
  signal: AbortSignal,
  log: Logger,
): Promise<T> {
  for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      return await attempt()
    } catch (error) {
      if (!isUnreachable(error)) throw error
      log.warn({ err: error }, 'event log: not reachable, trying again')
      await pause(pauseMs, signal)
      if (signal.aborted) throw error
    }
  }
}
