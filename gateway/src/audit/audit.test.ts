import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { AuditDecisions, AuditEntry } from '@fundmesh/contracts/generated/events'
import { decodeEvent, type Event } from '@fundmesh/platform/events/codec'
import type { NewRecord } from '@fundmesh/platform/events/log'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { buildSchema, Kind, type OperationDefinitionNode, parse } from 'graphql'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { codedError } from '../errors/catalogue.ts'
import { openAudit } from './audit.ts'
import type { Audited } from './draft.ts'
import { auditTrail, type TrailOptions } from './trail.ts'
import { withAudit } from './with-audit.ts'

const schema = buildSchema('type Query { shareClasses: [ShareClass!]! } type ShareClass { id: ID! name: String }')
const document = parse('query Names { shareClasses { name _audit_key: id } }')
const caller = {
  tenant: 'alder',
  subject: 'ann',
  client: 'app',
  scopes: new Set(['b', 'a']),
  expiresAt: new Date(Date.now() + 60_000),
}
const operation: Audited = {
  view: 'v',
  caller,
  channel: 'GRAPHQL',
  hash: 'hash',
  document,
  definition: document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode,
  fragments: {},
  variables: {},
  knownAt: '2026-01-02T03:04:05.000Z',
  rights: { grantsVersion: 7, fingerprint: 'rights', policies: new Set(['nav']) },
  denied: [],
  dryRun: false,
}
const asking = {
  caller,
  channel: 'GRAPHQL',
  atLeastEpoch: 0,
  replyHeaders: new Map(),
  signal: new AbortController().signal,
} as const
const classes = (...ids: readonly string[]) => ({
  shareClasses: ids.map((id) => ({ name: `Class ${id}`, _audit_key: id })),
})
const navEvent = (key: string) => ({ topic: 'asset-management.nav.intraday', key }) as Event

/** A log that keeps what it is given, or refuses. */
function memoryLog() {
  const records: NewRecord[] = []
  let down = false
  return {
    records,
    setDown: (now: boolean) => {
      down = now
    },
    entries: (): AuditEntry[] =>
      records.flatMap(
        (record) =>
          (decodeEvent({ ...record, partition: 0, offset: 0n, appendedAt: new Date() }).data as AuditDecisions).entries,
      ),
    eventLog: {
      ensureTopics: async () => {},
      producer: async () => ({
        append: async (more: readonly NewRecord[]) => {
          if (down) throw new Error('the log is down')
          records.push(...more)
        },
        close: async () => {},
      }),
    },
  }
}

