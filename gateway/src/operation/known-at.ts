import { canonicalDateTime } from '@fundmesh/platform/scalars/date-time'
import { codedError } from '../errors/catalogue.ts'

/** The instant that the client fixed with `extensions.knownAt`, or now. A future one could not be reproduced. */
export function knownAtOf(asked: unknown): string {
  const now = present()
  if (asked === undefined || asked === null) return now
  try {
    const knownAt = canonicalDateTime(String(asked))
    if (knownAt <= now) return knownAt
    throw new Error(`an instant that is not in the future (now: ${now})`)
  } catch (error) {
    throw codedError(
      'BAD_USER_INPUT',
      `extensions.knownAt: expected ${(error as Error).message}; got ${JSON.stringify(asked).slice(0, 80)}`,
    )
  }
}

let last = { millisecond: Number.NaN, text: '' }

/** Now, written once a millisecond: many requests come in one. */
function present(): string {
  const millisecond = Date.now()
  if (millisecond !== last.millisecond) last = { millisecond, text: new Date(millisecond).toISOString() }
  return last.text
}
