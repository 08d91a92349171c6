import { CallerError } from './errors.ts'

/** `AsOfInput` of the graph, as its scalars give it: canonical. */
export interface AsOfInput {
  readonly validAt?: string | null | undefined
  readonly knownAt?: string | null | undefined
}

/** Which truth an answer shows. */
export interface AsOf {
  /** The day that the answer is about, `YYYY-MM-DD`. */
  readonly validAt: string
  /** The instant whose knowledge it shows, RFC 3339 UTC. */
  readonly knownAt: string
}

/**
 * Which truth is asked for, in an operation that knows what was known at `operationKnownAt` (both canonical).
 * Throws CallerError BAD_USER_INPUT for a later `knownAt`: what becomes known until then would change the answer.
 */
export function resolveAsOf(input: AsOfInput | null | undefined, operationKnownAt: string): AsOf {
  const knownAt = input?.knownAt ?? operationKnownAt
  if (withMicroseconds(knownAt) > withMicroseconds(operationKnownAt)) {
    throw new CallerError(
      'BAD_USER_INPUT',
      `asOf.knownAt: expected an instant not after this operation's own, ${operationKnownAt}; got ${knownAt}`,
    )
  }
  // Today is the day of that instant, and not of the clock: the same question gives the same answer for ever.
  return { validAt: input?.validAt ?? knownAt.slice(0, 'YYYY-MM-DD'.length), knownAt }
}

/** Canonical instants have three or six digits after the point; with six they sort as text. */
const withMicroseconds = (instant: string): string => instant.replace(/\.(\d{3})Z$/, '.$1000Z')
