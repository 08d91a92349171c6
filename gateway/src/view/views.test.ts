import { fileURLToPath } from 'node:url'
import { composeServices } from '@apollo/composition'
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals'
import { operationsFolder, readTrustedDocuments } from '@fundmesh/contracts/operations'
import { anonymous, type Caller } from '@fundmesh/platform/identity/caller'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import fc from 'fast-check'
import { buildSchema, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { failedAnswer } from '../errors/answer.ts'
import { loadSupergraph } from '../supergraph/supergraph.ts'
import { type Audience, everybody, readAudiences } from './audiences.ts'
import type { View } from './view.ts'
import { openViews } from './views.ts'

const log = createLogger('test', 'silent')
const contracts = (path: string) => fileURLToPath(new URL(`../../../contracts/${path}`, import.meta.url))

const caller = (tenant: string, ...scopes: string[]): Caller => ({
  tenant,
  subject: `${tenant}-app`,
  client: 'test',
  scopes: new Set(scopes),
  expiresAt: new Date(Date.now() + 600_000),
})

/** A supergraph of one subgraph with this SDL. */
function supergraphOf(sdl: string): { supergraph: Supergraph } {
  const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])'
  const { supergraphSdl, errors } = composeServices([
    { name: 'one', url: 'http://one.example', typeDefs: parse(`${link}\n${sdl}`) },
  ])
  if (!supergraphSdl) throw new Error(errors!.map(({ message }) => message).join('\n'))
  return {
    supergraph: Supergraph.build(supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES }),
  }
}

const audience = (rules: Partial<Audience>): Audience => ({ ...everybody, name: 'partner', ...rules })
const viewOf = (sdl: string, rules: Partial<Audience>): View =>
  openViews(supergraphOf(sdl), log, [audience(rules)]).of(caller('alder'))

/** The answer's bytes: what a client can compare. */
function answerOf(view: View, query: string, variables?: object): string {
  try {
    view.understand({ method: 'POST', query, variables })
    return 'understood'
  } catch (error) {
    return JSON.stringify(failedAnswer(error, log).errors)
  }
}

/** Names of an SDL's types, and `Type.part` of what is in them. */
function namesOf(sdl: string): string[] {
  return parse(sdl).definitions.flatMap((node) => {
    if (!('name' in node) || !node.name) return []
    const { value } = node.name
    const parts = [...('fields' in node ? (node.fields ?? []) : []), ...('values' in node ? (node.values ?? []) : [])]
    return [
      value,
      ...parts.flatMap((part) => [
        `${value}.${part.name.value}`,
        ...('arguments' in part ? (part.arguments ?? []) : []).map(
          (argument) => `${value}.${part.name.value}(${argument.name.value}:)`,
        ),
      ]),
    ]
  })
}

