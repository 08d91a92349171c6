import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** The levels that LOG_LEVEL may name, from the most talkative; `silent` writes nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

/** Keys whose values never reach a log line, at the top of a record or up to three objects down (`req.headers.cookie`). */
const SECRET_KEYS = ['authorization', 'x-fundmesh-passport', 'cookie', 'set-cookie', 'token', 'password', 'secret']

const secretPaths = SECRET_KEYS.flatMap((key) => ['', '*', '*.*', '*.*.*'].map((parents) => `${parents}["${key}"]`))

/**
 * A logger that writes one JSON object a line to stdout (or to `destination`, in tests).
 * Times are RFC 3339 UTC; levels are words. Throws when `level` is not one of LOG_LEVELS.
 */
export function createLogger(name: string, level: string = 'info', destination?: DestinationStream): Logger {
  if (!LOG_LEVELS.includes(level as LogLevel)) {
    throw new Error(`The log level is one of ${LOG_LEVELS.join(', ')}, not "${level}".`)
  }
  return pino(
    {
      name,
      level,
      // No host name: where a process runs is known to whoever collects its lines.
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: '[redacted]' },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  )
}
