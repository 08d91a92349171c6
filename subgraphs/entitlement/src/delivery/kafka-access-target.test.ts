import type { TopicReader } from '@fundmesh/platform/events/kafka/topic-readers'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { afterEach, describe, expect, it } from 'vitest'
import type { Ledger } from '../store/ledger.ts'
import { ownTopic } from './forwarder.ts'
import { kafkaAccessTarget } from './kafka-access-target.ts'

const tenants = ['alder', 'birch', 'cedar']
const ledger = {
  transaction: async (work: (ask: unknown) => unknown) =>
    work(async () => tenants.map((tenantId) => ({ tenantId, epoch: 1, changedAt: '' }))),
} as unknown as Ledger

describe('the beginning of a term', () => {
  const term = new AbortController()
  afterEach(() => term.abort())

  it('empties what readers may hold from before, then forwards; a reader that fails holds up no other', async () => {
    const did: string[] = []
    let holdsUp = true
    const readers = {
      list: async () => new Map([...tenants].map((tenant) => [tenant, new Set([ownTopic(tenant)])] as const)),
      allow: async ({ user }: TopicReader) => void did.push(`allow ${user}`),
      async deny({ user }: TopicReader) {
        if (holdsUp) throw new Error('the broker is busy')
        did.push(`deny ${user}`)
      },
      empty: async (topic: string) => void did.push(`empty ${topic}`),
    }
    const eventLog = {
      ensureTopics: async () => {},
      producer: async () => ({ append: async () => {}, close: async () => {} }),
      consume: async () => {
        did.push('forward')
        return { seek: async () => {}, close: async () => {} }
      },
    }
    const grants = {
      mayRead: () => true,
      visible: () => ['tsp:c-fund'],
      // What alder held on KAFKA ended while nobody led.
      fieldSets: (tenant: string) => new Set(tenant === 'alder' ? [] : (['NAV'] as const)),
      epoch: () => 1,
      ready: () => true,
      whenReady: async () => {},
      whenAtLeast: async () => {},
    }
    const target = kafkaAccessTarget({ eventLog, readers, grants, ledger, log: createLogger('test', 'silent') })
    const led = target.lead!(term.signal)
    await target.held()
    await expect.poll(() => did).toEqual([`empty ${ownTopic('birch')}`, `empty ${ownTopic('cedar')}`])
    holdsUp = false
    await expect.poll(() => did).toContain('forward')
    expect(did.slice(2)).toEqual(['deny alder', `empty ${ownTopic('alder')}`, 'forward'])
    term.abort()
    await led
  })
})
