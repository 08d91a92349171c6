/**
 * Random rules on a graph of interfaces, unions, interface objects and required fields, random operations and callers:
 * the road must answer what a reading of the rules on one plain object graph answers, and send nothing forbidden.
 */
import fc from 'fast-check'
import {
  type FieldNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { expect, it } from 'vitest'
import { graphOf, type Who } from './cases/graph.ts'

type Thing = Readonly<Record<string, unknown>>

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
const graphs = Number(process.env.FUZZ_GRAPHS ?? 10)
const operationsPerGraph = 40

const slots = [
  ...['Person', 'Robot', 'Box', 'Level', 'Serial'],
  ...['id', 'label', 'rank', 'age', 'level', 'friend', 'pets', 'score'].map((field) => `Person.${field}`),
  ...['id', 'label', 'rank', 'serial', 'owner'].map((field) => `Robot.${field}`),
  ...['size', 'inner', 'content'].map((field) => `Box.${field}`),
  ...['stars', 'notes'].map((field) => `Node.${field}`),
]

const rules: Readonly<Record<string, (who: Who) => boolean>> = {
  '': () => true,
  '@authenticated': ({ token, scopes = [], policies = [] }) => token || scopes.length > 0 || policies.length > 0,
  '@requiresScopes(scopes: [["a"]])': ({ scopes }) => !!scopes?.includes('a'),
  '@requiresScopes(scopes: [["a", "b"], ["c"]])': ({ scopes = [] }) =>
    scopes.includes('c') || (scopes.includes('a') && scopes.includes('b')),
  '@policy(policies: [["p"]])': ({ policies }) => !!policies?.includes('p'),
}
const ruleTexts = Object.keys(rules)

const box: Record<string, unknown> = { __typename: 'Box', size: 3 }
const ada: Record<string, unknown> = {
  __typename: 'Person',
  id: 'p1',
  label: 'Ada',
  rank: 1,
  age: 36,
  level: 'HIGH',
  score: 5,
}
const bob: Record<string, unknown> = {
  __typename: 'Person',
  id: 'p2',
  label: 'Bob',
  rank: 2,
  age: 41,
  level: 'LOW',
  score: 6,
}
const r2: Record<string, unknown> = { __typename: 'Robot', id: 'r1', label: 'R2', rank: 3, serial: 's1', owner: ada }
Object.assign(ada, { friend: bob, pets: [r2], worth: 72, stars: 2, notes: ['n'] })
Object.assign(bob, { friend: null, pets: [], worth: 82, stars: 2, notes: ['n'] })
Object.assign(r2, { stars: 2, notes: ['n'] })
Object.assign(box, { inner: { __typename: 'Box', size: null, inner: null, content: r2 }, content: bob })
const root: Thing = { node: ada, nodes: [ada, r2, bob], person: ada, robot: r2, any: box, anys: [ada, box, r2, null] }
const byId = ({ id }: { id: string }) => [ada, bob, r2].find((one) => one.id === id)

const subgraphs = (rule: Readonly<Record<string, string>>) => ({
  main: {
    sdl: `
      type Query { node: Node nodes: [Node!] person: Person robot: Robot! any: Any anys: [Any] }
      interface Node @key(fields: "id") { id: ID! label: String rank: Int }
      type Person implements Node @key(fields: "id") ${rule.Person} {
        id: ID! ${rule['Person.id']}
        label: String ${rule['Person.label']}
        rank: Int ${rule['Person.rank']}
        age: Int! ${rule['Person.age']}
        level: Level ${rule['Person.level']}
        friend: Person ${rule['Person.friend']}
        pets: [Robot!] ${rule['Person.pets']}
      }
      type Robot implements Node @key(fields: "id") ${rule.Robot} {
        id: ID! ${rule['Robot.id']}
        label: String ${rule['Robot.label']}
        rank: Int ${rule['Robot.rank']}
        serial: Serial ${rule['Robot.serial']}
        owner: Person! ${rule['Robot.owner']}
      }
      union Any = Person | Robot | Box
      type Box ${rule.Box} {
        size: Int ${rule['Box.size']}
        inner: Box ${rule['Box.inner']}
        content: Node ${rule['Box.content']}
      }
      enum Level ${rule.Level} { HIGH LOW }
      scalar Serial ${rule.Serial}
    `,
    resolvers: {
      Query: Object.fromEntries(Object.entries(root).map(([field, value]) => [field, () => value])),
      Node: { __resolveReference: byId },
      Person: { __resolveReference: byId },
      Robot: { __resolveReference: byId },
    },
  },
  more: {
    sdl: `
      type Query { more: Int }
      type Person @key(fields: "id") {
        id: ID!
        age: Int! @external
        score: Int! ${rule['Person.score']}
        worth: Int @requires(fields: "age") ${rule['Person.age']}
      }
    `,
    resolvers: {
      Person: {
        __resolveReference: (reference: { id: string; age?: number }) => ({ ...byId(reference), ...reference }),
        worth: ({ age }: { age: number }) => age * 2,
      },
    },
  },
  added: {
    sdl: `
      type Query { added: Int }
      type Node @interfaceObject @key(fields: "id") {
        id: ID!
        stars: Int ${rule['Node.stars']}
        notes: [String!] ${rule['Node.notes']}
      }
    `,
    resolvers: { Node: { stars: () => 2, notes: () => ['n'] } },
  },
})

/** What a type, or a field of a type, asks, read off the rules alone. */
function reading(rule: Readonly<Record<string, string>>, who: Who) {
  const holds = (slot: string) => rules[rule[slot] ?? '']!(who)
  const type = (name: string): boolean => (name === 'Node' ? holds('Person') && holds('Robot') : holds(name))
  const own = (parent: string, field: string): boolean => {
    if (field === 'stars' || field === 'notes') return holds(`Node.${field}`)
    if (field === 'worth') return holds('Person.age')
    return parent === 'Node' ? holds(`Person.${field}`) && holds(`Robot.${field}`) : holds(`${parent}.${field}`)
  }
  return {
    type,
    field: (parent: string, field: string, returned: string) => own(parent, field) && type(parent) && type(returned),
  }
}

/** Answers an operation without fragments' names or variables, from the plain objects. */
function answer(schema: GraphQLSchema, query: string, { type, field }: ReturnType<typeof reading>): unknown {
  const collect = (
    sets: readonly SelectionSetNode[],
    parent: string,
    runtime: string,
    found: Map<string, [FieldNode, string][]>,
  ) => {
    for (const { selections } of sets) {
      for (const node of selections) {
        if (node.kind === 'Field') {
          const name = node.alias?.value ?? node.name.value
          found.set(name, [...(found.get(name) ?? []), [node, parent]])
        } else if (node.kind === 'InlineFragment') {
          const condition = node.typeCondition!.name.value
          const on = schema.getType(condition)
          const applies =
            condition === runtime || (isAbstractType(on) && schema.isSubType(on, schema.getType(runtime) as never))
          if (applies) collect([node.selectionSet], condition, runtime, found)
        }
      }
    }
    return found
  }
  const object = (sets: readonly SelectionSetNode[], parent: string, value: Thing): unknown => {
    const runtime = (value.__typename as string | undefined) ?? parent
    const result: Record<string, unknown> = {}
    for (const [name, selected] of collect(sets, parent, runtime, new Map())) {
      const fieldName = selected[0]![0].name.value
      if (fieldName === '__typename') {
        if (!selected.some(([, on]) => type(on)) || !type(runtime)) return null
        result[name] = runtime
        continue
      }
      const returned = (on: string) => {
        const declared = schema.getType(on)
        return isObjectType(declared) || isInterfaceType(declared) ? declared.getFields()[fieldName]!.type : undefined
      }
      const permitted = selected.filter(([, on]) => field(on, fieldName, getNamedType(returned(on)!).name))
      const declared = returned(runtime)!
      const completed =
        permitted.length === 0
          ? null
          : complete(
              permitted.flatMap(([node]) => node.selectionSet ?? []),
              returned(permitted[0]![1])!,
              value[fieldName],
            )
      if (completed === null && isNonNullType(declared)) return null
      result[name] = completed
    }
    return result
  }
  const complete = (sets: readonly SelectionSetNode[], declared: GraphQLOutputType, value: unknown): unknown => {
    if (isNonNullType(declared)) return complete(sets, declared.ofType, value)
    if (value === null || value === undefined) return null
    if (isListType(declared)) {
      const items = (value as unknown[]).map((item) => complete(sets, declared.ofType, item))
      return isNonNullType(declared.ofType) && items.includes(null) ? null : items
    }
    return isCompositeType(declared) ? object(sets, declared.name, value as Thing) : value
  }
  const [operation] = parse(query).definitions
  return object([(operation as { selectionSet: SelectionSetNode }).selectionSet], 'Query', root)
}

/** A random selection on a type, as text. */
function selection(schema: GraphQLSchema, typeName: string, depth: number, random: () => number): string {
  const type = schema.getType(typeName)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const parts: string[] = []
  let aliases = 0
  const alias = () =>
    random() < 0.3 ? `${pick(['id', 'label', 'x', 'stars'])}_${++aliases}_${Math.floor(random() * 1e6)}: ` : ''
  if (random() < 0.25) parts.push(`${alias()}__typename`)
  const fields = isUnionType(type) || !isCompositeType(type) ? [] : Object.values(type.getFields())
  const usable = fields.filter(
    ({ name, type: returned }) =>
      !['more', 'added'].includes(name) && (isLeafType(getNamedType(returned)) || depth > 0),
  )
  for (let count = 1 + Math.floor(random() * 3); count > 0 && usable.length > 0; count -= 1) {
    const { name, type: returned } = pick(usable)
    const below = getNamedType(returned)
    parts.push(`${alias()}${name}${isLeafType(below) ? '' : selection(schema, below.name, depth - 1, random)}`)
  }
  if (isAbstractType(type) || random() < 0.15) {
    const on = isAbstractType(type)
      ? schema.getPossibleTypes(type).map(({ name }) => name)
      : typeName === 'Query'
        ? []
        : [typeName]
    if (isUnionType(type) || typeName === 'Person' || typeName === 'Robot') on.push('Node')
    for (let count = Math.floor(random() * 3); count > 0 && on.length > 0; count -= 1) {
      const condition = pick(on)
      parts.push(`... on ${condition} ${selection(schema, condition, depth - 1, random)}`)
    }
  }
  if (parts.length === 0) parts.push('__typename')
  return `{ ${parts.join(' ')} }`
}

/** mulberry32: small, and good enough to choose with. */
function randomFrom(state: number): () => number {
  let at = state
  return () => {
    at = (at + 0x6d2b79f5) | 0
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

it(`answers and sends what the rules say, whatever they are (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (state) => {
      const random = randomFrom(state)
      const rule = Object.fromEntries(
        slots.map((slot) => [slot, random() < 0.7 ? '' : ruleTexts[Math.floor(random() * ruleTexts.length)]!]),
      )
      const ask = graphOf(subgraphs(rule))
      const who: Who[] = [{}, { token: true }, { scopes: ['a'] }, { scopes: ['c'], policies: ['p'] }]
      for (let count = 0; count < operationsPerGraph; count += 1) {
        const query = selection(ask.schema, 'Query', 4, random)
        const caller = who[count % who.length]!
        const { data, errors, leaks } = await ask(query, caller)
        const told = { query, caller, rule }
        expect({ data, leaks, ...told }).toEqual({
          data: answer(ask.schema, query, reading(rule, caller)),
          leaks: [],
          ...told,
        })
        expect(errors.filter((error) => !error.startsWith('UNAUTHORIZED_FIELD_OR_TYPE'))).toEqual([])
      }
    }),
    { seed, numRuns: graphs, endOnFailure: true },
  )
}, 1_800_000)
