/** Opens the event log: Kafka where brokers are named, the tables in PostgreSQL otherwise. */
import type { Logger } from 'pino'
import { KafkaLog } from './kafka/kafka-log.ts'
import type { EventLog } from './log.ts'
import { PostgresLog } from './postgres/postgres-log.ts'
import { withTopicPrefix } from './with-topic-prefix.ts'

export interface EventLogOptions {
  /** `host:port` of one or more brokers; they win over PostgreSQL. */
  readonly kafkaBrokers?: readonly string[] | undefined
  /** Connection string of a login that is a member of `event_log_user`. */
  readonly postgresUrl?: string | undefined
  /** Put before every topic and group name: a namespace in a shared Kafka. */
  readonly topicPrefix?: string | undefined
  /** Names this process in the log's own view of its clients. */
  readonly clientId: string
  readonly log: Logger
}

/** Touches no server: the log connects when it is first used. @throws Error where neither is named. */
export function openEventLog({ topicPrefix = '', ...options }: EventLogOptions): EventLog {
  return withTopicPrefix(openLog(options), topicPrefix)
}

function openLog({ kafkaBrokers, postgresUrl, clientId, log }: EventLogOptions): EventLog {
  if (kafkaBrokers !== undefined && kafkaBrokers.length > 0) {
    return new KafkaLog({ brokers: kafkaBrokers, clientId, log })
  }
  if (postgresUrl !== undefined) return new PostgresLog({ url: postgresUrl, clientId, log })
  throw new Error('no event log is configured: set KAFKA_BROKERS or EVENT_LOG_URL')
}
