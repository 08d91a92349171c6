import { setTimeout as sleep } from 'node:timers/promises'
import { decodeEvent } from '@fundmesh/platform/events/codec'
import type { EventLog, LogRecord, NewRecord } from '@fundmesh/platform/events/log'
import { STRUCTURE_TOPIC } from '@fundmesh/platform/grants/replica'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { fakeWarehouse } from '@fundmesh/platform/testing/fake-warehouse'
import { afterEach, describe, expect, it } from 'vitest'
import { publishStructure, type StructurePublisher } from './publisher.ts'

/** A warehouse with these share classes, and a topic in memory. */
function world(classes: Map<string, string>) {
  const records: LogRecord[] = []
  let down = false
  const unreachable = () => {
    if (down) throw new Error('the log is down')
  }
  const eventLog: Pick<EventLog, 'ensureTopics' | 'producer' | 'read'> = {
    ensureTopics: async () => unreachable(),
    producer: async () => ({
      append: async (appended: readonly NewRecord[]) => {
        unreachable()
        for (const record of appended) {
          records.push({ ...record, partition: 0, offset: BigInt(records.length), appendedAt: new Date() })
        }
      },
      close: async () => {},
    }),
    async *read() {
      yield* [...records]
    },
  }
  const warehouse = fakeWarehouse({
    'structure.count': () => [{ share_classes: classes.size }],
    'structure.every': () => [...classes].map(([share_class_id, fund_id]) => ({ share_class_id, fund_id })),
  })
  return {
    records,
    said: () => records.map((record) => decodeEvent(record).data),
    setDown: (is: boolean) => {
      down = is
    },
    open(compareMs = 60_000) {
      const opened = publishStructure({
        warehouse,
        eventLog,
        log: createLogger('test', 'silent'),
        lookMs: 2,
        compareMs,
      })
      running.push(opened)
      return opened
    },
  }
}

const running: StructurePublisher[] = []
afterEach(() => Promise.all(running.splice(0).map((publisher) => publisher.close())))
const until = (publisher: StructurePublisher) =>
  expect
    .poll(() =>
      publisher.published().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)

describe('the structure of the funds', () => {
  it('is published for every share class, and once', async () => {
    const { said, open } = world(
      new Map([
        ['a-1', 'a'],
        ['a-2', 'a'],
        ['b-1', 'b'],
      ]),
    )
    const first = open(5)
    await expect(first.published()).rejects.toThrow('not published')
    await until(first)
    await until(open(5))
    await sleep(30)
    expect(said()).toEqual([
      { shareClassId: 'a-1', fundId: 'a', sequence: 1 },
      { shareClassId: 'a-2', fundId: 'a', sequence: 1 },
      { shareClassId: 'b-1', fundId: 'b', sequence: 1 },
    ])
  })

  it('is told of a new share class soon, and of one that moved by the next comparison', async () => {
    const classes = new Map([['a-1', 'a']])
    const { said, open } = world(classes)
    await until(open(60_000))
    classes.set('a-2', 'a')
    await expect.poll(said).toHaveLength(2)
    classes.set('a-1', 'b')
    await until(open(5))
    await expect.poll(said).toContainEqual({ shareClassId: 'a-1', fundId: 'b', sequence: 2 })
    expect(said()).toHaveLength(3)
  })

  it('comes when the log is back, and replaces what cannot be read', async () => {
    const { records, said, setDown, open } = world(new Map([['a-1', 'a']]))
    setDown(true)
    const publisher = open()
    await sleep(20)
    await expect(publisher.published()).rejects.toThrow('not published')
    setDown(false)
    await until(publisher)
    await publisher.close()
    records[0] = { ...records[0]!, value: Buffer.from('garbage') }
    await until(open())
    expect(records).toHaveLength(2)
    records.shift()
    expect(said()).toEqual([{ shareClassId: 'a-1', fundId: 'a', sequence: 1 }])
    expect(records[0]!.topic).toBe(STRUCTURE_TOPIC)
  })
})
