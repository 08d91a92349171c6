import type { Logger } from '../telemetry/log.ts'
import type { Cache } from './cache.ts'
import { memoryCache } from './memory.ts'
import { redisCache } from './redis.ts'

export interface CacheOptions {
  /** Where Redis is; without it the cache is in this process. */
  readonly redisUrl?: string | undefined
  /** Names the use, so that several share one Redis: `reference-rates`. */
  readonly namespace: string
  readonly log: Logger
}

/** Opens the cache of a service: Redis where its address is given, the memory of this process otherwise. */
export function openCache({ redisUrl, namespace, log }: CacheOptions): Cache {
  return redisUrl ? redisCache({ url: redisUrl, namespace, log }) : memoryCache()
}
