/**
 * The identity provider's keys over time (JWKS, RFC 7517). jose reads and chooses them; here it is decided when they are
 * read, and what holds while they cannot be:
 *
 *   age of the set       key known                                  key unknown
 *   < refreshMs          decided                                    read again, at most once a cool-down; then refused
 *   < maxStaleMs         read again; while that fails, decided      read again; while that fails, undecided
 *   otherwise            read again; while that fails, undecided    read again; while that fails, undecided
 *
 * So a key that the provider took back is refused after `refreshMs`, or `maxStaleMs` while the provider is down; and
 * however many tokens come with keys that nobody published, the provider is asked once a cool-down.
 */
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose'

export interface KeySetOptions {
  readonly url: string
  readonly refreshMs: number
  readonly maxStaleMs: number
  readonly log: Logger
}

/** The keys to decide with cannot be had, which says nothing of the token. */
export class KeysUnavailable extends Error {}

const timeoutMs = 3_000
/** Between two readings for keys that nobody knows. */
const coolDownMs = 10_000
/** After a reading that failed: an outage ends soon after its cause, and is not made worse. */
const retryMs = 2_000

export function keySet({ url, refreshMs, maxStaleMs, log }: KeySetOptions): JWTVerifyGetKey {
  // Infinite: when to read is decided here alone.
  const published = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
  })
  let readAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let failed = false
  let reading: Promise<void> | undefined

  const age = () => Date.now() - readAt
  const knows = (kid: string) => published.jwks()?.keys.some((key) => key.kid === kid) ?? false

  async function read() {
    try {
      await published.reload()
      readAt = Date.now()
      if (failed) log.info({ url }, 'the keys of the identity provider can be read again')
      failed = false
    } catch (error) {
      if (!failed) log.warn({ url, err: error }, 'the keys of the identity provider cannot be read')
      failed = true
    } finally {
      triedAt = Date.now()
      reading = undefined
    }
  }

  /** The reading under way, or a new one; undefined while it is too early for one. */
  const readAgain = (coolDown: number): Promise<void> | undefined => {
    if (!reading && Date.now() - triedAt >= (failed ? retryMs : coolDown)) reading = read()
    return reading
  }

  return async (header, token) => {
    const { kid } = header
    // Without a name a key could only be found by trying, and after a rotation not at all.
    if (!kid) throw new errors.JWKSNoMatchingKey()
    if (age() >= Math.min(refreshMs, maxStaleMs)) {
      const attempt = readAgain(0)
      // In an outage nobody waits for it as long as the known keys hold.
      if (!failed || age() >= maxStaleMs) await attempt
    }
    if (age() < maxStaleMs && !knows(kid)) {
      await readAgain(coolDownMs)
      if (failed) throw new KeysUnavailable(`the key "${kid}" is not known, and ${url} cannot be read`)
    }
    if (age() >= maxStaleMs)
      throw new KeysUnavailable(`the keys are older than ${maxStaleMs} ms: ${url} cannot be read`)
    return published(header, token)
  }
}
