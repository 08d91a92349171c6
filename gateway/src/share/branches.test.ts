import { buildSchema, execute, type GraphQLError, type OperationDefinitionNode, parse, print } from 'graphql'
import { describe, expect, it } from 'vitest'
import { permitter } from '../access/permit.ts'
import { mayEverything } from '../access/testing.ts'
import { understanding } from '../operation/understand.ts'
import type { Work } from '../with-coalescing.ts'
import { branchesOf } from './branches.ts'
import { withBranches } from './with-branches.ts'

const schema = buildSchema(/* GraphQL */ `
  type Query { list(first: Int): [Item] user(id: ID!): User must: Int! broken: Int version: String }
  type Mutation { change: Int other(id: ID): Int }
  type Item { id: ID! name(in: String): String items: [Item] }
  type User { id: ID! name: String items(first: Int): [Item] }
`)
const items = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${n}`,
    name: ({ in: language = 'en' }) => `${language} ${n}`,
    items: [],
  }))
const root = {
  list: ({ first = 2 }) => items(first),
  user: ({ id }: { id: string }) => ({ id, name: `user ${id}`, items: ({ first = 1 }) => items(first) }),
  must: null,
  broken: () => {
    throw new Error('broken')
  },
  version: '1',
}
const understand = understanding({ schema, fingerprint: 'test', introspection: true })
const permit = permitter({
  rules: { ofField: () => [], ofType: () => [], ofFetched: () => [] } as never,
  schemaOf: () => schema,
  mode: 'null',
  log: {} as never,
})
const caller = { tenant: 't', subject: 's', client: 'c', scopes: new Set<string>(), expiresAt: new Date(8.64e15) }

const permitted = (query: string, variables: object = {}) =>
  permit(
    { caller, channel: 'GRAPHQL', atLeastEpoch: 0 },
    understand({ method: 'POST', query, variables }),
    mayEverything(caller, 'GRAPHQL'),
  )

/** Answers an operation as graphql-js does, in the plan's names. */
const work: Work = async ({ document, definition, fragments, variables, knownAt }) => {
  expect(document.definitions).toContain(definition)
  parse(print(document))
  expect(Object.values(fragments).every((fragment) => document.definitions.includes(fragment))).toBe(true)
  const { data = null, errors = [] } = await execute({ schema, document, rootValue: root, variableValues: variables })
  return {
    knownAt,
    data: JSON.stringify(data),
    errors: errors as GraphQLError[],
    delivered: { data, errors },
    body: ({ before, after }) => before + JSON.stringify(data) + after,
  }
}

const told = ({ data, errors, delivered }: Awaited<ReturnType<Work>>) => ({
  data,
  errors: errors.map(({ message, path }) => ({ message, path })),
  delivered: JSON.parse(JSON.stringify(delivered.data)),
})

/** The root fields of each branch, and its variables. */
const divided = (query: string, variables?: object) =>
  branchesOf(permitted(query, variables), false)?.map(({ definition, asked, variables }) => {
    expect(asked.definition).toBe(definition)
    return [fieldsOf(definition), variables]
  })
const fieldsOf = ({ selectionSet }: OperationDefinitionNode) =>
  selectionSet.selections.map((node) => print(node).replace(/\s*[({].*/s, '')).join(' ')

/** What was worked on by itself, and what as a branch, by root fields. */
async function worked(query: string) {
  const alone: string[] = []
  const coalesced: string[] = []
  const noting =
    (those: string[]): Work =>
    (operation, signal) => {
      those.push(fieldsOf(operation.definition))
      return work(operation, signal)
    }
  const both = withBranches(noting(alone), { coalesced: noting(coalesced), told: false })
  await both(permitted(query, { u: '7' }), new AbortController().signal)
  return { alone, coalesced }
}

describe('the branches of a query', () => {
  it('are neighbouring root fields that use the same variables, through fragments too', () => {
    const query = `
      query ($u: ID!, $n: Int, $unused: Int = 3) { list { ...I } version user(id: $u) { ...U } more: list(first: $n) { id } }
      fragment U on User { items(first: $n) { ...I } }
      fragment I on Item { id }
    `.replace('$unused: Int = 3', '')
    expect(divided(query, { u: '1', n: 3 })).toEqual([
      ['list version', {}],
      ['user', { u: '1', n: 3 }],
      ['_fm_more: list', { n: 3 }],
    ])
  })

  it.each([
    ['one root field', '{ list { id } }'],
    [
      'the same variables everywhere',
      'query ($n: Int) { list(first: $n) { id } user(id: "1") { items(first: $n) { id } } }',
    ],
    ['a fragment at the root', 'query ($u: ID!) { ...Q user(id: $u) { id } } fragment Q on Query { version }'],
    ['a name with two fields', 'query ($u: ID!) { user(id: $u) { id } version user(id: $u) { name } }'],
    [
      'more of them than are worth it',
      `query (${[1, 2, 3, 4, 5].map((n) => `$u${n}: ID!`)}) { ${[1, 2, 3, 4, 5].map((n) => `a${n}: user(id: $u${n}) { id }`)} }`,
    ],
    ['a mutation', 'mutation ($u: ID!) { change other(id: $u) }'],
  ])('are not made of %s', (_, query) => {
    expect(divided(query, { u: '1', u1: '1', u2: '2', u3: '3', u4: '4', u5: '5' })).toBeUndefined()
  })

  it('are the same documents each time, so that each is planned and compiled once', () => {
    const query = 'query ($u: ID!) { version user(id: $u) { id } }'
    const [one, two] = ['1', '2'].map((u) => branchesOf(permitted(query, { u }), false)!)
    expect(one!.map(({ definition }) => definition)).toEqual(two!.map(({ definition }) => definition))
    expect(one![1]!.definition).toBe(two![1]!.definition)
    expect(new Set(one!.map(({ planKey }) => planKey)).size).toBe(2)
    expect(one!.map(({ planKey }) => planKey)).toEqual(two!.map(({ planKey }) => planKey))
  })

  it.each([
    [
      'what is there',
      'query ($u: ID!) { list { id name(in: "de") } user(id: $u) { ...U } version } fragment U on User { id items { id } }',
    ],
    ['a null that goes up to the root', 'query ($u: ID!) { version user(id: $u) { id } must }'],
    ['errors with their places', 'query ($u: ID!) { broken user(id: $u) { id } again: broken }'],
    ['a field that is left out', 'query ($u: ID!, $no: Boolean!) { version user(id: $u) @include(if: $no) { id } }'],
    ['the schema', 'query ($u: ID!) { __typename user(id: $u) { __typename } __type(name: "Item") { name } }'],
  ])('come to the same as the whole: %s', async (_, query) => {
    const operation = permitted(query, { u: '7', no: false })
    expect(branchesOf(operation, false)).toBeDefined()
    expect(
      told(await withBranches(work, { coalesced: work, told: false })(operation, new AbortController().signal)),
    ).toEqual(told(await work(operation, new AbortController().signal)))
  })

  it('are shared; an operation of one branch is not, and a mutation is known where they are, as it ends what was asked before', async () => {
    expect(await worked('query ($u: ID!) { version user(id: $u) { id } }')).toEqual({
      alone: [],
      coalesced: ['version', 'user'],
    })
    expect(await worked('{ version list { id } }')).toEqual({ alone: ['version list'], coalesced: [] })
    expect(await worked('mutation ($u: ID!) { change other(id: $u) }')).toEqual({
      alone: [],
      coalesced: ['change other'],
    })
  })

  it('are of the instant of their operation alone, where subgraphs are told it', () => {
    const operation = permitted('query ($u: ID!) { version user(id: $u) { id } }', { u: '7' })
    expect(branchesOf(operation, false)!.map(({ isOfNow }) => isOfNow)).toEqual([true, true])
    expect(branchesOf(operation, true)!.map(({ isOfNow }) => isOfNow)).toEqual([false, false])
  })

  it('are written as one response, whatever its size: the bytes are those of its text', async () => {
    const frame = { before: '{"data":', after: ',"extensions":{}}' }
    for (const first of [1, 500]) {
      const operation = permitted(
        'query ($u: ID!, $n: Int, $no: Boolean!) { user(id: $u) { id } version @include(if: $no) list(first: $n) { id name(in: "中文") } }',
        { u: '7', n: first, no: false },
      )
      const { signal } = new AbortController()
      const answer = await withBranches(work, { coalesced: work, told: false })(operation, signal)
      const whole = await work(operation, signal)
      for (const _ of [1, 2])
        expect(Buffer.from(answer.body(frame)).toString()).toBe(frame.before + whole.data + frame.after)
    }
  })
})
