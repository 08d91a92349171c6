/** The audit trail through the whole graph: what is asked leaves its entry, in a chain that one command verifies. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { requiredService } from '@fundmesh/platform/testing/required'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestMesh, testMesh } from '../mesh.ts'
import { openStream } from '../streams.ts'

interface Entry {
  readonly kind: string
  readonly subject: string
  readonly decision: string
  // biome-ignore lint/suspicious/noExplicitAny: an entry's body is JSON of its kind
  readonly body: any
}

describe('the audit trail', () => {
  let mesh: TestMesh
  let admin: pg.Client
  beforeAll(async () => {
    mesh = await testMesh({ marketDayMs: 50 })
    admin = new pg.Client(mesh.urls.database)
    await admin.connect()
  })
  afterAll(async () => {
    await admin?.end()
    await mesh?.close()
  })

  const entriesOf = async (tenant: string): Promise<readonly Entry[]> => {
    const { rows } = await admin.query<Entry>(
      `select kind, subject, decision, body::jsonb as body from audit.entry where tenant_id = $1 order by position`,
      [tenant],
    )
    return rows
  }
  /** The tenant's entries, once there is one that is meant. */
  const entryOf = async (tenant: string, meant: (entry: Entry) => boolean): Promise<Entry> => {
    for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(100)) {
      const found = (await entriesOf(tenant)).find(meant)
      if (found) return found
    }
    throw new Error(`expected an entry; there are ${JSON.stringify(await entriesOf(tenant), null, 1)}`)
  }
  const verify = async () => {
    const program = fileURLToPath(new URL('../../subgraphs/entitlement/src/audit/verify-main.ts', import.meta.url))
    const brokers = requiredService('KAFKA_BROKERS')
    const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', program], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: mesh.urls.database,
        EVENT_TOPIC_PREFIX: `${new URL(mesh.urls.database).pathname.slice(1)}.`,
        ...(brokers && { KAFKA_BROKERS: brokers, KAFKAJS_NO_PARTITIONER_WARNING: '1' }),
      },
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
    const [code] = await once(child, 'close')
    return { code, text }
  }

  it('tells what a query delivered, of which share classes, under which grants', async () => {
    const { status } = await mesh.ask('birch', 'query Names { shareClasses { nodes { name nav { navPrice } } } }')
    expect(status).toBe(200)
    const { subject, decision, body } = await entryOf('birch', ({ body }) => body.operationName === 'Names')
    expect([subject, decision, body.kind, body.channel]).toEqual(['birch-demo', 'ALLOWED', 'ANSWER', 'GRAPHQL'])
    expect(body.delivered).toContain('ShareClass.name')
    expect(body.delivered).toContain('NavPoint.navPrice')
    const { data } = await mesh.ask('birch', '{ shareClasses { nodes { id } } }')
    const ids = data.shareClasses.nodes.map(({ id }: { id: string }) => `SHARE_CLASS:${id}`).sort()
    expect(ids.length).toBeGreaterThan(5)
    expect(body.resources).toEqual(ids)
    expect(body.grantsVersion).toBeGreaterThan(0)
    expect(body.operationHash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('names a share class that one subgraph knows and another tells of', async () => {
    await mesh.ask('alder', 'query Risk { shareClass(id: "tsp:c-fund") { risk { observations } } }')
    const { body } = await entryOf('alder', ({ body }) => body.operationName === 'Risk')
    expect(body.resources).toEqual(['SHARE_CLASS:tsp:c-fund'])
  })

  it('tells what was refused, and why', async () => {
    const { status } = await mesh.ask('cedar', 'query Wrong { nothing }')
    expect(status).toBe(400)
    const { decision, body } = await entryOf('cedar', ({ kind }) => kind === 'REFUSAL')
    expect([decision, body.codes]).toEqual(['REJECTED', ['GRAPHQL_VALIDATION_FAILED']])
  })

  it('tells of a mutation twice: what was asked, and what was changed', async () => {
    const { data } = await mesh.ask(
      'house',
      `mutation Give { grant(input: { tenantId: "dogwood", resourceKind: SHARE_CLASS, resourceId: "tsp:i-fund" }) { grant { id } } }`,
      {},
      { scope: 'entitlement:admin' },
    )
    const changed = await entryOf('dogwood', ({ body }) => body.after?.grant_id === data.grant.grant.id)
    expect(changed).toMatchObject({ kind: 'ENTITLEMENT_CHANGED', subject: 'house/house-demo' })
    await entryOf('house', ({ body }) => body.operationName === 'Give')
  })

  it('tells of a stream when it begins, what it sends, and why it ends', async () => {
    const given = await mesh.ask(
      'house',
      `mutation { grant(input: { tenantId: "cedar", resourceKind: SHARE_CLASS, resourceId: "tsp:g-fund" }) { grant { id } } }`,
      {},
      { scope: 'entitlement:admin' },
    )
    const stream = await openStream(
      mesh,
      'cedar',
      'subscription Live { navUpdates(shareClassIds: ["tsp:g-fund"]) { ... on NavTick { navPrice shareClass { name } } } }',
    )
    const own = ({ body }: Entry) => body.operationName === 'Live'
    const opened = await entryOf('cedar', (entry) => own(entry) && entry.kind === 'STREAM_OPENED')
    const sent = await entryOf('cedar', (entry) => own(entry) && entry.kind === 'STREAM_DELIVERED')
    expect(sent.body.resources).toEqual(['SHARE_CLASS:tsp:g-fund'])
    expect(sent.body.delivered).toContain('ShareClass.name')
    expect(sent.body.count).toBeGreaterThan(0)
    await mesh.ask(
      'house',
      `mutation ($id: ID!) { revoke(grantId: $id, reason: "test") { epoch } }`,
      { id: given.data.grant.grant.id },
      { scope: 'entitlement:admin' },
    )
    await stream.done
    const ended = await entryOf('cedar', (entry) => own(entry) && entry.kind === 'STREAM_ENDED')
    expect(ended.body.codes).toEqual(['ENTITLEMENT_REVOKED'])
    expect(new Set([opened, sent, ended].map(({ body }) => body.request)).size).toBe(1)
    const told = (await entriesOf('cedar')).filter((entry) => own(entry) && entry.kind === 'STREAM_DELIVERED')
    expect(told.reduce((sum, { body }) => sum + body.count, 0)).toBe(stream.payloads.filter(({ data }) => data).length)
    stream.close()
  })

  it('tells the fields that were taken out, and answers the rest', async () => {
    const { data, errors } = await mesh.ask('house', 'query Denied { me { id } deprecatedFieldUsage { count } }')
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('UNAUTHORIZED_FIELD_OR_TYPE')
    expect(data?.deprecatedFieldUsage ?? null).toBeNull()
    const { decision, body } = await entryOf('house', ({ body }) => body.operationName === 'Denied')
    expect([decision, body.denied]).toEqual(['PARTLY_DENIED', ['Query.deprecatedFieldUsage at deprecatedFieldUsage']])
  })

  it('answers who saw a share class under which right, to who may ask, and to a tenant of itself only', async () => {
    const query = `query ($filter: AccessLogFilter, $after: Cursor) { accessLog(filter: $filter, first: 2, after: $after) {
      nodes { id tenantId kind subject decision shareClassIds grantsVersion grants { id } at hash }
      pageInfo { hasNextPage endCursor } } }`
    const asked = (tenant: string, scope: string, filter: object, after?: string) =>
      mesh.ask(tenant, query, { filter, after }, { scope })
    const filter = { shareClassId: 'tsp:c-fund', kind: 'ANSWER' }
    const seen = await asked('house', 'audit:read-all', { ...filter, tenantId: 'alder' })
    expect(seen.errors).toBeUndefined()
    const [entry] = seen.data.accessLog.nodes
    expect(entry).toMatchObject({ tenantId: 'alder', subject: 'alder-demo', decision: 'ALLOWED' })
    expect(entry.grants.length).toBeGreaterThan(0)

    const own = await asked('alder', 'audit:read', {})
    expect(own.errors).toBeUndefined()
    expect(new Set(own.data.accessLog.nodes.map(({ tenantId }: { tenantId: string }) => tenantId))).toEqual(
      new Set(['alder']),
    )
    expect((await asked('alder', 'audit:read', { tenantId: 'birch' })).data.accessLog.nodes).toEqual([])
    const next = await asked('alder', 'audit:read', {}, own.data.accessLog.pageInfo.endCursor)
    const ids = [...own.data.accessLog.nodes, ...next.data.accessLog.nodes].map(({ id }: { id: string }) => id)
    expect(new Set(ids).size).toBe(4)
    expect((await asked('house', 'audit:read-all', {}, own.data.accessLog.pageInfo.endCursor)).errors).toBeDefined()
    expect((await asked('alder', '', {})).status).toBe(400)
  })

  it('explains a right by its grants, and an operation as a tenant', async () => {
    const query = `query ($input: ExplainAccessInput!) { explainAccess(input: $input) {
      allowed because grant { id } considered { opens conditions { name holds detail } } policies { action allowed policies } } }`
    const explain = async (input: object) =>
      (
        await mesh.ask(
          'house',
          query,
          { input: { resourceKind: 'SHARE_CLASS', ...input } },
          { scope: 'entitlement:admin' },
        )
      ).data.explainAccess
    const allowed = await explain({ tenantId: 'cedar', resourceId: 'tsp:c-fund', fieldSet: 'NAV' })
    expect(allowed).toMatchObject({ allowed: true, policies: [{ action: 'read-nav', allowed: true }] })
    const expired = await explain({ tenantId: 'cedar', resourceId: 'tsp:f-fund', fieldSet: 'NAV' })
    expect(expired.allowed).toBe(false)
    expect(expired.because).toContain('window')
    const failed = expired.considered[0].conditions.filter(({ holds }: { holds: boolean }) => !holds)
    expect(failed.map(({ name }: { name: string }) => name)).toEqual(['window'])
    expect(await explain({ tenantId: 'dogwood', resourceId: 'tsp:none' })).toMatchObject({
      allowed: false,
      considered: [],
    })

    const door = async (tenant: string, scope: string | undefined) =>
      fetch(`${mesh.urls.gateway}/explain`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await mesh.token(tenant, scope)}` },
        body: JSON.stringify({ query: '{ shareClass(id: "tsp:f-fund") { name } }', as: { tenant: 'cedar' } }),
      })
    const opened = await door('house', 'entitlement:admin')
    expect(opened.status).toBe(200)
    expect(await opened.json()).toMatchObject({ decision: 'ALLOWED', ids: [{ id: 'tsp:f-fund', mayRead: [] }] })
    const elsewhere = await fetch(`${mesh.urls.gateway}/nowhere`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await mesh.token('alder')}` },
    })
    expect((await door('alder', undefined)).status).toBe(elsewhere.status)
  })

  it('loses nothing that was answered when the gateway is told to end, and publishes it once', async () => {
    for (let n = 0; n < 20; n++) await mesh.ask('dogwood', `query Last${n} { me { id } }`)
    await mesh.restart('gateway')
    await entryOf('dogwood', ({ body }) => body.operationName === 'Last19')
    const names = (await entriesOf('dogwood'))
      .flatMap(({ body }) => body.operationName ?? [])
      .filter((name) => /^Last/.test(name))
    expect(names.sort()).toEqual(Array.from({ length: 20 }, (_, n) => `Last${n}`).sort())
  })

  it('loses nothing but the last moment when the gateway is killed while the writer is down', async () => {
    await mesh.kill('entitlement')
    for (let n = 0; n < 5; n++) await mesh.ask('alder', `query Dark${n} { shareClass(id: "tsp:c-fund") { name } }`)
    await sleep(1_000)
    await mesh.kill('gateway')
    await mesh.restart('entitlement')
    await mesh.restart('gateway')
    for (let n = 0; n < 5; n++) await entryOf('alder', ({ body }) => body.operationName === `Dark${n}`)
    const names = (await entriesOf('alder')).flatMap(({ body }) => body.operationName ?? [])
    expect(names.filter((name) => /^Dark/.test(name))).toHaveLength(5)
  })

  it('is whole, as one command says; and names the entry that was changed behind it', async () => {
    // Checkpoints are written every ten seconds.
    let whole = await verify()
    for (const deadline = Date.now() + 120_000; Date.now() < deadline && / 0 chains are held/.test(whole.text); )
      whole = await verify()
    expect(whole.text).toMatch(/\d+ audit entries in \d+ chains are whole; [1-9]\d* chains are held by a checkpoint/)
    expect(whole.code).toBe(0)
    await admin.query('alter table audit.entry disable trigger all')
    await admin.query(
      `update audit.entry set body = replace(body, 'birch-demo', 'alder-demo') where tenant_id = 'birch' and kind = 'ANSWER'`,
    )
    const broken = await verify()
    expect(broken.text).toMatch(/audit entry birch\/\d+: it was changed/)
    expect(broken.code).toBe(1)
  })
})
