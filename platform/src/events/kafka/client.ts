import { Kafka, logLevel } from 'kafkajs'
import type { Logger } from 'pino'

/** How long one attempt is retried inside kafkajs: about 4 s. What lasts longer is our own loops' business. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 6 }

/**
 * A kafkajs client whose own messages stay low: it logs as errors what it recovers from (the first coordinator look-ups
 * of a fresh broker); what it does not recover from reaches us as an error, and is told once.
 */
export function kafkaClient(brokers: readonly string[], clientId: string, log: Logger): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: RETRY,
    logLevel: log.isLevelEnabled('trace') ? logLevel.INFO : logLevel.WARN,
    logCreator:
      () =>
      ({ level, namespace, log: { message, timestamp, logger, ...details } }) =>
        log[level <= logLevel.WARN ? 'debug' : 'trace']({ kafkajs: { namespace, ...details } }, message),
  })
}
