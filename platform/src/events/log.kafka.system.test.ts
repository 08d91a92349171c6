import { ConfigResourceTypes } from 'kafkajs'
import { pino } from 'pino'
import { describe, vi } from 'vitest'
import { requiredService } from '../testing/required.ts'
import { withAdmin } from './kafka/admin.ts'
import { kafkaClient } from './kafka/client.ts'
import { eventLogConformance } from './log.conformance.ts'
import { openEventLog } from './open.ts'

const brokers = requiredService('KAFKA_BROKERS')?.split(',') ?? []

describe.skipIf(brokers.length === 0)('with KAFKA_BROKERS', () => {
  eventLogConformance('Kafka', { address: () => ({ kafkaBrokers: brokers }), compact: compacted })
})

/** Lets the broker's cleaner come to the topic: it works on closed segments, and closes one when a record comes late. */
async function compacted(topic: string): Promise<void> {
  const log = pino({ level: 'silent' })
  const settings = {
    'segment.ms': '100',
    'min.cleanable.dirty.ratio': '0.001',
    'delete.retention.ms': '1',
    'max.compaction.lag.ms': '100',
  }
  await withAdmin(kafkaClient(brokers, 'compaction', log), (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: ConfigResourceTypes.TOPIC,
          name: topic,
          configEntries: Object.entries({ 'cleanup.policy': 'compact', ...settings }).map(([name, value]) => ({
            name,
            value,
          })),
        },
      ],
    }),
  )
  const events = openEventLog({ kafkaBrokers: brokers, clientId: 'compaction', log })
  const producer = await events.producer()
  const count = async () => {
    let records = 0
    for await (const _ of events.read(topic)) records++
    return records
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  const [end] = await events.endOffsets(topic)
  await producer.append([{ topic, key: 'd', headers: {}, value: Buffer.from('0') }])
  await vi.waitFor(
    async () => {
      if ((await count()) > Number(end?.offset) - 2) throw new Error(`${topic} is not compacted yet`)
    },
    { timeout: 180_000, interval: 1_000 },
  )
  await events.close()
}
