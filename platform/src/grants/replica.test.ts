import type { ActiveGrant } from '@fundmesh/contracts/generated/events'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { encodeEvent } from '../events/codec.ts'
import type { ConsumeOptions, EventLog, LogRecord, NewRecord } from '../events/log.ts'
import type { Reading } from './reading.ts'
import {
  GRANTS_TOPIC,
  type GrantsReplica,
  type GrantsReplicaOptions,
  openGrantsReplica,
  STRUCTURE_TOPIC,
} from './replica.ts'

const partitions = 2
const now = new Date('2026-01-01T00:00:00.000Z')
const c = { kind: 'FUND', id: 'tsp:c-fund' } as const
const reading = (tenant: string): Reading => ({ tenant, channel: 'GRAPHQL', fieldSet: 'NAV' })

function grant(resourceId: string, window: Partial<ActiveGrant> = {}): ActiveGrant {
  const open = {
    validFrom: '2020-01-01T00:00:00.000Z',
    validTo: null,
    channels: null,
    fieldSets: null,
    regions: null,
    embargoDays: 0,
  }
  return { grantId: `grant-${resourceId}`, resourceKind: 'FUND', resourceId, ...open, ...window }
}

function structure(shareClassId: string, fundId: string, sequence = 1): NewRecord {
  return encodeEvent({
    topic: STRUCTURE_TOPIC,
    type: 'asset-management.fund.structure.v1',
    source: '/test',
    id: `${shareClassId}:${sequence}`,
    time: now,
    data: { shareClassId, fundId, sequence },
  })
}

function grants(tenantId: string, epoch: number, held: readonly ActiveGrant[]): NewRecord {
  return encodeEvent({
    topic: GRANTS_TOPIC,
    type: 'asset-management.entitlement.grants.v1',
    source: '/test',
    id: `${tenantId}:${epoch}`,
    time: now,
    data: {
      tenantId,
      epoch,
      changedAt: now.toISOString(),
      grants: [...held],
      principals: [{ subject: 'ann', roles: ['analyst'] }],
    },
  })
}

/** A log in memory, which can lose its readers, its records, or its connection. */
class MemoryLog implements Pick<EventLog, 'ensureTopics' | 'endOffsets' | 'read' | 'consume'> {
  records: LogRecord[] = []
  readers = new Set<ConsumeOptions>()
  down = false
  silent = false
  reads = 0

  async append(record: NewRecord): Promise<void> {
    const partition = record.key.length % partitions
    const offset = BigInt(this.#of(record.topic).filter((other) => other.partition === partition).length)
    const appended = { ...record, partition, offset, appendedAt: now }
    this.records.push(appended)
    if (!this.silent) for (const reader of this.readers) await reader.onRecord(appended)
  }

  async ensureTopics(): Promise<void> {
    if (this.down) throw new Error('the log is down')
  }

  async endOffsets(topic: string) {
    if (this.down) throw new Error('the log is down')
    return Array.from({ length: partitions }, (_, partition) => {
      const count = this.#of(topic).filter((record) => record.partition === partition).length
      return { topic, partition, offset: BigInt(count) }
    })
  }

  async *read(topic: string) {
    if (this.down) throw new Error('the log is down')
    if (topic === GRANTS_TOPIC) this.reads += 1
    yield* this.#of(topic)
  }

  #of(topic: string): readonly LogRecord[] {
    return this.records.filter((record) => record.topic === topic)
  }

  async consume(options: ConsumeOptions) {
    this.readers.add(options)
    return { seek() {}, close: async () => void this.readers.delete(options) }
  }
}

const opened: GrantsReplica[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((replica) => replica.close()))
})

function open(log: MemoryLog, options: Partial<GrantsReplicaOptions> = {}): GrantsReplica {
  const replica = openGrantsReplica({ eventLog: log, log: pino({ level: 'silent' }), compareMs: 5, ...options })
  opened.push(replica)
  return replica
}

async function logOf(...records: readonly NewRecord[]): Promise<MemoryLog> {
  const log = new MemoryLog()
  for (const record of records) await log.append(record)
  return log
}

