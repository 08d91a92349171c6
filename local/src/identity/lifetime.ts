import { CommandError } from '../command-line.ts'

const SECONDS = { s: 1, m: 60, h: 3600 } as const

/** The seconds of `900`, `30s`, `15m` or `1h`. Throws a CommandError for anything else. */
export function secondsOf(lifetime: string): number {
  const [, amount, unit = 's'] = /^(\d{1,6})([smh])?$/.exec(lifetime) ?? []
  if (!amount) {
    throw new CommandError(`A lifetime is seconds, or a number with s, m or h (900, 30s, 15m, 1h), not "${lifetime}".`)
  }
  return Number(amount) * SECONDS[unit as keyof typeof SECONDS]
}
