import { fileURLToPath } from 'node:url'
import { rowContract } from '@fundmesh/contracts/rows'
import type { Reading } from '@fundmesh/platform/grants/reading'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { openAccess } from '../access/testing.ts'
import { queryRoad } from '../query.ts'
import { type LoadedSupergraph, loadSupergraph } from '../supergraph/supergraph.ts'
import { openViews, type Views } from '../view/views.ts'
import { executor } from './executor.ts'
import { keyPush } from './pushed-keys.ts'
import { type SubgraphClient, SubgraphFailure, type SubgraphRequest } from './subgraph-client.ts'

const log = createLogger('test', 'silent')
const supergraphFile = fileURLToPath(new URL('../../../contracts/graph/supergraph.graphql', import.meta.url))
const caller = {
  tenant: 'alder',
  subject: 'alder-app',
  client: 'test',
  region: 'DE',
  scopes: new Set<string>(),
  expiresAt: new Date(Date.now() + 3_600_000),
}

/** What alder may see, `<field set> <kind> <id>`; the subgraphs below and the gateway decide by the same. */
type Rights = ReadonlySet<string>
const maySee = (rights: Rights, fieldSet: string, kind: string, id: string) => rights.has(`${fieldSet} ${kind} ${id}`)

const query = `{ dataProduct(slug: "x") { covers {
  legalFundName
  primaryShareClass { name risk { observations } returns(periods: [YTD]) { endDate } } } } }`

interface World {
  /** The ids that the catalogue names: each is a fund and its share class. */
  readonly ids: readonly string[]
  readonly rights: Rights
  /** Ids of share classes for which the risk subgraph fails, and whether the performance subgraph is away. */
  readonly failing: readonly string[]
  readonly away: boolean
}

/** Subgraphs that decide as the real ones do: null for what may not be seen and for what does not exist. */
function clientsOf({ ids, rights, failing, away }: World, asked: SubgraphRequest[]): Map<string, SubgraphClient> {
  const entities = (
    { variables }: SubgraphRequest,
    fieldSet: string,
    kind: string,
    answer: (id: string) => object,
  ): (object | null)[] =>
    (variables.representations as { id: string }[]).map(({ id }) =>
      maySee(rights, fieldSet, kind, id) && id !== 'none' ? answer(id) : null,
    )
  const subgraphs: Record<string, (request: SubgraphRequest) => { data: Record<string, unknown>; errors?: object[] }> =
    {
      marketplace: () => ({ data: { dataProduct: { covers: ids.map((id) => ({ __typename: 'Fund', id })) } } }),
      fund: (request) => ({
        data: {
          _entities: entities(request, 'REFERENCE', 'FUND', (id) => ({
            legalFundName: `Fund ${id}`,
            primaryShareClass: { __typename: 'ShareClass', id, name: `Class ${id}` },
          })),
        },
      }),
      risk: (request) => {
        const found = entities(request, 'RISK', 'SHARE_CLASS', (id) => ({
          risk: failing.includes(id) ? null : { observations: id.length },
        }))
        const errors = (request.variables.representations as { id: string }[]).flatMap(({ id }, index) =>
          failing.includes(id) && found[index]
            ? [{ message: 'x', code: 'FORBIDDEN', path: ['_entities', index, 'risk'] }]
            : [],
        )
        return { data: { _entities: found }, errors }
      },
      performance: (request) => {
        if (away) throw new SubgraphFailure('SUBGRAPH_UNAVAILABLE', 'performance', 'away')
        return {
          data: {
            _entities: entities(request, 'PERFORMANCE', 'SHARE_CLASS', (id) => ({ returns: [{ endDate: id }] })),
          },
        }
      },
    }
  return new Map(
    Object.entries(subgraphs).map(([name, answer]) => [
      name,
      {
        async ask(request: SubgraphRequest) {
          asked.push(request)
          return { errors: [], ...answer(request) } as Awaited<ReturnType<SubgraphClient['ask']>>
        },
      },
    ]),
  )
}

