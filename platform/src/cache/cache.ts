/**
 * A cache of texts for what is the same for every tenant: reference rates, published documents. Data of a tenant must
 * not be put in: keys carry no tenant, nothing checks a right on the way out, and a revocation does not reach in.
 */
export interface Cache {
  /** The text under `key`, or undefined: never set, run out, made room for another, or the cache is away. */
  get(key: string): Promise<string | undefined>
  /**
   * Keeps `value` under `key` for at most `ttlSeconds`; it may be forgotten sooner.
   * Rejects with a RangeError when `ttlSeconds` is not above 0, and never because the cache is away.
   */
  set(key: string, value: string, ttlSeconds: number): Promise<void>
  /** Lets go of what the cache holds open. From then on every look-up is a miss. May be called again. */
  close(): Promise<void>
}

/** The whole milliseconds of a lifetime, at least one. Throws a RangeError when there are none. */
export function lifetimeMilliseconds(ttlSeconds: number): number {
  if (!(ttlSeconds > 0 && Number.isFinite(ttlSeconds))) {
    throw new RangeError(`A cached value lives for a number of seconds above 0, not ${ttlSeconds}.`)
  }
  return Math.ceil(ttlSeconds * 1000)
}
