import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Event } from '@fundmesh/platform/events/codec'
import { eventAccess } from '@fundmesh/platform/grants/event-access'
import type { Reading } from '@fundmesh/platform/grants/reading'
import type { Resource } from '@fundmesh/platform/grants/resource-numbers'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import type { ExecutionResult } from 'graphql'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mayEverything, openAccess } from './access/testing.ts'
import { streamBudget } from './budget/stream-budget.ts'
import { generous } from './budget/testing.ts'
import { eventResolver } from './events/resolve.ts'
import { executor } from './fetch/executor.ts'
import { SubgraphFailure, type SubgraphRequest } from './fetch/subgraph-client.ts'
import { type SubscriptionRoad, subscriptionRoad } from './subscription.ts'
import { type LoadedSupergraph, loadSupergraph } from './supergraph/supergraph.ts'
import { openViews, type Views } from './view/views.ts'

const log = createLogger('test', 'silent')
const supergraphFile = fileURLToPath(new URL('../../contracts/graph/supergraph.graphql', import.meta.url))
const topic = 'asset-management.nav.intraday'

const navEvent = (shareClassId: string, sequence: number): Event => ({
  topic,
  type: 'asset-management.nav.published.v1',
  source: '/market',
  id: `${shareClassId}/${sequence}`,
  time: '2024-01-02T00:00:00.000Z',
  key: shareClassId,
  sequence,
  data: {
    shareClassId,
    fundId: `fund-of-${shareClassId}`,
    isin: null,
    navDate: '2020-01-02',
    navPrice: '26.662',
    priceCurrency: 'USD',
    priceNature: 'INDICATIVE',
    sequence,
    recordedAt: '2024-01-02T00:00:00.000Z',
  },
})

const fields = '... on NavTick { __typename shareClassId sequence navPrice }'