describe('a view made by tags', () => {
  const exclude = { exclude: ['internal'] }

  it.each<[string, string, Partial<Audience>, string[]]>([
    ['takes out a field', 'type Query { a: Int b: Int @tag(name: "internal") }', exclude, ['Query', 'Query.a']],
    [
      'takes out an argument that may be left out',
      'type Query { a(x: Int, y: Int @tag(name: "internal")): Int }',
      exclude,
      ['Query', 'Query.a', 'Query.a(x:)'],
    ],
    [
      'takes out an input field and an enum value',
      `type Query { a(in: In, e: E): Int }
       input In { x: Int y: Int @tag(name: "internal") } enum E { P Q @tag(name: "internal") }`,
      exclude,
      ['E', 'E.P', 'In', 'In.x', 'Query', 'Query.a', 'Query.a(in:)', 'Query.a(e:)'],
    ],
    [
      'takes out a type whose every field is hidden, and the fields of that type, and what only they led to',
      `type Query { a: Int b: B c: C } type B { x: Int @tag(name: "internal") y: OnlyThere @tag(name: "internal") }
       type C { b: [B!]! } enum OnlyThere { P }`,
      exclude,
      ['Query', 'Query.a'],
    ],
    [
      'takes out an enum and a union with nothing left in them',
      `type Query { a: Int e: E u: U } enum E { P @tag(name: "internal") }
       union U = A | B type A @tag(name: "internal") { x: Int } type B @tag(name: "internal") { x: Int }`,
      exclude,
      ['Query', 'Query.a'],
    ],
    [
      'keeps what is left of an interface and a union',
      `type Query { i: I u: U } interface I { x: Int } union U = A | B
       type A implements I { x: Int } type B implements I @tag(name: "internal") { x: Int }`,
      exclude,
      ['A', 'A.x', 'I', 'I.x', 'Query', 'Query.i', 'Query.u', 'U'],
    ],
    [
      'does not show the other objects of an interface that is only implemented',
      `type Query { a: A b: B @tag(name: "internal") } interface I { x: Int }
       type A implements I { x: Int } type B implements I { x: Int }`,
      exclude,
      ['A', 'A.x', 'I', 'I.x', 'Query', 'Query.a'],
    ],
    [
      'takes out mutations as a whole, with their inputs',
      `type Query { a: Int } type Mutation { m(in: In!): R @tag(name: "internal") }
       input In { x: Int } type R { x: Int }`,
      exclude,
      ['Query', 'Query.a'],
    ],
    [
      'shows what is included, by field or by type, and what that needs',
      `type Query { a(in: In): A @tag(name: "open") b: B c: Int } input In { x: Int }
       type A @tag(name: "open") { x: Int b: B } type B { x: Int }`,
      { include: ['open'] },
      ['A', 'A.x', 'In', 'In.x', 'Query', 'Query.a', 'Query.a(in:)'],
    ],
    [
      'lets what is excluded win over what is included',
      'type Query @tag(name: "open") { a: Int b: Int @tag(name: "internal") }',
      { include: ['open'], ...exclude },
      ['Query', 'Query.a'],
    ],
  ])('%s', (_, sdl, rules, expected) => {
    expect(namesOf(viewOf(sdl, rules).sdl).sort()).toEqual([...expected].sort())
  })

  it.each<[string, string, Partial<Audience>, RegExp]>([
    [
      'would hide a required argument',
      'type Query { a(x: Int! @tag(name: "internal")): Int }',
      exclude,
      /Query\.a\(x:\).*required/,
    ],
    [
      'would hide a required input field',
      'type Query { a(in: In): Int } input In { x: Int! @tag(name: "internal") y: Int }',
      exclude,
      /In\.x.*required/,
    ],
    [
      'would hide a field that an interface promises',
      'type Query { i: I } interface I { x: Int y: Int } type A implements I { x: Int @tag(name: "internal") y: Int }',
      exclude,
      /A\.x/,
    ],
    [
      'would hide a value that is a default',
      'type Query { a(e: E = Q): Int } enum E { P Q @tag(name: "internal") }',
      exclude,
      /E\.Q/,
    ],
    ['would have no query left', 'type Query { a: Int @tag(name: "internal") }', exclude, /Query/],
    ['names a tag that nothing carries', 'type Query { a: Int }', { exclude: ['intrenal'] }, /intrenal/],
  ])('is refused by the name of its audience where it %s', (_, sdl, rules, reason) => {
    expect(() => viewOf(sdl, rules)).toThrow(/^audience partner: /)
    expect(() => viewOf(sdl, rules)).toThrow(reason)
  })

  it('hides what the graph itself hides already, for everybody', () => {
    const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@inaccessible"])
      type Query { a: Int b: Int @inaccessible c: Int @tag(name: "internal") }`
    const loaded = supergraphOf(sdl.replace(/^.*\n/, '').replace('@inaccessible', '@federation__inaccessible'))
    expect(namesOf(openViews(loaded, log).of(anonymous).sdl)).toEqual(['Query', 'Query.a', 'Query.c'])
    expect(namesOf(openViews(loaded, log, [audience(exclude)]).of(anonymous).sdl)).toEqual(['Query', 'Query.a'])
  })

  it('is made once for audiences that see the same', () => {
    const loaded = supergraphOf('type Query { a: Int b: Int @tag(name: "x") @tag(name: "y") }')
    const views = openViews(loaded, log, [
      audience({ name: 'one', exclude: ['x'], has: ({ tenant }) => tenant === 'alder' }),
      audience({ name: 'two', exclude: ['y'] }),
    ])
    const [one, two] = [views.of(caller('alder')), views.of(caller('birch'))]
    expect([one.name, two.name]).toEqual(['one', 'two'])
    expect(two.schema).toBe(one.schema)
    expect(two.understand({ method: 'POST', query: '{ a }' }).view).toBe(one.fingerprint)
  })

  it('is nobody’s whom no audience has', () => {
    const loaded = supergraphOf('type Query { a: Int }')
    const views = openViews(loaded, log, [audience({ has: ({ tenant }) => tenant === 'alder' })])
    expect(() => views.of(caller('birch'))).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN' }) }),
    )
    expect(() => views.of(anonymous)).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) }),
    )
  })
})

describe('an audience that may not ask for the schema', () => {
  const view = viewOf(
    'type Query { fund(id: ID!, kind: Kind): Fund } type Fund { name: String } enum Kind { OPEN CLOSED }',
    {
      introspection: false,
    },
  )

  it.each(['{ __schema { types { name } } }', '{ __type(name: "Fund") { name } }'])('is refused %s', (query) => {
    expect(answerOf(view, query)).toContain('introspection has been disabled')
  })

  it.each<[string, object?]>([
    ['{ fnud { name } }'],
    ['{ fund(id: "a", knid: OPEN) { name } }'],
    ['{ fund(id: "a", kind: OPNE) { name } }'],
    ['query ($k: Kind) { fund(id: "a", kind: $k) { name } }', { k: 'OPNE' }],
    ['{ fund(id: "a") { ... on Fnud { name } } }'],
  ])('gets no suggestion for %s', (query, variables) => {
    const answer = answerOf(view, query, variables)
    expect(answer).toMatch(/GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT/)
    expect(answer).not.toContain('Did you mean')
  })

  it('still learns the type of what it was given', () => {
    expect(answerOf(view, '{ fund(id: "a") { __typename } }')).toBe('understood')
  })
})

describe('the committed audiences', () => {
  const loaded = loadSupergraph(contracts('graph/supergraph.graphql'), new Map())
  const documents = readTrustedDocuments(operationsFolder)
  const views = openViews(loaded, log, readAudiences(contracts('access/audiences.yaml')), documents)
  const [internal, partner, catalogue] = [views.of(caller('house')), views.of(caller('alder')), views.of(anonymous)]

  it('show clients no administration, and anonymous callers the catalogue alone', () => {
    expect([internal.name, partner.name, catalogue.name]).toEqual(['internal', 'partner', 'public'])
    expect(views.of(caller('alder', 'entitlement:admin')).name).toBe('internal')
    expect(internal.schema.getMutationType()).toBeTruthy()
    expect(partner.schema.getMutationType()).toBeFalsy()
    expect(Object.keys(catalogue.schema.getQueryType()!.getFields()).sort()).toEqual(['dataProduct', 'dataProducts'])
    expect(catalogue.schema.getType('Fund')).toBeUndefined()
  })

  it('give out a schema without the machinery of federation', () => {
    for (const { sdl, schema } of [internal, partner, catalogue]) {
      expect(sdl).not.toMatch(
        /join__|link__|@tag|@inaccessible|@public|@policy|@requiresScopes|@listSize|_entities|_service/,
      )
      expect(namesOf(sdl).sort()).toEqual(namesOf(sdl.slice()).sort())
      expect(Object.keys(buildSchema(sdl).getTypeMap()).sort()).toEqual(Object.keys(schema.getTypeMap()).sort())
    }
  })

  // The views above were opened with them: a document that does not fit is refused there, by its name.
  it('have an app of their own for every trusted document', () => {
    const apps = new Set(readAudiences(contracts('access/audiences.yaml')).flatMap(({ apps }) => apps))
    expect(documents.filter(({ app }) => !apps.has(app))).toEqual([])
    const query = documents.find(({ name }) => name === 'dashboard/share-classes.graphql')!
    expect(partner.understand({ method: 'GET', query: undefined, documentId: `sha256:${query.id}` }).view).toBe(
      partner.fingerprint,
    )
  })

  it('let the planner of each know no more than its view', async () => {
    const operation = internal.understand({ method: 'POST', query: '{ tenants { id } }' })
    await expect(views.planner.plan(operation as never)).resolves.toBeTruthy()
    await expect(views.planner.plan({ ...operation, view: partner.fingerprint } as never)).rejects.toThrow()
  })
})

/**
 * What a partner learns by asking. A graph is generated in two editions: in one some elements are there and hidden from
 * the partner, in the other they were never written. The same questions, of names that are there, hidden, or neither,
 * must be answered with the same bytes.
 */
describe('a partner cannot tell what is hidden from what was never there', () => {
  const tag = ' @tag(name: "internal")'
  const scalars = ['Int', 'String', 'ID']

  /** A graph's SDL: what the seed hides is tagged or, where it was never written, left out. */
  const graph = (seed: boolean[], written: boolean) => {
    let turn = 0
    const isHidden = () => seed[turn++ % seed.length]!
    const element = (text: string) => {
      const hidden = isHidden()
      return hidden && !written ? '' : `${text}${hidden ? tag : ''}`
    }
    /** Below a hidden type everything is hidden with it. */
    const below = (hidden: boolean, text: string) => {
      const own = element(text)
      return hidden ? (written ? `${text}${tag}` : '') : own
    }
    const things = [0, 1, 2].map((n) => ({ name: `Thing${n}`, hidden: isHidden() }))
    const typeOfThing = ({ name, hidden }: { name: string; hidden: boolean }) => {
      const fields = [
        'id: ID!',
        element('amount(unit: Unit, filter: Filter): Int'),
        element('note: String'),
        ...things.map((other) => below(other.hidden, `other${other.name}: ${other.name}`)),
      ]
      if (hidden && !written) return ''
      return `type ${name}${hidden ? tag : ''} { ${fields.join('\n')} }`
    }
    return `
      type Query {
        me: ID
        hiddenInBoth: Int${tag}
        ${element('secret: String')}
        ${element('count(of: Unit, where: Filter): Int')}
        ${things.map(({ name, hidden }) => below(hidden, `get${name}(id: ID, unit: Unit): ${name}`)).join('\n')}
      }
      type Subscription { tick: Int ${element('quietTick: Int')} }
      ${things.map(typeOfThing).join('\n')}
      enum Unit { ONE ${element('HUNDRED')} ${element('THOUSAND')} }
      input Filter { text: String ${element('owner: String')} ${element('unit: Unit')} }
    `
  }
  const nameOf = fc.constantFrom(
    ...['me', 'secret', 'secrte', 'count', 'cuont', 'getThing0', 'getThing1', 'getThing2', 'getThing3', 'id', 'amount'],
    ...['note', 'ntoe', 'otherThing0', 'otherThing1', 'tick', 'quietTick', '__typename', 'to0x1'],
  )
  const typeOf = fc.constantFrom(
    'Thing0',
    'Thing1',
    'Thing2',
    'Thing3',
    'Unit',
    'Filter',
    'Query',
    'Mutation',
    ...scalars,
  )
  const argumentsOf = fc.constantFrom(
    ...['', '(of: HUNDRED)', '(of: HUNDERD)', '(where: { owner: "a" })', '(where: { onwer: "a" })', '(id: "a")'],
    ...[
      '(unit: THOUSAND)',
      '(unit: TOUSAND)',
      '(filter: { unit: HUNDRED })',
      '(where: $filter)',
      '(of: $unit)',
      '(unti: ONE)',
    ],
  )
  const selection = fc.letrec<{ one: string; set: string }>((tie) => ({
    one: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.tuple(nameOf, argumentsOf).map((parts) => parts.join('')),
      fc.tuple(nameOf, argumentsOf, tie('set')).map(([name, given, set]) => `${name}${given} ${set}`),
      fc.tuple(typeOf, tie('set')).map(([type, set]) => `... on ${type} ${set}`),
      typeOf.map(
        (type) =>
          `__type(name: "${type}") { name fields { name args { name } } enumValues { name } inputFields { name } }`,
      ),
      fc.constant('__schema { types { name } mutationType { name } }'),
    ),
    set: fc.array(tie('one'), { minLength: 1, maxLength: 3 }).map((ones) => `{ ${ones.join(' ')} }`),
  }))
  const operation = fc.oneof(
    { weight: 6, arbitrary: selection.set },
    { weight: 1, arbitrary: selection.set.map((set) => `subscription ${set}`) },
    { weight: 1, arbitrary: selection.set.map((set) => `mutation ${set}`) },
    { weight: 3, arbitrary: selection.set.map((set) => `query ($unit: Unit, $filter: Filter) ${set}`) },
    { weight: 1, arbitrary: fc.tuple(typeOf, selection.set).map(([type, set]) => `query ($x: ${type}) ${set}`) },
    {
      weight: 1,
      arbitrary: fc.tuple(typeOf, selection.set).map(([type, set]) => `{ ...F } fragment F on ${type} ${set}`),
    },
  )
  const variables = fc.constantFrom<object>(
    ...[{}, { unit: 'HUNDRED' }, { unit: 'HUNDERD' }, { filter: { owner: 'a' } }, { filter: { onwer: 'a' } }],
    ...[{ filter: { unit: 'THOUSAND' } }, { unit: 'ONE', filter: { text: 'a' } }],
  )

  it('by any operation, over generated graphs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 5, maxLength: 24 }),
        fc.array(fc.tuple(operation, variables), { minLength: 100, maxLength: 100 }),
        (seed, questions) => {
          fc.pre(seed.some(Boolean))
          const hidden = viewOf(graph(seed, true), { exclude: ['internal'] })
          const never = viewOf(graph(seed, false), { exclude: ['internal'] })
          expect(hidden.sdl).toBe(never.sdl)
          expect(hidden.etag).toBe(never.etag)
          for (const [query, given] of questions) {
            expect(answerOf(hidden, query, given), query).toBe(answerOf(never, query, given))
          }
        },
      ),
      { numRuns: 20, endOnFailure: true },
    )
  })
})