describe('keys pushed into the plan', () => {
  let loaded: LoadedSupergraph
  let views: Views
  beforeAll(() => {
    loaded = loadSupergraph(supergraphFile, new Map())
    views = openViews(loaded, log)
  })

  async function ask(world: World, pushing: boolean, ready = true) {
    const asked: SubgraphRequest[] = []
    const mayRead = (reading: Reading, { kind, id }: { kind: string; id: string }) =>
      reading.tenant === 'alder' && reading.region === 'DE' && maySee(world.rights, reading.fieldSet, kind, id)
    const road = queryRoad({
      ...openAccess(loaded, views),
      planner: views.planner,
      executor: executor({
        loaded,
        views,
        clients: clientsOf(world, asked),
        sealPassport: async () => 'sealed',
        ...(pushing && { pushKeys: keyPush(rowContract, { mayRead, ready: () => ready }) }),
      }),
    })
    const knownAt = '2024-01-16T18:00:00.000Z'
    const operation = views.of(caller).understand({ method: 'POST', query, extensions: { knownAt } })
    const asking = { caller, channel: 'GRAPHQL', atLeastEpoch: 0, replyHeaders: new Map<string, string>() } as const
    const answer = JSON.stringify(await road(operation, { ...asking, signal: new AbortController().signal }))
    const sent = asked.flatMap(({ variables }) => (variables.representations ?? []) as { id: string }[])
    return { answer, sent: sent.map(({ id }) => id), requests: asked.length }
  }

  const everything = (id: string) => [
    `REFERENCE FUND ${id}`,
    ...['REFERENCE', 'PERFORMANCE', 'RISK'].map((fieldSet) => `${fieldSet} SHARE_CLASS ${id}`),
  ]

  it('change no byte of any answer, and no request names what may not be seen', async () => {
    const id = fc.constantFrom('a', 'bb', 'ccc', 'dddd', 'none')
    const world = fc.record({
      ids: fc.array(id, { maxLength: 8 }),
      rights: fc
        .subarray(['a', 'bb', 'ccc', 'dddd', 'none'].flatMap(everything))
        .map((rights): Rights => new Set(rights)),
      failing: fc.array(id, { maxLength: 2 }),
      away: fc.constant(false),
    })
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const [whole, pushed] = [await ask(given, false), await ask(given, true)]
        expect(pushed.answer).toBe(whole.answer)
        for (const sent of pushed.sent) expect([...given.rights].some((right) => right.endsWith(` ${sent}`))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('send nothing where nothing is left, for what is not ours as for what does not exist', async () => {
    const world = { rights: new Set(everything('a')), failing: [], away: false }
    const answers = [await ask({ ...world, ids: ['bb'] }, true), await ask({ ...world, ids: ['none'] }, true)]
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ requests: 1, sent: [] })
  })

  it('leave the errors of a subgraph that is away at the places of what was asked of it', async () => {
    const world = { ids: ['bb', 'a'], rights: new Set(everything('a')), failing: [], away: true }
    const { data, errors } = JSON.parse((await ask(world, true)).answer)
    expect(data).toMatchObject({ dataProduct: { covers: null } })
    expect(errors.map(({ path, extensions }: never) => [path, extensions])).toContainEqual([
      ['dataProduct', 'covers', 1, 'primaryShareClass', 'returns'],
      { code: 'SUBGRAPH_UNAVAILABLE' },
    ])
  })

  it('say that nothing can be decided, rather than that nothing is there, while the grants are not known', async () => {
    const world = { ids: ['a'], rights: new Set(everything('a')), failing: [], away: false }
    const { answer, sent } = await ask(world, true, false)
    expect(JSON.parse(answer).errors[0].extensions.code).toBe('SERVICE_UNAVAILABLE')
    expect(sent).toEqual([])
  })
})
