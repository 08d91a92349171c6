import type { Answers } from '@fundmesh/platform/testing/fake-warehouse'
import { describe, expect, it } from 'vitest'
import { ask } from '../testing/ask.ts'
import { fundRow, shareClassRow } from '../testing/rows.ts'

const funds = ['c-fund', 'f-fund', 'g-fund', 's-fund']
const answers: Answers = {
  'fund.byId': (parameters) =>
    funds.filter((code) => Object.values(parameters).includes(`tsp:${code}`)).map((code) => fundRow(code)),
  'shareClass.ofFund': ({ after = '', ...of }) =>
    Object.values(of).flatMap((fundId) =>
      ['a', 'b', 'c']
        .map((letter) => ({
          ...shareClassRow(`${fundId}-${letter}`),
          share_class_id: `${fundId}-${letter}`,
          fund_id: fundId,
        }))
        .filter((row) => row.share_class_id > after),
    ),
  'shareClass.primaryOfFund': ({ fund0 }) => [shareClassRow(fund0!.slice('tsp:'.length))],
}

/** May see all of them. */
const sight = { all: () => funds.map((code) => `tsp:${code}`) }

describe('a fund', () => {
  it('is found by its id, with everything the source says of it', async () => {
    const { result } = await ask(
      answers,
      `{ fund(id: "tsp:c-fund") {
        id legalFundName fundHouse category domicile baseCurrency inceptionDate primaryShareClass { id } } }`,
    )
    expect(result.data?.fund).toEqual({
      id: 'tsp:c-fund',
      legalFundName: 'Fund c-fund',
      fundHouse: 'Thrift Savings Plan',
      category: 'Core',
      domicile: 'US',
      baseCurrency: 'USD',
      inceptionDate: '2003-06-02',
      primaryShareClass: { id: 'tsp:c-fund' },
    })
  })

  it('that is not there is null, by id and by reference', async () => {
    const { result, statements } = await ask(
      answers,
      `query($of: [_Any!]!) { fund(id: "tsp:none") { id } _entities(representations: $of) { ... on Fund { id } } }`,
      { variables: { of: ['tsp:c-fund', 'tsp:none'].map((id) => ({ __typename: 'Fund', id })) } },
    )
    expect(result).toEqual({ data: { fund: null, _entities: [{ id: 'tsp:c-fund' }, null] } })
    expect(statements).toEqual(['fund.byId'])
  })

  it('shows its share classes page by page, those of many funds in one statement', async () => {
    const query = (args: string) =>
      `{ funds { nodes { id shareClasses(${args}) { nodes { id } pageInfo { hasNextPage endCursor } } } } }`
    const { result, statements } = await ask(answers, query('first: 2'), { sight })
    expect(statements).toEqual(['fund.byId', 'shareClass.ofFund'])
    const [first] = result.data.funds.nodes
    expect(first.shareClasses.nodes).toEqual([{ id: 'tsp:c-fund-a' }, { id: 'tsp:c-fund-b' }])

    const after = `first: 2, after: "${first.shareClasses.pageInfo.endCursor}"`
    const { result: next } = await ask(
      answers,
      `{ fund(id: "tsp:c-fund") { shareClasses(${after}) { nodes { id } } } }`,
    )
    expect(next.data.fund.shareClasses.nodes).toEqual([{ id: 'tsp:c-fund-c' }])
    // A cursor belongs to one fund.
    const { result: other } = await ask(
      answers,
      `{ fund(id: "tsp:f-fund") { shareClasses(${after}) { nodes { id } } } }`,
    )
    expect(other.errors?.[0]?.message).toContain('the cursor is invalid')
  })
})

describe('funds and share classes', () => {
  it('are walked through by cursor', async () => {
    const { result } = await ask(answers, '{ funds(first: 3) { nodes { id } pageInfo { hasNextPage endCursor } } }', {
      sight,
    })
    const { nodes, pageInfo } = result.data.funds
    expect(nodes).toHaveLength(3)
    expect(pageInfo.hasNextPage).toBe(true)
    const { result: next } = await ask(answers, `{ funds(after: "${pageInfo.endCursor}") { nodes { id } } }`, { sight })
    expect(next.data.funds.nodes).toEqual([{ id: 'tsp:s-fund' }])
  })

  const ofIds = (ids: readonly string[], more = '') =>
    ask(
      {
        'shareClass.byId': (of) => Object.values(of).map((id) => shareClassRow(id.slice(4))),
      },
      `query($ids: [ID!]) { shareClasses(ids: $ids ${more}) { nodes { id } pageInfo { endCursor } } }`,
      { variables: { ids } },
    )

  it('are narrowed by ids, each taken once, whatever their order', async () => {
    const { result, parameters } = await ofIds(['tsp:b', 'tsp:a', 'tsp:b'], 'first: 1')
    expect(parameters).toEqual([{ id0: 'tsp:a', id1: 'tsp:b' }])
    const { endCursor } = result.data.shareClasses.pageInfo
    const { result: next } = await ofIds(['tsp:a', 'tsp:b'], `after: "${endCursor}"`)
    expect(next.data.shareClasses.nodes).toEqual([{ id: 'tsp:b' }])
    expect((await ofIds(['tsp:b'], `after: "${endCursor}"`)).result.errors?.[0]?.message).toContain('invalid')
  })

  it('are asked for by those ids alone that may be seen, until a page is full', async () => {
    const there = new Set(['tsp:a', 'tsp:d', 'tsp:e'])
    const visible = ['tsp:a', 'tsp:b', 'tsp:c', 'tsp:d', 'tsp:e']
    const { result, parameters } = await ask(
      {
        'shareClass.byId': (of) =>
          Object.values(of)
            .filter((id) => there.has(id))
            .reverse()
            .map((id) => shareClassRow(id.slice(4))),
      },
      '{ shareClasses(first: 2) { nodes { id } pageInfo { hasNextPage } } }',
      { sight: { all: () => visible } },
    )
    expect(result.data.shareClasses).toEqual({
      nodes: [{ id: 'tsp:a' }, { id: 'tsp:d' }],
      pageInfo: { hasNextPage: true },
    })
    expect(parameters.map((asked) => Object.values(asked))).toEqual([
      ['tsp:a', 'tsp:b', 'tsp:c'],
      ['tsp:d', 'tsp:e'],
    ])
  })

  it('are none, without a statement, for no ids and for ids that cannot be', async () => {
    for (const ids of [[], ['', 'a\0']]) {
      const { result, statements } = await ofIds(ids)
      expect(result.data.shareClasses.nodes).toEqual([])
      expect(statements).toEqual([])
    }
  })

  it('are refused for more than 1,000 ids', async () => {
    const { result } = await ofIds(Array.from({ length: 1_001 }, (_, index) => `tsp:${index}`))
    expect(result.errors?.[0]?.message).toBe('ids: expected at most 1000; got 1001')
  })
})
