import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type TestMesh, testMesh } from '../mesh.ts'
import { isGapFree, openStream, type StreamPayload, sequencesByKey, socketUrl } from '../streams.ts'

const ticks = '... on NavTick { __typename shareClassId sequence navDate navPrice priceNature }'

describe('live NAVs', () => {
  let mesh: TestMesh
  beforeAll(async () => {
    mesh = await testMesh({ marketDayMs: 200 })
  })
  afterAll(() => mesh?.close())

  const enough = (payloads: readonly StreamPayload[], count: number) =>
    expect.poll(() => payloads.length).toBeGreaterThanOrEqual(count)

  it('begin with a snapshot of each share class and go on without a gap', async () => {
    const stream = await openStream(
      mesh,
      'alder',
      `subscription { navUpdates(shareClassIds: ["tsp:c-fund", "tsp:g-fund"]) { ${ticks} } }`,
    )
    await enough(stream.payloads, 12)
    stream.close()
    const byKey = sequencesByKey(stream.payloads)
    expect([...byKey.keys()].sort()).toEqual(['tsp:c-fund', 'tsp:g-fund'])
    for (const sequences of byKey.values()) expect(isGapFree(sequences)).toBe(true)
    for (const key of byKey.keys()) {
      const kinds = stream.payloads
        .filter(({ data }) => data.navUpdates.shareClassId === key)
        .map(({ data }) => data.navUpdates.__typename)
      expect([kinds[0], ...new Set(kinds.slice(1))]).toEqual(['NavSnapshot', 'NavUpdate'])
    }
    expect(stream.payloads[0]!.data.navUpdates.priceNature).toBe('INDICATIVE')
  })

  it('reach each tenant for its own share classes only', async () => {
    const streams = await Promise.all(
      ['alder', 'birch', 'cedar', 'dogwood'].map((tenant) =>
        openStream(mesh, tenant, `subscription { navUpdates { ${ticks} } }`),
      ),
    )
    for (const [index, count] of [30, 20, 6, 2].entries()) await enough(streams[index]!.payloads, count)
    const seen = streams.map(({ payloads }) => [...sequencesByKey(payloads).keys()].sort())
    for (const stream of streams) stream.close()
    expect(seen[0]).toHaveLength(15)
    expect(seen[1]).toHaveLength(10)
    expect(seen[1]!.every((id) => id.startsWith('tsp:l-'))).toBe(true)
    expect(seen[2]).toEqual(['tsp:c-fund', 'tsp:i-fund', 'tsp:s-fund'])
    expect(seen[3]).toEqual(['tsp:g-fund'])
  })

  it('carry fields of other subgraphs, resolved by plan', async () => {
    const stream = await openStream(
      mesh,
      'cedar',
      'subscription { navUpdates(shareClassIds: ["tsp:c-fund"]) { ... on NavTick { sequence shareClass { id: name fund { legalFundName } risk { observations } returns(periods: [YTD]) { complete } } } } }',
    )
    await enough(stream.payloads, 2)
    stream.close()
    const { shareClass } = stream.payloads[1]!.data.navUpdates
    expect(shareClass.id).toMatch(/C Fund/)
    expect(shareClass.fund.legalFundName).toMatch(/C Fund/)
    expect(shareClass.risk.observations).toBeGreaterThan(5_000)
    expect(shareClass.returns).toHaveLength(1)
  })

  it('arrive over server-sent events as well', async () => {
    const cancelled = new AbortController()
    const response = await fetch(`${mesh.urls.gateway}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${await mesh.token('dogwood')}`,
      },
      body: JSON.stringify({ query: `subscription { navUpdates { ${ticks} } }` }),
      signal: cancelled.signal,
    })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk, { stream: true })
      if (text.split('event: next').length > 3) break
    }
    cancelled.abort()
    const payloads = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json!))
    const sequences = sequencesByKey(payloads).get('tsp:g-fund')!
    expect(sequences.length).toBeGreaterThanOrEqual(2)
    expect(isGapFree(sequences)).toBe(true)
  })

  it('end with an error that the client can read when a grant is revoked, and nothing follows', async () => {
    const granted = await mesh.ask(
      'house',
      'mutation { grant(input: { tenantId: "dogwood", resourceKind: SHARE_CLASS, resourceId: "tsp:s-fund" }) { grant { id } epoch } }',
      {},
      { scope: 'entitlement:admin' },
    )
    expect(granted.errors).toBeUndefined()
    const { grant, epoch } = granted.data.grant
    const losing = await openStream(
      mesh,
      'dogwood',
      `subscription { navUpdates(shareClassIds: ["tsp:s-fund"]) { ${ticks} } }`,
    )
    const keeping = await openStream(
      mesh,
      'dogwood',
      `subscription { navUpdates(shareClassIds: ["tsp:g-fund"]) { ${ticks} } }`,
    )
    await enough(losing.payloads, 2)
    const revoked = await mesh.ask(
      'house',
      'mutation ($id: ID!) { revoke(grantId: $id, reason: "contract ended") { epoch grant { state } } }',
      { id: grant.id },
      { scope: 'entitlement:admin' },
    )
    expect(revoked.data.revoke).toEqual({ epoch: epoch + 1, grant: { state: 'REVOKED' } })

    await losing.done
    const last = losing.payloads.at(-1)!
    expect(last.errors).toEqual([
      { message: 'A right that this stream was using has ended.', extensions: { code: 'ENTITLEMENT_REVOKED' } },
    ])
    expect(losing.payloads.filter(({ errors }) => errors)).toHaveLength(1)
    const { data } = await mesh.ask('dogwood', '{ shareClass(id: "tsp:s-fund") { id } }')
    expect(data.shareClass).toBeNull()

    const before = keeping.payloads.length
    await enough(keeping.payloads, before + 2)
    losing.close()
    keeping.close()
  })

  it('survive a restart of the gateway: the stream taken up again has no hole against its snapshot', async () => {
    await mesh.restart('gateway')
    const stream = await openStream(
      mesh,
      'cedar',
      `subscription { navUpdates(shareClassIds: ["tsp:c-fund"]) { ${ticks} } }`,
    )
    await enough(stream.payloads, 4)
    stream.close()
    expect(isGapFree(sequencesByKey(stream.payloads).get('tsp:c-fund')!)).toBe(true)
  })

  const closeCode = (authorization: string | undefined) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(socketUrl(mesh), 'graphql-transport-ws')
      socket.on('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', payload: authorization ? { authorization } : {} })),
      )
      socket.on('close', resolve)
    })
  it('are refused to a socket without a token, and to one with a wrong one', async () => {
    expect(await closeCode(undefined)).toBe(4401)
    expect(await closeCode('Bearer not.a.token')).toBe(4401)
  })

  it('answer queries on the socket too', async () => {
    const stream = await openStream(mesh, 'cedar', '{ funds { nodes { id } } }')
    await stream.done
    stream.close()
    expect(stream.payloads[0]!.data.funds.nodes).toHaveLength(3)
  })

  it('refuse a subscription that does not fit the schema with the reason', async () => {
    const stream = await openStream(mesh, 'cedar', 'subscription { navUpdates { nope } }')
    await expect(stream.done).rejects.toEqual([
      expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
    ])
    stream.close()
  })
})
