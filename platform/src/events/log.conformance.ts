/** What every event log must do. Run over each implementation by log.<name>.system.test.ts. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Consumer, EventLog, LogRecord, NewRecord, TopicSpec } from './log.ts'
import type { ChildOrders } from './log-child.conformance.ts'
import { openEventLog } from './open.ts'

export interface ConformanceSubject {
  /** Where the log is, as `openEventLog` takes it. */
  readonly address: () => { readonly kafkaBrokers?: readonly string[]; readonly postgresUrl?: string }
  /** Makes the log forget now what compaction may forget, where that does not happen by itself in a test's time. */
  readonly compact: (topic: string) => Promise<void>
}

export function eventLogConformance(name: string, subject: ConformanceSubject): void {
  const releases: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const release of releases.splice(0).reverse()) await release()
  })

  const open = (): EventLog => {
    const log = openEventLog({ ...subject.address(), clientId: 'conformance', log: pino({ level: 'silent' }) })
    releases.push(() => log.close())
    return log
  }
  const newTopic = async (log: EventLog, spec: Partial<TopicSpec> = {}): Promise<string> => {
    const topic = `test.${randomUUID()}`
    await log.ensureTopics([{ name: topic, partitions: 3, cleanup: 'delete', retentionDays: 1, ...spec }])
    return topic
  }
  const child = (orders: Omit<ChildOrders, 'kafkaBrokers' | 'postgresUrl'>): Child => {
    const started = new Child({ ...orders, ...subject.address() })
    releases.push(() => started.end())
    return started
  }
  const newGroup = () => `test.${randomUUID()}`

  describe(`the event log in ${name}`, () => {
    it('gives back what was appended, in order for each key, with growing offsets', async () => {
      const log = open()
      const topic = await newTopic(log)
      const producer = await log.producer()
      const records = Array.from({ length: 300 }, (_, n) => record(topic, `key-${n % 7}`, `${n}`))
      await producer.append(records.slice(0, 200))
      await producer.append(records.slice(200))

      const seen = new Seen()
      await log.consume({ topics: [topic], from: 'earliest', onRecord: seen.take })
      await seen.until(300)
      for (let key = 0; key < 7; key++) {
        const expected = records.filter((r) => r.key === `key-${key}`).map((r) => r.value.toString())
        expect(seen.valuesOf(`key-${key}`)).toEqual(expected)
        expect(new Set(seen.records.filter((r) => r.key === `key-${key}`).map((r) => r.partition)).size).toBe(1)
      }
      for (const partition of [0, 1, 2]) {
        const offsets = seen.records.filter((r) => r.partition === partition).map((r) => r.offset)
        expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => (a < b ? -1 : 1)))
      }
      const [first] = seen.records
      expect(first).toMatchObject({ topic, headers: { from: 'conformance', unicode: 'Zürich' } })
      expect(Math.abs((first as LogRecord).appendedAt.getTime() - Date.now())).toBeLessThan(600_000)
    })

    it('carries any bytes', async () => {
      const log = open()
      const topic = await newTopic(log)
      const value = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      await (await log.producer()).append([{ topic, key: 'Zürich 🏔', headers: {}, value }])
      const [found] = await all(log, topic)
      expect(found?.value.equals(value)).toBe(true)
      expect(found?.key).toBe('Zürich 🏔')
    })

    it('carries a record of some megabytes, as all grants of a large tenant are', async () => {
      const log = open()
      const topic = await newTopic(log)
      const value = randomBytes(3 * 1024 * 1024)
      await (await log.producer()).append([{ topic, key: 'alder', headers: {}, value }])
      const [found] = await all(log, topic)
      expect(found?.value.equals(value)).toBe(true)
      const seen = new Seen()
      await log.consume({ topics: [topic], from: 'earliest', onRecord: seen.take })
      await seen.until(1)
    })

    it('with `latest` gives nothing from before and misses nothing appended after consume resolved', async () => {
      const log = open()
      const topic = await newTopic(log)
      const producer = await log.producer()
      await producer.append([record(topic, 'a', 'before')])
      const seen = new Seen()
      await log.consume({ topics: [topic], from: 'latest', onRecord: seen.take })
      await producer.append(['a', 'b', 'c', 'd', 'e'].map((key) => record(topic, key, `after-${key}`)))
      await seen.until(5)
      expect(seen.values.sort()).toEqual(['after-a', 'after-b', 'after-c', 'after-d', 'after-e'])
    })

    it('replays from given positions, and the other partitions from the earliest', async () => {
      const log = open()
      const topic = await newTopic(log)
      await (await log.producer()).append(Array.from({ length: 60 }, (_, n) => record(topic, `key-${n % 9}`, `${n}`)))
      const records = await all(log, topic)
      const middle = records.filter((r) => r.partition === 1)[4] as LogRecord
      const expected = records.filter((r) => r.partition !== 1 || r.offset >= middle.offset)
      const seen = new Seen()
      await log.consume({
        topics: [topic],
        from: [{ topic, partition: 1, offset: middle.offset }],
        onRecord: seen.take,
      })
      await seen.until(expected.length)
      expect(seen.values.sort()).toEqual(expected.map((r) => r.value.toString()).sort())
    })

    it('reads to the end and stops there, and tells where the ends are', async () => {
      const log = open()
      const topic = await newTopic(log)
      expect(await all(log, topic)).toEqual([])
      const producer = await log.producer()
      await producer.append(Array.from({ length: 1_200 }, (_, n) => record(topic, `key-${n % 5}`, `${n}`)))
      const values: string[] = []
      for await (const found of log.read(topic)) {
        if (values.length === 0) await producer.append([record(topic, 'key-0', 'late')])
        values.push(found.value.toString())
      }
      expect(values).toHaveLength(1_200)
      expect(values).not.toContain('late')
      const ends = await log.endOffsets(topic)
      expect(ends.map(({ partition }) => partition)).toEqual([0, 1, 2])
      expect(ends.reduce((sum, { offset }) => sum + offset, 0n)).toBe(1_201n)
    })

    it('hands over the next record of a partition only when the one before is handled', async () => {
      const log = open()
      const topic = await newTopic(log, { partitions: 1 })
      await (await log.producer()).append(Array.from({ length: 20 }, (_, n) => record(topic, 'a', `${n}`)))
      let inHand = 0
      const together: number[] = []
      const seen = new Seen()
      const gate = deferred()
      await log.consume({
        topics: [topic],
        from: 'earliest',
        onRecord: async (found) => {
          together.push(++inHand)
          if (found.value.toString() === '3') await gate.promise
          await new Promise((resolve) => setTimeout(resolve, 1))
          inHand--
          await seen.take(found)
        },
      })
      await seen.until(3)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(seen.values).toEqual(['0', '1', '2'])
      gate.resolve()
      await seen.until(20)
      expect(Math.max(...together)).toBe(1)
    })

    it('delivers a rejected record again, before those after it', async () => {
      const log = open()
      const topic = await newTopic(log, { partitions: 1 })
      await (await log.producer()).append(['0', '1', '2', '3'].map((value) => record(topic, 'a', value)))
      const seen = new Seen()
      const trouble: Error[] = []
      let rejections = 2
      await log.consume({
        topics: [topic],
        group: newGroup(),
        from: 'earliest',
        onRecord: async (found) => {
          await seen.take(found)
          if (found.value.toString() === '1' && rejections-- > 0) throw new Error('not now')
        },
        onTrouble: (error) => trouble.push(error),
      })
      await seen.until(6)
      expect(seen.values).toEqual(['0', '1', '1', '1', '2', '3'])
      expect(trouble.map(String).join()).toContain('not now')
    })

    it('seeks back and forward', async () => {
      const log = open()
      const topic = await newTopic(log, { partitions: 1 })
      await (await log.producer()).append(Array.from({ length: 10 }, (_, n) => record(topic, 'a', `${n}`)))
      const records = await all(log, topic)
      const offsetOf = (n: number) => (records[n] as LogRecord).offset
      for (const group of [undefined, newGroup()]) {
        const seen = new Seen()
        const consumer = await log.consume({
          topics: [topic],
          ...(group && { group }),
          from: 'earliest',
          onRecord: seen.take,
        })
        await seen.until(10)
        consumer.seek({ topic, partition: 0, offset: offsetOf(7) })
        await seen.until(13)
        expect(seen.values.slice(10)).toEqual(['7', '8', '9'])
        consumer.seek({ topic, partition: 0, offset: offsetOf(2) })
        await seen.until(21)
        expect(seen.values.slice(13)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9'])
        await consumer.close()
      }
    })

    it('a seek while a record is in hand leaves what was fetched', async () => {
      const log = open()
      const topic = await newTopic(log, { partitions: 1 })
      await (await log.producer()).append(Array.from({ length: 10 }, (_, n) => record(topic, 'a', `${n}`)))
      const last = (await all(log, topic))[9] as LogRecord
      const seen = new Seen()
      const sought = deferred()
      const consumer = await log.consume({
        topics: [topic],
        group: newGroup(),
        from: 'earliest',
        onRecord: async (found) => {
          await seen.take(found)
          if (seen.records.length === 3) await sought.promise
        },
      })
      await seen.until(3)
      consumer.seek({ topic, partition: 0, offset: last.offset })
      sought.resolve()
      await seen.until(4)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(seen.values).toEqual(['0', '1', '2', '9'])
    })

    it('a group goes on where it was when all its members had left', async () => {
      const log = open()
      const topic = await newTopic(log)
      const group = newGroup()
      const producer = await log.producer()
      await producer.append(Array.from({ length: 30 }, (_, n) => record(topic, `key-${n}`, `${n}`)))
      const first = new Seen()
      const member = await log.consume({ topics: [topic], group, from: 'earliest', onRecord: first.take })
      await first.until(30)
      await member.close()
      await producer.append(Array.from({ length: 10 }, (_, n) => record(topic, `key-${n}`, `later-${n}`)))
      const second = new Seen()
      await open().consume({ topics: [topic], group, from: 'latest', onRecord: second.take })
      await second.until(10)
      expect(second.values.every((value) => value.startsWith('later-'))).toBe(true)
    })

    it('a group that began at the latest remembers that, though it had nothing to handle', async () => {
      const log = open()
      const topic = await newTopic(log)
      const group = newGroup()
      const producer = await log.producer()
      await producer.append(['a', 'b', 'c'].map((key) => record(topic, key, 'before')))
      const member = await log.consume({ topics: [topic], group, from: 'latest', onRecord: async () => {} })
      await member.close()
      await producer.append(['a', 'b', 'c'].map((key) => record(topic, key, `between-${key}`)))
      const seen = new Seen()
      await log.consume({ topics: [topic], group, from: 'latest', onRecord: seen.take })
      await seen.until(3)
      expect(seen.values.sort()).toEqual(['between-a', 'between-b', 'between-c'])
    })

    it('closing lets the record in hand finish and commits it', async () => {
      const log = open()
      const topic = await newTopic(log, { partitions: 1 })
      const group = newGroup()
      await (await log.producer()).append(['0', '1', '2'].map((value) => record(topic, 'a', value)))
      const inHand = deferred()
      const finish = deferred()
      let finished = false
      const member = await log.consume({
        topics: [topic],
        group,
        from: 'earliest',
        onRecord: async () => {
          inHand.resolve()
          await finish.promise
          finished = true
        },
      })
      await inHand.promise
      const closing = Promise.all([member.close(), member.close()])
      finish.resolve()
      await closing
      expect(finished).toBe(true)
      const seen = new Seen()
      await log.consume({ topics: [topic], group, from: 'earliest', onRecord: seen.take })
      await seen.until(2)
      expect(seen.values).toEqual(['1', '2'])
    })

    it('members of a group share the partitions, and one takes over what another leaves', async () => {
      const log = open()
      const topic = await newTopic(log, { partitions: 4 })
      const group = newGroup()
      const producer = await log.producer()
      const [a, b] = [new Seen(), new Seen()]
      await log.consume({ topics: [topic], group, from: 'earliest', onRecord: a.take })
      const leaving = await open().consume({ topics: [topic], group, from: 'earliest', onRecord: b.take })
      const keys = Array.from({ length: 40 }, (_, n) => `key-${n}`)
      let round = 0
      await vi.waitFor(
        async () => {
          a.clear()
          b.clear()
          round++
          await producer.append(keys.map((key) => record(topic, key, `${round}`)))
          await vi.waitFor(() => expect(a.valuesWith(`${round}`) + b.valuesWith(`${round}`)).toBe(40), {
            timeout: 5_000,
          })
          expect(a.partitions.size).toBe(2)
          expect(b.partitions.size).toBe(2)
        },
        { timeout: 120_000, interval: 500 },
      )
      await leaving.close()
      b.clear()
      await producer.append(keys.map((key) => record(topic, key, 'alone')))
      await vi.waitFor(() => expect(new Set(a.keysWith('alone')).size).toBe(40), { timeout: 60_000 })
      expect(b.values).toEqual([])
    })

    it('readers without a group each get everything', async () => {
      const log = open()
      const topic = await newTopic(log)
      const [a, b] = [new Seen(), new Seen()]
      await log.consume({ topics: [topic], from: 'earliest', onRecord: a.take })
      await log.consume({ topics: [topic], from: 'earliest', onRecord: b.take })
      await (await log.producer()).append(Array.from({ length: 20 }, (_, n) => record(topic, `key-${n}`, `${n}`)))
      await a.until(20)
      await b.until(20)
    })

    it('one reader follows several topics', async () => {
      const log = open()
      const topics = [await newTopic(log), await newTopic(log, { partitions: 1 })]
      const seen = new Seen()
      await log.consume({ topics, from: 'latest', onRecord: seen.take })
      await (await log.producer()).append(topics.flatMap((topic) => ['a', 'b'].map((key) => record(topic, key, topic))))
      await seen.until(4)
      expect(new Set(seen.records.map((found) => found.topic))).toEqual(new Set(topics))
    })

    it('gives a record that was in hand at a crash to another member', async () => {
      const log = open()
      const topic = await newTopic(log, { partitions: 2 })
      const group = newGroup()
      await (await log.producer()).append(Array.from({ length: 40 }, (_, n) => record(topic, `key-${n % 4}`, `${n}`)))
      const doomed = child({ topic, consume: { group, holdAt: '21' } })
      await doomed.says((line) => line.holding === '21')
      const seen = new Seen()
      await log.consume({ topics: [topic], group, from: 'earliest', onRecord: seen.take })
      doomed.process.kill('SIGKILL')
      await vi.waitFor(
        () => {
          const handled = new Set([...doomed.lines.map((line) => line.handled), ...seen.values])
          for (let n = 0; n < 40; n++) expect(handled).toContain(`${n}`)
        },
        { timeout: 50_000, interval: 200 },
      )
      expect(seen.values).toContain('21')
    })

    it('is shared by several processes: nothing is lost, and each key keeps its order', async () => {
      const log = open()
      const topic = await newTopic(log, { partitions: 4 })
      const group = newGroup()
      const readers = [child({ topic, consume: { group } }), child({ topic, consume: { group } })]
      await Promise.all(readers.map((reader) => reader.says((line) => line.reading === true)))
      const keys = ['p', 'q', 'r'].map((writer) => Array.from({ length: 5 }, (_, n) => `${writer}${n}`))
      const writers = keys.map((own) => child({ topic, append: { keys: own, count: 40 } }))
      await Promise.all(writers.map((writer) => writer.says((line) => line.appended === true)))
      const handled = () => readers.flatMap((reader) => reader.lines.filter((line) => line.handled !== undefined))
      await vi.waitFor(() => expect(new Set(handled().map((line) => line.handled)).size).toBe(3 * 5 * 40), {
        timeout: 120_000,
      })
      for (const reader of readers) {
        for (const key of keys.flat()) {
          // A partition may change hands meanwhile, and is then repeated from its last commit.
          const places = reader.lines
            .filter((line) => line.key === key)
            .map((line) => Number(line.handled?.split(':')[1]))
          const fresh = places.filter((place, at) => places.indexOf(place) === at)
          expect(fresh).toEqual([...fresh].sort((a, b) => a - b))
        }
      }
    })

    it('compaction keeps the newest record of each key, in order', async () => {
      const log = open()
      const topic = await newTopic(log, { partitions: 1, cleanup: 'compact' })
      const producer = await log.producer()
      for (let round = 0; round < 4; round++) {
        await producer.append(['a', 'b', 'c'].map((key) => record(topic, key, `${round}`)))
      }
      await producer.append([record(topic, 'd', '0')])
      await subject.compact(topic)
      const kept = await all(log, topic)
      expect(kept.length).toBeLessThan(13)
      const newest = Object.fromEntries(kept.map((found) => [found.key, found.value.toString()]))
      expect(newest).toEqual({ a: '3', b: '3', c: '3', d: '0' })
      expect(kept.map(({ offset }) => offset)).toEqual(
        kept.map(({ offset }) => offset).sort((a, b) => (a < b ? -1 : 1)),
      )
    })

    it('ensures topics again and at once, and refuses another number of partitions', async () => {
      const name = `test.${randomUUID()}`
      const other = `test.${randomUUID()}`
      const spec = (topic: string, partitions = 3) => ({ name: topic, partitions, cleanup: 'compact' as const })
      const logs = [open(), open(), open()]
      await Promise.all(
        logs.map((log, n) => log.ensureTopics(n === 1 ? [spec(other), spec(name)] : [spec(name), spec(other)])),
      )
      await logs[0]!.ensureTopics([spec(name), spec(other)])
      expect(await logs[1]!.endOffsets(name)).toHaveLength(3)
      await expect(logs[2]!.ensureTopics([spec(name, 5)])).rejects.toThrow(`${name} has 3 partitions, expected 5`)
    })

    it('refuses a topic that does not exist, and a record without a key', async () => {
      const log = open()
      const topic = await newTopic(log)
      const nowhere = `test.${randomUUID()}`
      const producer = await log.producer()
      await expect(producer.append([record(nowhere, 'a', '1')])).rejects.toThrow(nowhere)
      await expect(producer.append([record(topic, '', '1')])).rejects.toThrow('key')
      await expect(log.endOffsets(nowhere)).rejects.toThrow(nowhere)
      await expect(log.consume({ topics: [nowhere], from: 'earliest', onRecord: async () => {} })).rejects.toThrow(
        nowhere,
      )
      expect(await all(log, topic)).toEqual([])
    })

    it('closes twice, with everything that it opened', async () => {
      const log = open()
      const topic = await newTopic(log)
      const producer = await log.producer()
      const consumer: Consumer = await log.consume({ topics: [topic], from: 'latest', onRecord: async () => {} })
      await Promise.all([log.close(), log.close()])
      await log.close()
      await producer.close()
      await consumer.close()
      await expect(producer.append([record(topic, 'a', '1')])).rejects.toThrow('closed')
    })
  })
}