describe('the subscription road', () => {
  let loaded: LoadedSupergraph
  let views: Views
  let road: SubscriptionRoad
  let newest: Map<string, Event>
  let sourceReady: boolean
  /** tenant → resources that it may read */
  let granted: Map<string, Set<string>>
  let changed: (tenant: string) => void
  let asked: SubgraphRequest[]
  /** Policies that hold for nobody. */
  let withheld: Set<string>
  /** Tells the newest stream of its caller's new token. */
  let renewed: ((caller: Caller) => void) | undefined
  /** While set, nobody knows who may read. */
  let decidable: Promise<void> | undefined
  let fund: (request: SubgraphRequest) => Promise<object>
  let streams: { open: number; eventsPerSecond: number }

  beforeAll(() => {
    loaded = loadSupergraph(supergraphFile, new Map())
    views = openViews(loaded, log)
  })

  beforeEach(() => {
    newest = new Map()
    sourceReady = true
    granted = new Map([
      ['alder', new Set(['SHARE_CLASS a', 'FUND fund-of-b'])],
      ['birch', new Set(['SHARE_CLASS b'])],
    ])
    asked = []
    decidable = undefined
    fund = async () => ({})
    streams = { open: 100, eventsPerSecond: 100_000 }
    const grants = {
      mayRead: ({ tenant }: Reading, { kind, id }: Resource) => granted.get(tenant)?.has(`${kind} ${id}`) ?? false,
      onChange: (listener: (tenant: string) => void) => {
        changed = listener
        return () => {}
      },
      nextBoundary: () => undefined,
      ready: () => decidable === undefined,
      whenReady: () => decidable ?? Promise.resolve(),
    }
    const client = {
      ask: async (request: SubgraphRequest) => {
        asked.push(request)
        return { data: null, errors: [], ...(await fund(request)) }
      },
    }
    withheld = new Set()
    const access = {
      ...openAccess(loaded, views),
      rightsOf: (caller: Caller) => ({
        ...mayEverything(caller, 'STREAM'),
        policies: Object.assign(new Set<string>(), { has: (name: string) => !withheld.has(name) }),
        fingerprint: [...withheld].join(' '),
      }),
    }
    const rooms = {
      ...access,
      planner: views.planner,
      executor: executor({ loaded, views, clients: new Map([['fund', client]]), sealPassport: async () => 'sealed' }),
    }
    road = subscriptionRoad({
      ...access,
      permit: (asking, operation, rights) => {
        const permitted = access.permit(asking, operation, rights)
        const prices = { path: ['navUpdates', 'navPrice'], coordinate: 'NavTick.navPrice' }
        return asking.caller.scopes.has('prices') ? permitted : { ...permitted, denied: [...permitted.denied, prices] }
      },
      views,
      streams: loaded.streams,
      source: {
        newest: () => newest,
        get ready() {
          return sourceReady
        },
      },
      grants,
      mayRead: eventAccess(grants, 'STREAM'),
      budget: streamBudget((caller) => generous({ streams })(caller)),
      resolve: eventResolver(rooms),
      log,
    })
  })

  const callerFor = (tenant: string, seconds: number, scopes: readonly string[] = []): Caller => ({
    tenant,
    subject: tenant,
    client: 'test',
    scopes: new Set(scopes),
    expiresAt: new Date(Date.now() + seconds * 1000),
  })
  const open = (
    tenant: string,
    query: string,
    { seconds = 60, scopes = [] as string[], signal = new AbortController().signal } = {},
  ) => {
    const caller = callerFor(tenant, seconds, scopes)
    return road.open(views.of(caller).understand({ method: 'POST', query }), {
      caller,
      channel: 'STREAM',
      atLeastEpoch: 0,
      replyHeaders: new Map(),
      onRenewal: (listener) => {
        renewed = listener
        return () => {
          renewed = undefined
        }
      },
      signal,
    })
  }
  const next = async (stream: AsyncGenerator<ExecutionResult, void>) => {
    const { value } = await stream.next()
    return value ? JSON.parse(JSON.stringify(value)) : undefined
  }
  const publish = (event: Event) => {
    newest.set(event.key, event)
    road.deliver(event)
  }

  it('gives the newest event as a snapshot, then each update, in order', async () => {
    publish(navEvent('a', 41))
    const stream = open('alder', `subscription { navUpdates(shareClassIds: ["a"]) { ${fields} } }`)
    expect((await next(stream)).data.navUpdates).toEqual({
      __typename: 'NavSnapshot',
      shareClassId: 'a',
      sequence: 41,
      navPrice: '26.662',
    })
    publish(navEvent('a', 42))
    publish(navEvent('a', 43))
    expect((await next(stream)).data.navUpdates).toMatchObject({ __typename: 'NavUpdate', sequence: 42 })
    expect((await next(stream)).data.navUpdates).toMatchObject({ __typename: 'NavUpdate', sequence: 43 })
    expect(asked).toEqual([])
  })

  it('gives a tenant its own share classes and no others, asked for by name or not', async () => {
    for (const key of ['a', 'b', 'c']) publish(navEvent(key, 1))
    const all = open('birch', `subscription { navUpdates { ${fields} } }`)
    const named = open('birch', `subscription { navUpdates(shareClassIds: ["a", "b", "c"]) { ${fields} } }`)
    for (const stream of [all, named]) expect((await next(stream)).data.navUpdates.shareClassId).toBe('b')
    const [afterAll, afterNamed] = [next(all), next(named)]
    for (const key of ['a', 'c', 'b']) publish(navEvent(key, 2))
    for (const payload of await Promise.all([afterAll, afterNamed])) {
      expect(payload.data.navUpdates).toMatchObject({ shareClassId: 'b', sequence: 2 })
    }
  })

  it('opens an event by a grant on its fund', async () => {
    publish(navEvent('b', 5))
    const stream = open('alder', `subscription { navUpdates(shareClassIds: ["b"]) { ${fields} } }`)
    expect((await next(stream)).data.navUpdates.sequence).toBe(5)
  })

  it('ends a stream that loses a right with an error that says so, and sends nothing that was waiting', async () => {
    publish(navEvent('a', 1))
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`)
    await next(stream)
    publish(navEvent('a', 2))
    granted.get('alder')!.delete('SHARE_CLASS a')
    changed('alder')
    publish(navEvent('b', 1))
    expect(await next(stream)).toEqual({
      errors: [
        {
          message: 'A right that this stream was using has ended.',
          extensions: expect.objectContaining({ code: 'ENTITLEMENT_REVOKED' }),
        },
      ],
    })
    expect(await next(stream)).toBeUndefined()
  })

  it('drops a payload whose right ended while it was being made', async () => {
    publish(navEvent('a', 1))
    let release = () => {}
    fund = async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return { data: { navUpdates: { __typename: 'NavSnapshot', shareClass: { name: 'A' } } } }
    }
    const stream = open('alder', 'subscription { navUpdates { ... on NavTick { shareClass { name } } } }')
    const first = next(stream)
    await expect.poll(() => asked.length).toBe(1)
    granted.get('alder')!.clear()
    changed('alder')
    release()
    expect((await first).errors[0].extensions.code).toBe('ENTITLEMENT_REVOKED')
    expect(await next(stream)).toBeUndefined()
  })

  it('waits while nobody knows who may read, and then goes on without a hole', async () => {
    publish(navEvent('a', 1))
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`)
    await next(stream)
    let known = () => {}
    decidable = new Promise((resolve) => {
      known = resolve
    })
    publish(navEvent('a', 2))
    const waiting = next(stream)
    const before = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 20, 'nothing'))])
    expect(before).toBe('nothing')
    expect(() => open('alder', `subscription { navUpdates { ${fields} } }`)).toThrow(/cannot decide now/)
    decidable = undefined
    known()
    expect((await waiting).data.navUpdates.sequence).toBe(2)
  })

  it('leaves the streams of other tenants alone when one loses a right', async () => {
    publish(navEvent('b', 1))
    const stream = open('birch', `subscription { navUpdates { ${fields} } }`)
    await next(stream)
    granted.get('alder')!.clear()
    changed('alder')
    const following = next(stream)
    publish(navEvent('b', 2))
    expect((await following).data.navUpdates.sequence).toBe(2)
  })

  it('reads aliases, named fragments, variables and conditions as a query does', async () => {
    publish(navEvent('a', 1))
    fund = async ({ query, variables }) => {
      const included = variables.yes === true || !query.includes('@include')
      return {
        data: {
          _fm_ticks: { __typename: 'NavSnapshot', _fm_n: 1, _fm__fm_x: '26.662', ...(included && { navDate: 'day' }) },
        },
      }
    }
    const caller = {
      tenant: 'alder',
      subject: 'a',
      client: 'test',
      scopes: new Set<string>(),
      expiresAt: new Date(Date.now() + 60_000),
    }
    const stream = road.open(
      views.of(caller).understand({
        method: 'POST',
        query: `query Other { me { id } }
          subscription Ticks($ids: [ID!] = ["a"], $yes: Boolean!, $no: Boolean! = false) {
            ticks: navUpdates(shareClassIds: $ids) { kind: __typename ...T }
          }
          fragment T on NavTick { n: sequence _fm_x: navPrice navDate @include(if: $yes) shareClassId @include(if: $no) }`,
        operationName: 'Ticks',
        variables: { yes: true },
      }),
      { caller, channel: 'GRAPHQL', atLeastEpoch: 0, replyHeaders: new Map(), signal: new AbortController().signal },
    )
    expect(await next(stream)).toMatchObject({
      data: { ticks: { kind: 'NavSnapshot', n: 1, _fm_x: '26.662', navDate: 'day' } },
    })
  })

  it('asks the owning subgraph, with the event, for what the event does not carry', async () => {
    publish(navEvent('a', 1))
    fund = async ({ event }) => ({
      data: {
        navUpdates: {
          __typename: 'NavSnapshot',
          sequence: (event as { navUpdates: { sequence: number } }).navUpdates.sequence,
          shareClass: { name: 'A' },
        },
      },
    })
    const stream = open('alder', 'subscription { navUpdates { ... on NavTick { sequence shareClass { name } } } }')
    expect((await next(stream)).data.navUpdates).toEqual({ sequence: 1, shareClass: { name: 'A' } })
    expect(asked[0]!.query).toMatch(/^subscription/)
  })

  it("still gives the event's own fields while the owning subgraph is dead", async () => {
    publish(navEvent('a', 1))
    fund = async () => {
      throw new SubgraphFailure('SUBGRAPH_UNAVAILABLE', 'fund', 'refused')
    }
    const stream = open('alder', 'subscription { navUpdates { ... on NavTick { sequence shareClass { name } } } }')
    const { data, errors } = await next(stream)
    expect(data.navUpdates).toEqual({ sequence: 1, shareClass: null })
    expect(errors).toEqual([
      expect.objectContaining({ path: ['navUpdates', 'shareClass'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }),
    ])
  })

  it('ends when the token does', async () => {
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`, { seconds: 0.3 })
    expect((await next(stream)).errors[0].extensions.code).toBe('TOKEN_EXPIRED')
    expect(await next(stream)).toBeUndefined()
  })

  it('ends when the renewed token does, in the place of the one before', async () => {
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`, { seconds: 0.2 })
    const following = next(stream)
    renewed!(callerFor('alder', 600))
    await sleep(300)
    publish(navEvent('a', 1))
    expect((await following).data.navUpdates.sequence).toBe(1)
    renewed!(callerFor('alder', 0.2))
    expect((await next(stream)).errors[0].extensions.code).toBe('TOKEN_EXPIRED')
    expect(await next(stream)).toBeUndefined()
    expect(renewed).toBeUndefined()
  })

  it.each([
    ['fewer', ['prices'], [], 'ENTITLEMENT_REVOKED'],
    ['the same', ['prices'], ['prices'], undefined],
    ['more', [], ['prices'], undefined],
  ])('goes on by a renewed token that permits as much of it: by one with %s rights', async (_, before, after, code) => {
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`, { scopes: before })
    const following = next(stream)
    renewed!(callerFor('alder', 60, after))
    await sleep(10)
    publish(navEvent('a', 1))
    const payload = await following
    expect(payload.errors?.[0].extensions.code).toBe(code)
    expect(payload.data?.navUpdates.sequence).toBe(code === undefined ? 1 : undefined)
  })

  it('tells a reader that is too slow, and keeps no more than its bound for it', async () => {
    publish(navEvent('a', 1))
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`)
    await next(stream)
    for (let sequence = 2; sequence < 1_100; sequence++) publish(navEvent('a', sequence))
    expect((await next(stream)).errors[0].extensions.code).toBe('SLOW_SUBSCRIBER')
    expect(await next(stream)).toBeUndefined()
  })

  it('begins with every share class that a tenant may see, however many they are', async () => {
    const ids = Array.from({ length: 1_500 }, (_, index) => `many-${index}`)
    granted.set('alder', new Set(ids.map((id) => `SHARE_CLASS ${id}`)))
    for (const id of ids) publish(navEvent(id, 1))
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`)
    const begun = new Set<string>()
    for (const _ of ids) begun.add((await next(stream)).data.navUpdates.shareClassId)
    expect(begun.size).toBe(ids.length)
    const following = next(stream)
    publish(navEvent('many-0', 2))
    expect((await following).data.navUpdates).toMatchObject({ __typename: 'NavUpdate', sequence: 2 })
  })

  it('says that the token has expired, also where an event comes before the timer', async () => {
    publish(navEvent('a', 1))
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`, { seconds: 0.3 })
    const first = next(stream)
    const until = Date.now() + 305
    while (Date.now() < until);
    expect((await first).errors[0].extensions.code).toBe('TOKEN_EXPIRED')
    expect(await next(stream)).toBeUndefined()
  })

  it('stops what it is making for a stream that has ended, and says at once why', async () => {
    publish(navEvent('a', 1))
    fund = ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new SubgraphFailure('SUBGRAPH_UNAVAILABLE', 'fund', 'aborted'))),
      )
    const stream = open('alder', 'subscription { navUpdates { ... on NavTick { shareClass { name } } } }')
    const first = next(stream)
    await expect.poll(() => asked.length).toBe(1)
    road.drain()
    expect((await first).errors[0].extensions.code).toBe('GATEWAY_DRAINING')
    expect(await next(stream)).toBeUndefined()
  })

  it('opens no stream before the newest events are known, nor while it drains', () => {
    const query = `subscription { navUpdates { ${fields} } }`
    sourceReady = false
    expect(() => open('alder', query)).toThrow(/cannot decide now/)
    sourceReady = true
    road.drain()
    expect(() => open('alder', query)).toThrow(/is closing/)
  })

  it('ends the streams that would miss events, and no others', async () => {
    publish(navEvent('a', 1))
    publish(navEvent('b', 1))
    const [a, b] = ['a', 'b'].map((key) =>
      open('alder', `subscription { navUpdates(shareClassIds: ["${key}"]) { ${fields} } }`),
    )
    await Promise.all([next(a!), next(b!)])
    road.gap(topic, 'a')
    expect((await next(a!)).errors[0].extensions.code).toBe('STREAM_GAP')
    const following = next(b!)
    publish(navEvent('b', 2))
    expect((await following).data.navUpdates.sequence).toBe(2)
  })

  it('does not open for a caller who may not ask for it, and says where', () => {
    withheld.add('read-nav')
    expect(() => open('alder', `subscription { prices: navUpdates { ${fields} } }`)).toThrow(
      expect.objectContaining({
        path: ['prices'],
        extensions: expect.objectContaining({ code: 'UNAUTHORIZED_FIELD_OR_TYPE' }),
      }),
    )
    expect(asked).toEqual([])
  })

  it('gives null for what the caller may not read, and asks nobody for it', async () => {
    withheld.add('read-reference')
    publish(navEvent('a', 1))
    const stream = open('alder', 'subscription { navUpdates { ... on NavTick { sequence shareClass { name } } } }')
    const payload = await next(stream)
    expect(payload.data.navUpdates).toEqual({ sequence: 1, shareClass: null })
    expect(payload.errors).toEqual([
      expect.objectContaining({
        path: ['navUpdates', 'shareClass'],
        extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
      }),
    ])
    expect(asked).toEqual([])
  })

  it('goes on without what the caller may no longer read', async () => {
    fund = async () => ({ data: { navUpdates: { __typename: 'NavUpdate', sequence: 1, shareClass: { name: 'A' } } } })
    const stream = open('alder', 'subscription { navUpdates { ... on NavTick { sequence shareClass { name } } } }')
    const first = next(stream)
    publish(navEvent('a', 1))
    expect((await first).data.navUpdates.shareClass).toEqual({ name: 'A' })
    withheld.add('read-reference')
    const second = next(stream)
    publish(navEvent('a', 2))
    expect((await second).data.navUpdates).toEqual({ sequence: 2, shareClass: null })
    await stream.return()
  })

  it('sends no payload that was made with rights that ended meanwhile', async () => {
    fund = async () => {
      withheld.add('read-reference')
      return { data: { navUpdates: { __typename: 'NavUpdate', sequence: 1, shareClass: { name: 'A' } } } }
    }
    const stream = open('alder', 'subscription { navUpdates { ... on NavTick { sequence shareClass { name } } } }')
    const payload = next(stream)
    publish(navEvent('a', 1))
    expect((await payload).data.navUpdates).toEqual({ sequence: 1, shareClass: null })
    await stream.return()
  })

  it('ends when the caller may no longer ask for it', async () => {
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`)
    const ending = next(stream)
    await new Promise((resolve) => setImmediate(resolve))
    withheld.add('read-nav')
    changed('alder')
    expect((await ending).errors[0].extensions.code).toBe('ENTITLEMENT_REVOKED')
    expect(await next(stream)).toBeUndefined()
  })

  it('says goodbye when the gateway drains', async () => {
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`)
    const last = next(stream)
    await Promise.resolve()
    road.drain()
    expect((await last).errors[0].extensions.code).toBe('GATEWAY_DRAINING')
  })

  it('says goodbye to whoever asked before it drained, and reads only now', async () => {
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`)
    road.drain()
    expect((await next(stream)).errors[0].extensions.code).toBe('GATEWAY_DRAINING')
  })

  it('stops silently when the client goes away', async () => {
    const client = new AbortController()
    const stream = open('alder', `subscription { navUpdates { ${fields} } }`, { signal: client.signal })
    const last = next(stream)
    await Promise.resolve()
    client.abort()
    expect(await last).toBeUndefined()
  })

  it.each(['navUpdates @skip(if: true)', '... @include(if: false) { navUpdates', '...N @skip(if: true)'])(
    'refuses a subscription whose field is left out: %s',
    (root) => {
      const rest = root.startsWith('...N') ? '' : ` { ${fields} }${root.includes('{') ? ' }' : ''}`
      const fragment = root.startsWith('...N') ? `fragment N on Subscription { navUpdates { ${fields} } }` : ''
      expect(() => open('alder', `subscription { ${root}${rest} } ${fragment}`)).toThrow(
        /subscribe to one of: navUpdates/,
      )
    },
  )

  it('refuses a subscription whose field may be left out by a variable, as a mistake of the client', () => {
    const query = `subscription ($v: Boolean!) { navUpdates @include(if: $v) { ${fields} } }`
    const code = { extensions: expect.objectContaining({ code: 'GRAPHQL_VALIDATION_FAILED' }) }
    expect(() => open('alder', query)).toThrow(expect.objectContaining(code))
  })

  it('refuses an empty list of keys', () => {
    expect(() => open('alder', `subscription { navUpdates(shareClassIds: []) { ${fields} } }`)).toThrow(
      /at least one id/,
    )
  })

  describe('with a budget of streams', () => {
    const query = `subscription { navUpdates { ${fields} } }`

    it('opens no more than the tenant may have, whatever another tenant has', async () => {
      streams = { open: 2, eventsPerSecond: 1_000 }
      publish(navEvent('a', 1))
      const client = new AbortController()
      const mine = [open('alder', query, { signal: client.signal }), open('alder', query, { signal: client.signal })]
      for (const stream of mine) await next(stream)
      expect(() => open('alder', query)).toThrow('openStreams: expected at most 2; got 3')
      open('birch', query)
      client.abort()
      for (const stream of mine) expect(await next(stream)).toBeUndefined()
      await next(open('alder', query))
    })

    it('refuses those that were let in together and are one too many when they begin', async () => {
      streams = { open: 1, eventsPerSecond: 1_000 }
      publish(navEvent('a', 1))
      const [first, second] = [open('alder', query), open('alder', query)]
      await next(first)
      await expect(second.next()).rejects.toMatchObject({ extensions: { code: 'STREAM_LIMIT_EXCEEDED' } })
    })

    it.each<[string, (stream: AsyncGenerator<ExecutionResult, void>, client: AbortController) => unknown]>([
      ['the client goes away', (_, client) => client.abort()],
      ['the client completes', (stream) => stream.return()],
      ['a right ends', () => granted.delete('alder') && changed('alder')],
      ['the token ends', () => {}],
      ['the gateway drains', () => road.drain()],
      ['events were missed', () => road.gap(topic, 'a')],
      [
        'the reader is too slow',
        () => {
          for (let sequence = 2; sequence < 1_100; sequence++) publish(navEvent('a', sequence))
        },
      ],
      ['it was never read', () => {}],
    ])('gives the place back when %s', async (how, end) => {
      streams = { open: 1, eventsPerSecond: 100_000 }
      publish(navEvent('a', 1))
      const client = new AbortController()
      const asked = 'subscription { navUpdates { ... on NavTick { sequence } } }'
      const stream = open('alder', asked, { signal: client.signal, seconds: how === 'the token ends' ? 0.3 : 60 })
      if (how !== 'it was never read') await next(stream)
      await end(stream, client)
      if (how !== 'it was never read') while (!(await stream.next()).done) {}
      if (how === 'the gateway drains') return
      granted.set('alder', new Set(['SHARE_CLASS a']))
      await next(open('alder', query))
    })

    it('lets an event that comes too soon wait for its turn, in order and without a gap', async () => {
      streams = { open: 5, eventsPerSecond: 3 }
      publish(navEvent('a', 1))
      const [one, other] = [open('alder', query), open('alder', query)]
      const sequences = async (stream: typeof one, count: number) => {
        const got: number[] = []
        while (got.length < count) got.push((await next(stream)).data.navUpdates.sequence)
        return got
      }
      await Promise.all([next(one), next(other)])
      for (const sequence of [2, 3, 4]) publish(navEvent('a', sequence))
      const began = Date.now()
      expect(await Promise.all([sequences(one, 3), sequences(other, 3)])).toEqual([
        [2, 3, 4],
        [2, 3, 4],
      ])
      // Eight payloads, three in a second.
      expect(Date.now() - began).toBeGreaterThan(1_000)
    })

    it('ends at once while it waits, and says why', async () => {
      streams = { open: 5, eventsPerSecond: 1 }
      publish(navEvent('a', 1))
      const stream = open('alder', query)
      await next(stream)
      publish(navEvent('a', 2))
      const waiting = next(stream)
      granted.delete('alder')
      changed('alder')
      expect((await waiting).errors[0].extensions.code).toBe('ENTITLEMENT_REVOKED')
      expect(await next(stream)).toBeUndefined()
    })

    it('ends a stream whose events cannot all wait, naming the limit', async () => {
      streams = { open: 5, eventsPerSecond: 1 }
      publish(navEvent('a', 1))
      const stream = open('alder', query)
      await next(stream)
      const waiting = next(stream)
      for (let sequence = 2; sequence < 1_100; sequence++) {
        publish(navEvent('a', sequence))
        if (sequence < 4) await new Promise((resolve) => setImmediate(resolve))
      }
      expect((await waiting).errors[0].extensions).toMatchObject({
        code: 'STREAM_LIMIT_EXCEEDED',
        limit: 'eventsPerSecond',
      })
    })
  })
})