describe('a replica of the grants', () => {
  it('refuses until it has read the topic to its end, and then follows it', async () => {
    const log = await logOf(grants('alder', 1, [grant('tsp:c-fund')]))
    const replica = open(log)
    expect(replica.ready()).toBe(false)
    expect(replica.mayRead(reading('alder'), c, now)).toBe(false)
    await replica.whenReady()
    expect(replica.ready()).toBe(true)
    expect(replica.mayRead(reading('alder'), c, now)).toBe(true)
    await log.append(grants('alder', 2, []))
    expect(replica.mayRead(reading('alder'), c, now)).toBe(false)
    expect(replica.epoch('alder')).toBe(2)
  })

  it('is not ready while the log is down at the start, and catches up by itself', async () => {
    const log = await logOf(grants('alder', 1, [grant('tsp:c-fund')]))
    log.down = true
    const replica = open(log)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(replica.ready()).toBe(false)
    log.down = false
    await replica.whenReady()
    expect(replica.mayRead(reading('alder'), c, now)).toBe(true)
  })

  it('opens to each tenant what it was granted, and to a fund’s tenant the share classes that the structure says', async () => {
    const log = await logOf(
      structure('tsp:s-class', 'tsp:s-fund'),
      grants('alder', 1, [grant('tsp:s-fund')]),
      grants('cedar', 1, [grant('tsp:c-fund', { resourceKind: 'SHARE_CLASS' })]),
    )
    const replica = open(log)
    await replica.whenReady()
    const may = (tenant: string, kind: 'FUND' | 'SHARE_CLASS', id: string) =>
      replica.mayRead(reading(tenant), { kind, id }, now)
    expect(may('alder', 'SHARE_CLASS', 'tsp:s-class')).toBe(true)
    expect(may('cedar', 'SHARE_CLASS', 'tsp:s-class')).toBe(false)
    expect(may('cedar', 'SHARE_CLASS', 'tsp:c-fund')).toBe(true)
    // The same id as another kind is another thing.
    expect(may('cedar', 'FUND', 'tsp:c-fund')).toBe(false)
    expect(may('nobody', 'FUND', 'tsp:s-fund')).toBe(false)
    expect(replica.epoch('nobody')).toBe(0)
    expect(replica.roles('alder', 'ann')).toEqual(new Set(['analyst']))
    expect(replica.roles('alder', 'bob').size).toBe(0)
  })

  it('follows the structure: tells the tenants that gain or lose, and forgets what it cannot read', async () => {
    const log = await logOf(grants('alder', 1, [grant('tsp:s-fund')]), grants('birch', 1, [grant('tsp:c-fund')]))
    const replica = open(log)
    await replica.whenReady()
    const changed = vi.fn()
    replica.onChange(changed)
    const visible = (tenant: string) => replica.visible(reading(tenant), 'SHARE_CLASS', now)
    await log.append(structure('tsp:s-class', 'tsp:s-fund', 1))
    expect([visible('alder'), visible('birch')]).toEqual([['tsp:s-class'], []])
    await log.append(structure('tsp:s-class', 'tsp:c-fund', 2))
    await log.append(structure('tsp:s-class', 'tsp:s-fund', 1))
    expect([visible('alder'), visible('birch')]).toEqual([[], ['tsp:s-class']])
    await log.append({ ...structure('tsp:s-class', 'tsp:c-fund', 3), value: Buffer.from('garbage') })
    expect([visible('alder'), visible('birch')]).toEqual([[], []])
    expect(changed.mock.calls.flat()).toEqual(['alder', 'alder', 'birch', 'birch'])
  })

  it('lets wait for a change, until it comes or nobody waits any more', async () => {
    const log = await logOf(grants('alder', 1, []))
    const replica = open(log)
    const { signal } = new AbortController()
    await replica.whenAtLeast('alder', 1, signal)
    let came = false
    const waiting = replica.whenAtLeast('alder', 2, signal).then(() => {
      came = true
    })
    await log.append(grants('birch', 2, []))
    expect(came).toBe(false)
    await log.append(grants('alder', 3, []))
    await waiting
    const gone = new AbortController()
    const inVain = replica.whenAtLeast('alder', 4, gone.signal)
    gone.abort(new Error('too late'))
    await expect(inVain).rejects.toThrow('too late')
    await expect(replica.whenAtLeast('alder', 1, gone.signal)).rejects.toThrow('too late')
  })

  it('drops repetitions and older epochs, in whatever order they come', async () => {
    const log = await logOf(grants('alder', 3, []), grants('alder', 2, [grant('tsp:c-fund')]))
    const replica = open(log)
    await replica.whenReady()
    const changed = vi.fn()
    replica.onChange(changed)
    await log.append(grants('alder', 3, [grant('tsp:c-fund')]))
    await log.append(grants('alder', 1, [grant('tsp:c-fund')]))
    expect(replica.mayRead(reading('alder'), c, now)).toBe(false)
    expect(replica.epoch('alder')).toBe(3)
    expect(changed).not.toHaveBeenCalled()
  })

  it('tells its listeners which tenant changed, until they leave, and outlives one that fails', async () => {
    const log = await logOf()
    const replica = open(log)
    await replica.whenReady()
    const changed = vi.fn()
    replica.onChange(() => {
      throw new Error('broken')
    })
    const leave = replica.onChange(changed)
    await log.append(grants('birch', 1, []))
    leave()
    await log.append(grants('birch', 2, []))
    expect(changed.mock.calls).toEqual([['birch']])
  })

  it('opens a window at its first microsecond and closes it at its last, exclusive', async () => {
    const window = { validFrom: '2026-01-01T00:00:00.000001Z', validTo: '2026-01-01T00:00:00.002Z' }
    const log = await logOf(grants('alder', 1, [grant('tsp:c-fund', window)]))
    const replica = open(log)
    await replica.whenReady()
    const at = (ms: number) => new Date(now.getTime() + ms)
    expect([0, 1, 2].map((ms) => replica.mayRead(reading('alder'), c, at(ms)))).toEqual([false, true, false])
    expect(replica.nextBoundary('alder', at(-1))).toEqual(at(1))
    expect(replica.nextBoundary('alder', at(1))).toEqual(at(2))
    expect(replica.nextBoundary('alder', at(2))).toBeUndefined()
    expect(replica.nextBoundary('nobody', now)).toBeUndefined()
  })

  it('refuses a tenant whose record cannot be read, until there is one that can', async () => {
    const log = await logOf(grants('alder', 1, [grant('tsp:c-fund')]), grants('birch', 1, [grant('tsp:c-fund')]))
    const replica = open(log)
    await replica.whenReady()
    await log.append({ ...grants('alder', 2, []), value: Buffer.from('garbage') })
    expect(replica.mayRead(reading('alder'), c, now)).toBe(false)
    expect(replica.mayRead(reading('birch'), c, now)).toBe(true)
    // Nor is it known whom a policy forbids by a role: the tenant is as one that is not registered.
    expect(replica.roles('alder', 'ann')).toEqual(new Set())
    expect(replica.epoch('alder')).toBe(0)
    await log.append(grants('alder', 1, [grant('tsp:c-fund')]))
    expect(replica.mayRead(reading('alder'), c, now)).toBe(true)
    expect(replica.epoch('alder')).toBe(1)
  })

  it('refuses everything once the log has been out of reach for longer than its bound, and recovers', async () => {
    const log = await logOf(grants('alder', 1, [grant('tsp:c-fund')]))
    let time = 0
    const replica = open(log, { clock: () => time, staleAfterMs: 10_000 })
    await replica.whenReady()
    log.down = true
    time = 10_000
    expect(replica.mayRead(reading('alder'), c, now)).toBe(true)
    time = 10_001
    expect(replica.mayRead(reading('alder'), c, now)).toBe(false)
    expect(replica.ready()).toBe(false)
    log.down = false
    await replica.whenReady()
    expect(replica.mayRead(reading('alder'), c, now)).toBe(true)
    expect(log.reads).toBe(1)
  })

  it('reads everything anew when the log has records that do not come', async () => {
    const log = await logOf(grants('alder', 1, [grant('tsp:c-fund')]))
    const replica = open(log, { staleAfterMs: 200 })
    await replica.whenReady()
    log.silent = true
    const changed = vi.fn()
    replica.onChange(changed)
    await log.append(grants('alder', 2, []))
    await expect.poll(() => replica.epoch('alder')).toBe(2)
    expect(replica.mayRead(reading('alder'), c, now)).toBe(false)
    expect(changed.mock.calls).toEqual([['alder']])
  })

  it('refuses the tenants of which a replaced log knows less than we do: a revocation may be among what was lost', async () => {
    const log = await logOf(grants('alder', 2, []), grants('birch', 1, [grant('tsp:c-fund')]))
    const replica = open(log)
    await replica.whenReady()
    log.records = []
    log.silent = true
    await log.append(grants('alder', 1, [grant('tsp:c-fund')]))
    await expect.poll(() => log.reads).toBeGreaterThan(1)
    await expect.poll(() => replica.mayRead(reading('birch'), c, now)).toBe(false)
    expect(replica.mayRead(reading('alder'), c, now)).toBe(false)
    log.silent = false
    await log.append(grants('alder', 3, [grant('tsp:c-fund')]))
    await log.append(grants('birch', 1, [grant('tsp:c-fund')]))
    await expect.poll(() => replica.mayRead(reading('alder'), c, now)).toBe(true)
    expect(replica.mayRead(reading('birch'), c, now)).toBe(true)
  })
})
