/**
 * Random schemas, operations and data, right and wrong: what is completed here must be what graphql-js completes by
 * executing the operation over the same data, byte for byte and error for error.
 */
import { type Random, random } from '@fundmesh/platform/testing/random'
import {
  buildSchema,
  type DocumentNode,
  doTypesOverlap,
  executeSync,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql'
import { expect, it } from 'vitest'
import { completing } from './testing.ts'

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
const schemas = Number(process.env.FUZZ_GRAPHS ?? 12)
const operationsPerSchema = 25
const dataPerOperation = 4

const objects = ['A', 'B', 'C'] as const
const leaves = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Color', 'Anything'] as const

function randomSchema({ pick, chance, below }: Random): GraphQLSchema {
  const wrapped = (name: string): string => {
    let type = name
    for (let lists = pick([0, 0, 0, 1, 1, 2]); lists > 0; lists--) type = `[${type}${chance(0.4) ? '!' : ''}]`
    return chance(0.4) ? `${type}!` : type
  }
  const types = [...leaves, ...objects, 'Named', 'Either']
  const shared = wrapped(pick(types))
  const fields = (of: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${of.toLowerCase()}${index}: ${wrapped(pick(types))}`).join(' ')
  return buildSchema(`
    scalar Anything
    enum Color { RED GREEN }
    interface Named { name: String same: ${shared} }
    union Either = A | B
    type Query { ${fields('q', 4)} named: [Named] either: Either }
    ${objects.map((name) => `type ${name} implements Named { name: String same: ${shared} constructor: Int ${fields(name, 2 + below(4))} }`).join('\n')}
  `)
}

function randomOperation({ pick, chance, below }: Random, schema: GraphQLSchema): string {
  const condition = () =>
    chance(0.15) ? ` @${pick(['skip', 'include'])}(if: ${pick(['$yes', '$no', 'true', 'false'])})` : ''
  const mayBe = (type: GraphQLCompositeType, name: string) =>
    type.name !== 'Query' && doTypesOverlap(schema, type, schema.getType(name) as GraphQLCompositeType)
  const select = (type: GraphQLCompositeType, depth: number): string => {
    const selections: string[] = []
    for (let count = 1 + below(4); count > 0; count--) {
      const fields = isUnionType(type) ? [] : Object.values(type.getFields())
      const choice = below(10)
      if (choice < 2 && type.name !== 'Query' && depth > 0) {
        const on = pick([...objects, 'Named', 'Either'].filter((name) => mayBe(type, name)))
        selections.push(`... on ${on}${condition()} ${select(schema.getType(on) as GraphQLCompositeType, depth - 1)}`)
      } else if (choice < 3 || fields.length === 0) {
        selections.push(`${pick(['', 'kind: ', '__proto__: '])}__typename${condition()}`)
      } else {
        const field = pick(fields)
        const named = getNamedType(field.type)
        if (isCompositeType(named) && depth <= 0) continue
        const alias = pick([
          '',
          '',
          '',
          `${field.name}: `,
          `x${field.name}: `,
          field.name === 'name' ? 'toString: ' : '',
        ])
        selections.push(`${alias}${field.name}${condition()} ${isCompositeType(named) ? select(named, depth - 1) : ''}`)
      }
    }
    return `{ ${selections.join(' ') || '__typename'} }`
  }
  const introspection = chance(0.2) ? '__schema { queryType { n: name } } it: __type(name: $type) { kind }' : ''
  const body = select(schema.getQueryType()!, 4).slice(1)
  const used = Object.entries({ $yes: 'Boolean! = true', $no: 'Boolean = false', $type: 'String! = "A"' }).filter(
    ([name]) => `${introspection} ${body}`.includes(name),
  )
  const variables = used.length > 0 ? `(${used.map((variable) => variable.join(': ')).join(', ')})` : ''
  return `query ${variables} { ${introspection} ${body}`
}

/** Data for all that is selected, whatever its condition, and more; `wrong`: how likely a value is not what it should be. */
function randomData({ pick, chance, below }: Random, schema: GraphQLSchema, document: DocumentNode, wrong: number) {
  const isPlain = chance(0.5)
  const value = (type: GraphQLOutputType, sets: readonly SelectionSetNode[]): unknown => {
    if (isNonNullType(type)) return chance(wrong) ? null : value(type.ofType, sets)
    if (chance(0.1)) return null
    if (isListType(type)) {
      if (chance(wrong)) return pick([1, 'list', {}])
      return Array.from({ length: below(3) }, () => value(type.ofType, sets))
    }
    if (!isCompositeType(type)) return chance(wrong) ? notLeaf(type.name) : leaf(type.name)
    const possible = isAbstractType(type) ? pick(schema.getPossibleTypes(type)) : (type as GraphQLObjectType)
    return object(
      possible,
      isAbstractType(type) && chance(wrong) ? pick(['C', 'Nobody', 'Color']) : possible.name,
      sets,
    )
  }
  const leaf = (type: string): unknown =>
    ({
      Int: () => pick([0, -1, 7, 2 ** 31 - 1]),
      Float: () => pick([0, 1.5, -0, 1e21, 1e-7]),
      String: () =>
        pick(['', 'text', 'Zürich \u2028 😀', ...(isPlain ? [] : ['a "quoted" \\ text\n', '\u0007', '\ud800'])]),
      Boolean: () => pick([true, false]),
      ID: () => pick(['id', 'ä', 12]),
      Color: () => pick(['RED', 'GREEN']),
      Anything: () => pick<unknown>(['text', 1, { a: [1, { b: null }] }, [], false]),
    })[type]!()
  /** What no server could take for one, however willing it is to convert. */
  const notLeaf = (type: string): unknown =>
    ({
      Int: () => pick<unknown>([{}, 0.5, 2 ** 31, 'text']),
      Float: () => pick<unknown>([{}, [1], 'text']),
      String: () => pick<unknown>([{}, []]),
      Boolean: () => pick<unknown>([{}, 'true']),
      ID: () => pick<unknown>([{}, 0.5]),
      Color: () => pick<unknown>([{}, 'BLUE', 1]),
      Anything: () => null,
    })[type]!()
  const object = (type: GraphQLObjectType, name: string, sets: readonly SelectionSetNode[]) => {
    const data: Record<string, unknown> = { __typename: name, hiddenKey: 'key' }
    for (const [planName, nodes] of selected(sets)) {
      const field = type.getFields()[nodes[0]!.name.value]
      if (field && !chance(wrong / 4))
        data[planName] = value(
          field.type,
          nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
        )
    }
    return data
  }
  const selected = (sets: readonly SelectionSetNode[], into = new Map<string, FieldNode[]>()) => {
    for (const node of sets.flatMap(({ selections }) => selections)) {
      if (node.kind === Kind.FIELD) into.set(planNameOf(node), [...(into.get(planNameOf(node)) ?? []), node])
      else if (node.kind === Kind.INLINE_FRAGMENT) selected([node.selectionSet], into)
    }
    return into
  }
  const [operation] = document.definitions
  return object(schema.getQueryType()!, 'Query', [(operation as OperationDefinitionNode).selectionSet])
}

/** What the plan calls a field's value (operation/aliases.ts). */
const planNameOf = ({ alias, name }: FieldNode) =>
  alias && alias.value !== name.value ? `_fm_${alias.value}` : name.value

const byPlanName: GraphQLFieldResolver<unknown, unknown> = (source, _arguments, _context, { fieldNodes: [node] }) => {
  const name = planNameOf(node!)
  return Object.hasOwn(source as object, name) ? (source as Record<string, unknown>)[name] : undefined
}

it(`completes what graphql-js completes (seed ${seed})`, () => {
  const choices = random(seed)
  let compared = 0
  for (let schemaCount = 0; schemaCount < schemas; schemaCount++) {
    const schema = randomSchema(choices)
    const complete = completing(schema)
    for (let count = 0; count < operationsPerSchema; count++) {
      const query = randomOperation(choices, schema)
      const document = parse(query)
      if (validate(schema, document).length > 0) continue
      for (let times = 0; times < dataPerOperation; times++) {
        const data = randomData(choices, schema, document, choices.pick([0, 0.02, 0.2]))
        const variables = { yes: choices.chance(0.5), no: choices.chance(0.5), type: choices.pick(['A', 'Nobody']) }
        // By the rule of fetch/transport/read-answer.ts.
        const isPlain = !JSON.stringify(data).includes('\\')
        const completed = complete(query, data, { variables, isPlain })
        const oracle = executeSync({
          schema,
          document,
          rootValue: data,
          variableValues: variables,
          fieldResolver: byPlanName,
        })
        const shown = `${query}\n${JSON.stringify(variables)}\n${JSON.stringify(data).slice(0, 2_000)}`
        expect(completed.data, shown).toBe(JSON.stringify(oracle.data))
        expect(
          completed.errors.map(({ path }) => path),
          shown,
        ).toEqual((oracle.errors ?? []).map(({ path }) => path))
        const again = complete(query, completed.delivered.data as typeof data, { variables })
        expect(again.data, `as it is delivered: ${shown}`).toBe(completed.data)
        compared++
      }
    }
  }
  expect(compared).toBeGreaterThan((schemas * operationsPerSchema * dataPerOperation) / 2)
}, 300_000)