function record(topic: string, key: string, value: string): NewRecord {
  return { topic, key, headers: { from: 'conformance', unicode: 'Zürich' }, value: Buffer.from(value) }
}

async function all(log: EventLog, topic: string): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  for await (const found of log.read(topic)) records.push(found)
  return records
}

interface Deferred {
  readonly promise: Promise<void>
  resolve(): void
}

function deferred(): Deferred {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** What a consumer was given. */
class Seen {
  records: LogRecord[] = []

  readonly take = async (found: LogRecord): Promise<void> => {
    this.records.push(found)
  }

  get values(): string[] {
    return this.records.map(({ value }) => value.toString())
  }

  get partitions(): Set<number> {
    return new Set(this.records.map(({ partition }) => partition))
  }

  valuesOf(key: string): string[] {
    return this.records.filter((found) => found.key === key).map(({ value }) => value.toString())
  }

  valuesWith(value: string): number {
    return this.keysWith(value).length
  }

  keysWith(value: string): string[] {
    return this.records.filter((found) => found.value.toString() === value).map(({ key }) => key)
  }

  clear(): void {
    this.records = []
  }

  async until(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.records.length).toBeGreaterThanOrEqual(count), {
      timeout: 120_000,
      interval: 20,
    })
  }
}

interface ChildLine {
  readonly reading?: boolean
  readonly holding?: string
  readonly handled?: string
  readonly key?: string
  readonly appended?: boolean
}

/** Another process on the same log. */
class Child {
  readonly process: ChildProcess
  readonly lines: ChildLine[] = []
  readonly #ended: Promise<void>

  constructor(orders: ChildOrders) {
    const script = fileURLToPath(new URL('./log-child.conformance.ts', import.meta.url))
    this.process = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', script, JSON.stringify(orders)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    createInterface({ input: this.process.stdout! }).on('line', (line) => this.lines.push(JSON.parse(line)))
    this.#ended = new Promise((resolve) => this.process.once('exit', () => resolve()))
  }

  async says(expected: (line: ChildLine) => boolean): Promise<void> {
    await vi.waitFor(
      () => {
        expect(this.lines.some(expected), `said so far: ${JSON.stringify(this.lines.slice(-5))}`).toBe(true)
      },
      { timeout: 120_000, interval: 50 },
    )
  }

  async end(): Promise<void> {
    this.process.stdin?.end()
    const late = setTimeout(() => this.process.kill('SIGKILL'), 10_000)
    await this.#ended
    clearTimeout(late)
  }
}