describe('the audit of the gateway', () => {
  const folders: string[] = []
  const freshFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'fundmesh-audit-'))
    folders.push(folder)
    return folder
  }
  afterEach(() => {
    vi.useRealTimers()
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  const log = createLogger('test', 'silent')
  const open = (more: Partial<TrailOptions> & Pick<TrailOptions, 'eventLog'>, now?: () => Date) =>
    openAudit({
      schemaOf: () => schema,
      resources: new Map([['ShareClass', { kind: 'SHARE_CLASS', key: 'id' }]]),
      trail: auditTrail({ folder: undefined, log, retryMs: 5, ...more }),
      ...(now && { now }),
    })

  it('tells who got what, under which rights, after the answer was made', async () => {
    const { eventLog, entries } = memoryLog()
    const audit = open({ eventLog })
    void audit.answered(operation, { data: classes('x', 'y'), errors: [codedError('SUBGRAPH_TIMEOUT')] })
    await audit.close()
    expect(entries()).toMatchObject([
      {
        number: 1,
        kind: 'ANSWER',
        subject: 'ann',
        client: 'app',
        scopes: ['a', 'b'],
        grantsVersion: 7,
        rightsFingerprint: 'rights',
        policies: ['nav'],
        operationHash: 'hash',
        operationName: 'Names',
        knownAt: '2026-01-02T03:04:05.000Z',
        decision: 'ALLOWED',
        codes: ['SUBGRAPH_TIMEOUT'],
        delivered: ['Query.shareClasses', 'ShareClass.name'],
        resources: ['SHARE_CLASS:x', 'SHARE_CLASS:y'],
      },
    ])
  })

  it('tells the fields that were taken out, by coordinate and path', async () => {
    const { eventLog, entries } = memoryLog()
    const audit = open({ eventLog })
    const denied = [{ coordinate: 'ShareClass.isin', path: ['shareClasses', '@', 'isin'] }]
    void audit.answered({ ...operation, denied }, { data: classes('x'), errors: [] })
    await audit.close()
    expect(entries()).toMatchObject([{ decision: 'PARTLY_DENIED', denied: ['ShareClass.isin at shareClasses.@.isin'] }])
  })

  it('says all the resources of a large answer, in several entries of one request', async () => {
    const { eventLog, entries } = memoryLog()
    const audit = open({ eventLog })
    void audit.answered(operation, { data: classes(...Array.from({ length: 2_500 }, (_, n) => `c${n}`)), errors: [] })
    await audit.close()
    const told = entries()
    expect(told.map(({ resources, count }) => [resources.length, count])).toEqual([
      [1_000, 1],
      [1_000, 0],
      [500, 0],
    ])
    expect(new Set(told.map(({ request }) => request)).size).toBe(1)
    expect(new Set(told.flatMap(({ resources }) => resources)).size).toBe(2_500)
  })

  it('tells refusals by code and document, and counts those who were nobody', async () => {
    const { eventLog, entries, records } = memoryLog()
    const audit = open({ eventLog })
    const answer = withAudit(async () => {
      throw new AggregateError([codedError('GRAPHQL_VALIDATION_FAILED'), codedError('GRAPHQL_VALIDATION_FAILED')])
    }, audit)
    await expect(answer({ query: '{ x }', method: 'POST' }, asking)).rejects.toThrow()
    audit.unauthenticated()
    audit.unauthenticated()
    await audit.close()
    expect(entries()).toMatchObject([
      { kind: 'REFUSAL', decision: 'REJECTED', subject: 'ann', codes: ['GRAPHQL_VALIDATION_FAILED'], count: 1 },
      { kind: 'UNAUTHENTICATED', subject: '', count: 2 },
    ])
    expect(entries()[0]!.operationHash).toMatch(/^[0-9a-f]{64}$/)
    expect(records.map(({ key }) => key)).toEqual(['alder', '~anonymous'])
  })

  it('tells what was explained to whom, as whom', async () => {
    const { eventLog, entries, records } = memoryLog()
    const audit = open({ eventLog })
    const as = { caller: { ...caller, tenant: 'birch', subject: 'bob' }, channel: 'STREAM' as const }
    audit.explained({ query: '{ x }', method: 'POST' }, { by: caller, as, decision: 'PARTLY_DENIED' })
    await audit.close()
    expect(records.map(({ key }) => key)).toEqual(['alder'])
    expect(entries()).toMatchObject([
      {
        kind: 'ANSWER',
        subject: 'ann',
        channel: 'STREAM',
        decision: 'PARTLY_DENIED',
        explainedAs: 'birch',
        delivered: [],
      },
    ])
    expect(entries()[0]!.operationHash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('tells the first refusal for want of budget at once, and counts those that follow, a minute in one entry', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const { eventLog, entries } = memoryLog()
    const audit = open({ eventLog })
    const overBudget = codedError('COST_LIMIT_EXCEEDED', 'x', { extensions: { limit: 'tenant', retryAfter: 1 } })
    const tooDear = codedError('COST_LIMIT_EXCEEDED', 'x', { extensions: { limit: 'operationCost' } })
    const refuse = (times: number, error = overBudget, who = caller) => {
      for (let n = 0; n < times; n++)
        audit.refused({ query: `{ x${n} }`, method: 'POST' }, { ...asking, caller: who }, error)
    }
    const began = Date.now()
    refuse(1_000)
    refuse(3, overBudget, { ...caller, subject: 'bob' })
    refuse(2, tooDear)
    vi.advanceTimersByTime(59_000)
    refuse(500)
    vi.advanceTimersByTime(1_000)
    refuse(7)
    vi.advanceTimersByTime(180_000)
    refuse(1)
    await audit.close()
    const told = entries()
    expect(told.map(({ subject, count, codes }) => [subject, count, codes.join()])).toEqual(
      [
        ['ann', 1],
        ['bob', 1],
        ['ann', 1],
        ['ann', 1],
        ['ann', 1_499],
        ['bob', 2],
        ['ann', 7],
        ['ann', 1],
      ].map((line) => [...line, 'COST_LIMIT_EXCEEDED']),
    )
    const [first, , , , counted, , rest] = told
    expect(first!.operationHash).toMatch(/^[0-9a-f]{64}$/)
    // Of many documents, and of the time since the entry before.
    expect(counted).toMatchObject({ request: first!.request, operationHash: null, decision: 'REJECTED' })
    expect(Date.parse(counted!.at) - began).toBe(59_000)
    expect(rest!.request).toBe(first!.request)
    expect(told.at(-1)!.request).not.toBe(first!.request)
  })

  it('gathers a stream’s events, and tells a resource that is new within a second', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const { eventLog, entries } = memoryLog()
    const audit = open({ eventLog })
    const stream = audit.stream()
    stream.began(operation)
    const send = (key: string, times: number) => {
      for (let n = 0; n < times; n++) {
        stream.made(operation, classes(key))
        stream.sent(navEvent(key))
      }
    }
    send('x', 500)
    vi.advanceTimersByTime(1_000)
    send('x', 20_000)
    vi.advanceTimersByTime(30_000)
    send('y', 1)
    vi.advanceTimersByTime(1_000)
    send('x', 3)
    stream.ended({ errors: [codedError('ENTITLEMENT_REVOKED')] })
    stream.ended()
    await audit.close()
    expect(entries().map(({ kind, count, resources, codes }) => [kind, count, resources.join(), codes.join()])).toEqual(
      [
        ['STREAM_OPENED', 1, '', ''],
        ['STREAM_DELIVERED', 500, 'SHARE_CLASS:x', ''],
        ['STREAM_DELIVERED', 20_001, 'SHARE_CLASS:x,SHARE_CLASS:y', ''],
        ['STREAM_DELIVERED', 3, 'SHARE_CLASS:x', ''],
        ['STREAM_ENDED', 0, '', 'ENTITLEMENT_REVOKED'],
      ],
    )
    expect(new Set(entries().map(({ request }) => request)).size).toBe(1)
  })

  it('answers nothing more when no more can be kept, and again when the log took what waited', async () => {
    const { eventLog, entries, setDown } = memoryLog()
    setDown(true)
    const audit = open({ eventLog, maxBytes: 2_000 })
    const answer = withAudit(async () => ({ data: null }), audit)
    for (let n = 0; n < 5; n++) await audit.answered(operation, { data: classes('x'), errors: [] })
    await expect(answer({ query: '{ x }', method: 'POST' }, asking)).rejects.toMatchObject({
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    })
    setDown(false)
    await expect.poll(() => audit.room()).toBe(true)
    await expect(answer({ query: '{ x }', method: 'POST' }, asking)).resolves.toEqual({ data: null })
    expect(entries()).toHaveLength(5)
    await audit.close()
  })

  it('a gateway that died before the log had its entries leaves them to its next start, each under its own number', async () => {
    const folder = freshFolder()
    const dead = memoryLog()
    dead.setDown(true)
    const audit = open({ eventLog: dead.eventLog, folder })
    await audit.answered(operation, { data: classes('x'), errors: [] })
    await audit.answered(operation, { data: classes('y'), errors: [] })
    await audit.close()
    expect(dead.entries()).toEqual([])

    const { eventLog, entries, records } = memoryLog()
    const next = open({ eventLog, folder })
    await next.answered(operation, { data: classes('z'), errors: [] })
    await expect.poll(entries).toHaveLength(3)
    await next.close()
    const told = entries().sort((a, b) => (a.resources[0]! < b.resources[0]! ? -1 : 1))
    expect(told.map(({ number, resources }) => [number, resources[0]])).toEqual([
      [1, 'SHARE_CLASS:x'],
      [2, 'SHARE_CLASS:y'],
      [1, 'SHARE_CLASS:z'],
    ])
    expect(new Set(records.map(({ headers }) => headers.ce_id)).size).toBe(records.length)
    await turn()
    expect(readdirSync(folder)).toEqual([])
  })
})
