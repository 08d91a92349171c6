import { topics } from '@fundmesh/contracts/events'
import type { EntitlementGrants } from '@fundmesh/contracts/generated/events'
import { decodeEvent } from '@fundmesh/platform/events/codec'
import type { EventLog, Producer } from '@fundmesh/platform/events/log'
import { GRANTS_TOPIC } from '@fundmesh/platform/grants/replica'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { instant } from '../domain/instant.ts'
import { grantsEvent } from '../events.ts'
import type { DeliveryTarget, HeldEpoch } from './target.ts'

/** The topic from which every replica of the grants is made. The log may be down when we start. */
export function eventLogTarget(
  eventLog: Pick<EventLog, 'ensureTopics' | 'producer' | 'read'>,
  log: Logger,
): DeliveryTarget {
  let opening: Promise<Producer> | undefined
  /** The topic exists and we can append. A failure is forgotten, so that the next delivery tries again. */
  const opened = () => {
    opening ??= (async () => {
      await eventLog.ensureTopics([topics.get(GRANTS_TOPIC)!])
      return eventLog.producer()
    })().catch((error) => {
      opening = undefined
      throw error
    })
    return opening
  }
  return {
    name: 'EVENT_LOG',
    taking: 'each',
    deliver: async (sets) => (await opened()).append(sets.map(grantsEvent)),
    held: async () => {
      await opened()
      const newest = new Map<string, HeldEpoch>()
      for await (const record of eventLog.read(GRANTS_TOPIC)) {
        try {
          const { epoch, changedAt, grants } = decodeEvent(record).data as EntitlementGrants
          // Replicas keep the first record of an epoch.
          if (epoch > (newest.get(record.key)?.epoch ?? 0)) {
            newest.set(record.key, { epoch, changedAt: instant(changedAt), content: async () => ({ epoch, grants }) })
          }
        } catch (error) {
          // Replicas refuse the tenant until there is a record that they can read.
          log.error({ err: error }, 'a record of grants cannot be read')
          newest.delete(record.key)
        }
      }
      return newest
    },
  }
}
