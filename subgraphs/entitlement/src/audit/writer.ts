/**
 * Puts what the gateways tell into the tenants' chains. Several processes may: the group gives a partition to one of
 * them, the chain's head lets one append at a time, and what comes again is known by its id. What cannot be stored is
 * not taken from the log.
 */
import { topics } from '@fundmesh/contracts/events'
import type { AuditDecisions } from '@fundmesh/contracts/generated/events'
import { decodeEvent, PoisonRecord } from '@fundmesh/platform/events/codec'
import type { Consumer, EventLog, LogRecord } from '@fundmesh/platform/events/log'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Ledger } from '../store/ledger.ts'
import { canonicalBody } from './chain.ts'

const DECISIONS_TOPIC = 'asset-management.audit.decisions'

export interface AuditWriter {
  /** Lets what is in hand finish. Idempotent. */
  close(): Promise<void>
}

/** Begins at once, in the background, and tries again for as long as the log cannot be reached. */
export function startAuditWriter(options: {
  readonly eventLog: Pick<EventLog, 'ensureTopics' | 'consume'>
  readonly ledger: Ledger
  readonly log: Logger
}): AuditWriter {
  const { eventLog, ledger, log } = options

  const onRecord = async (record: LogRecord) => {
    const decisions = decode(record, log)
    if (!decisions) return
    const { tenantId, source, entries } = decisions
    const ids = entries.map(({ number }) => `${source}:${number}`)
    const bodies = entries.map((entry) => canonicalBody({ ...entry, tenantId, source }))
    await ledger.transaction((ask) => ask('select audit.append($1, $2, $3)', [tenantId, ids, bodies]))
  }

  const consumer: Promise<Consumer | undefined> = eventLog
    .ensureTopics([topics.get(DECISIONS_TOPIC)!])
    .then(() =>
      eventLog.consume({
        topics: [DECISIONS_TOPIC],
        group: 'entitlement-audit',
        from: 'earliest',
        onRecord,
        onTrouble: (error) => log.warn({ reason: error.message }, 'the audit trail waits'),
      }),
    )
    .catch((error) => {
      log.error({ err: error }, 'the audit trail is not written')
      return undefined
    })
  let closed: Promise<void> | undefined

  return {
    close() {
      closed ??= Promise.race([consumer.then((opened) => opened?.close()), reached(1_000)])
      return closed
    },
  }
}

function decode(record: LogRecord, log: Logger): AuditDecisions | undefined {
  try {
    return decodeEvent(record).data as AuditDecisions
  } catch (error) {
    if (!(error instanceof PoisonRecord)) throw error
    log.error({ err: error }, 'an audit record was set aside: it does not follow its contract')
    return undefined
  }
}

/** A log that cannot be reached would keep us waiting until it is closed. */
const reached = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
