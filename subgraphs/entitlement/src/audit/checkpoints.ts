/**
 * Tells the event log how far each chain has grown, so that a chain that was cut off at its end, or written anew, no
 * longer fits what was told. One process does, while it leads: every ten seconds for the chains that grew, and at its end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@fundmesh/contracts/events'
import type { AuditCheckpoint } from '@fundmesh/contracts/generated/events'
import { decodeEvent, encodeEvent } from '@fundmesh/platform/events/codec'
import type { EventLog, Producer } from '@fundmesh/platform/events/log'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Ledger } from '../store/ledger.ts'
import type { Watch } from '../store/watch.ts'
import type { Head } from './chain.ts'

const CHECKPOINTS_TOPIC = 'asset-management.audit.checkpoints'
const EVERY_MS = 10_000

export function startCheckpoints(options: {
  readonly eventLog: Pick<EventLog, 'ensureTopics' | 'producer'>
  readonly ledger: Ledger
  readonly watch: Watch
  readonly log: Logger
}): { close(): Promise<void> } {
  const { eventLog, ledger, watch, log } = options
  let term: { readonly end: AbortController; readonly over: Promise<void> } | undefined

  async function lead(signal: AbortSignal): Promise<void> {
    /** By tenant, the length that the log was told. */
    const told = new Map<string, number>()
    let producer: Producer | undefined
    const tell = async () => {
      const grown = (await heads(ledger)).filter(({ tenantId, length }) => length > (told.get(tenantId) ?? 0))
      if (grown.length === 0) return
      if (!producer) {
        await eventLog.ensureTopics([topics.get(CHECKPOINTS_TOPIC)!])
        producer = await eventLog.producer()
      }
      const at = new Date()
      await producer.append(
        grown.map(({ tenantId, length, hash }) =>
          encodeEvent({
            topic: CHECKPOINTS_TOPIC,
            type: 'asset-management.audit.checkpoint.v1',
            source: '/entitlement',
            id: `${tenantId}:${length}`,
            time: at,
            data: { tenantId, length, hash, at: at.toISOString() },
          }),
        ),
      )
      for (const { tenantId, length } of grown) told.set(tenantId, length)
    }
    for (;;) {
      const last = signal.aborted
      await tell().catch((error) => log.warn({ reason: (error as Error).message }, 'no audit checkpoint could be told'))
      if (last) break
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {})
    }
    await producer?.close().catch(() => {})
  }

  const end = async () => {
    term?.end.abort()
    await term?.over
    term = undefined
  }
  const onLeading = (leading: boolean) => {
    if (!leading) return void end()
    const controller = new AbortController()
    term = { end: controller, over: lead(controller.signal) }
  }
  watch.events.on('leading', onLeading)

  return {
    async close() {
      watch.events.off('leading', onLeading)
      await end()
    },
  }
}

function heads(ledger: Ledger): Promise<readonly Head[]> {
  return ledger.transaction((ask) =>
    ask<Head>(
      `select tenant_id as "tenantId", length::float8 as length, encode(hash, 'hex') as hash from audit.chain where length > 0`,
    ),
  )
}

/** Every checkpoint that the log has. */
export async function readCheckpoints(eventLog: Pick<EventLog, 'ensureTopics' | 'read'>): Promise<readonly Head[]> {
  await eventLog.ensureTopics([topics.get(CHECKPOINTS_TOPIC)!])
  const found: Head[] = []
  for await (const record of eventLog.read(CHECKPOINTS_TOPIC)) found.push(decodeEvent(record).data as AuditCheckpoint)
  return found
}
