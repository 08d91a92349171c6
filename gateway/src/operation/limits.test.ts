import fc from 'fast-check'
import { type ASTNode, buildSchema, type GraphQLError, getIntrospectionQuery, parse, visit } from 'graphql'
import { describe, expect, it } from 'vitest'
import { limits } from './limits.ts'
import { checkDocument } from './limits-document.ts'
import { understanding } from './understand.ts'

const schema = buildSchema(`
  type Query { node(ids: [ID!], in: In): Node name: String }
  type Mutation { name: String }
  type Node { node: Node id: ID! name: String }
  input In { in: In list: [[Int]] }
`)
const understand = understanding({ schema, fingerprint: 'test', introspection: true })

function caught(action: () => unknown): GraphQLError {
  try {
    action()
  } catch (error) {
    return (error instanceof AggregateError ? error.errors[0] : error) as GraphQLError
  }
  throw new Error('expected a refusal; got none')
}

/** What a request is refused with: the code, the limit, what is allowed and what came. */
function refusal(query: string, variables?: object) {
  const { http: _, ...data } = caught(() => understand({ method: 'POST', query, variables })).extensions
  return data
}

const tooComplex = (limit: keyof typeof limits, got: number) => ({
  code: 'OPERATION_TOO_COMPLEX',
  limit,
  allowed: limits[limit],
  got,
})

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ')
const nested = (depth: number) => `${'{ node '.repeat(depth)}{ id }${' }'.repeat(depth)}`
const chain = (length: number, end: string, step: (next: string) => string) =>
  `{ ...F0 } ${times(length, (i) => `fragment F${i} on Query ${step(`...F${i + 1}`)}`)} fragment F${length} on Query ${end}`

describe('an operation that is too large is refused with the limit, what is allowed and what came', () => {
  it.each<[string, string, ReturnType<typeof tooComplex>]>([
    ['tokens', `{ ${times(10_001, () => 'name')} }`, tooComplex('tokens', 10_001)],
    ['brackets of selections', '{ node '.repeat(101), tooComplex('nesting', 101)],
    ['brackets of lists', `{ node(in: { list: ${'['.repeat(200)}`, tooComplex('nesting', 101)],
    ['brackets of types', `query ($x: ${'['.repeat(200)}Int`, tooComplex('nesting', 101)],
    ['operations', times(51, (i) => `query Q${i} { name }`), tooComplex('operations', 51)],
    ['fragments', `{ name } ${times(101, (i) => `fragment F${i} on Query { name }`)}`, tooComplex('fragments', 101)],
    ['depth', nested(20), tooComplex('depth', 21)],
    [
      'depth through fragments',
      `{ ...A } fragment A on Query { node { ...B } } fragment B on Node ${nested(20)}`,
      tooComplex('depth', 22),
    ],
    ['root fields', `{ ${times(51, (i) => `a${i}: name`)} }`, tooComplex('rootFields', 51)],
    ['aliases', `{ node { ${times(201, (i) => `a${i}: name`)} } }`, tooComplex('aliases', 201)],
    ['directives at one field', `{ name ${times(11, () => '@skip(if: false)')} }`, tooComplex('directivesPerNode', 11)],
    ['directives of unknown names', `{ name ${times(11, (i) => `@a${i}`)} }`, tooComplex('directivesPerNode', 11)],
    [
      'directives of an operation',
      `{ node { ${times(101, (i) => `${i % 2 ? 'id' : 'name'} @skip(if: false)`)} } }`,
      tooComplex('directives', 101),
    ],
    [
      'a fragment bomb: 2^30 fields from 31 lines',
      chain(30, '{ name }', (next) => `{ ${next} ${next} }`),
      tooComplex('selections', 3 * 2 ** 30 - 1),
    ],
    [
      'a bomb beyond what a number can count',
      chain(99, '{ name }', (next) => `{ ${times(16, () => next)} }`),
      tooComplex('selections', Number.MAX_SAFE_INTEGER),
    ],
    ['one field again and again', `{ node { ${times(64, () => 'name')} } }`, tooComplex('repeatedFields', 2_016)],
    [
      'one field with a long argument again and again',
      `{ ${times(5, () => `node(ids: [${times(200, () => '"x"')}]) { id }`)} }`,
      tooComplex('repeatedFields', 2_020),
    ],
    ['items of a list', `{ node(ids: [${times(1_001, (i) => `"${i}"`)}]) { id } }`, tooComplex('listItems', 1_001)],
    [
      'introspection within introspection',
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
      tooComplex('introspectionDepth', 3),
    ],
    [
      'introspection within introspection, through fragments',
      '{ __type(name: "Node") { ...T } } fragment T on __Type { fields { type { ...U } } } fragment U on __Type { fields { type { interfaces { name } } } }',
      tooComplex('introspectionDepth', 3),
    ],
  ])('%s', (_, query, expected) => {
    expect(refusal(query)).toEqual(expected)
  })

  const variable = 'query ($in: In) { node(in: $in) { id } }'
  const deep = (depth: number): object => (depth === 0 ? {} : { in: deep(depth - 1) })
  it.each<[string, object, ReturnType<typeof tooComplex>]>([
    ['variables within each other', { in: deep(10) }, tooComplex('variableDepth', 11)],
    [
      'lists within each other',
      { in: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) },
      tooComplex('variableDepth', 11),
    ],
    ['a list in the variables', { in: { list: Array(1_001).fill(1) } }, tooComplex('listItems', 1_001)],
    [
      'values in the variables',
      { in: { list: Array.from({ length: 100 }, () => Array(100).fill(1)) } },
      tooComplex('variableValues', 10_002),
    ],
    ['variables that the operation does not have', { other: Array(1_001).fill(1) }, tooComplex('listItems', 1_001)],
  ])('%s', (_, variables, expected) => {
    expect(refusal(variable, variables)).toEqual(expected)
  })
})

describe('what is not too large', () => {
  it.each([
    ['depth', nested(19)],
    ['root fields and aliases', `{ ${times(50, (i) => `a${i}: name`)} }`],
    ['a fragment spread by many', `{ ${times(50, (i) => `a${i}: node { ...N }`)} } fragment N on Node { id name }`],
    ['directives', `{ name ${times(1, () => '@skip(if: false)')} }`],
  ])('is answered: %s', (_, query) => {
    understand({ method: 'POST', query })
  })

  it('includes a whole introspection, as tools ask for it', () => {
    const query = getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true })
    understand({ method: 'POST', query })
  })
})

describe('a document that does not end', () => {
  it.each([
    ['a fragment that spreads itself', '{ ...F } fragment F on Query { name ...F }'],
    ['fragments in a circle', '{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }'],
    ['a circle that nobody spreads', '{ name } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['a circle through a field', '{ ...A } fragment A on Query { node { ...B } } fragment B on Node { node { ...B } }'],
  ])('is refused: %s', (_, query) => {
    expect(refusal(query)?.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })
})

describe('names of JavaScript’s own', () => {
  it('are names like any other where a client chooses them, but for a variable', () => {
    understand({
      method: 'POST',
      query: '{ __proto__: name constructor: name ...toString } fragment toString on Query { name }',
    })
    understand({ method: 'POST', query: '{ ...__proto__ } fragment __proto__ on Query { name }' })
    expect(
      refusal('query ($__proto__: In) { node(in: $__proto__) { id } }', JSON.parse('{"__proto__": {"in": {}}}')),
    ).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
    })
    expect(
      refusal('query ($in: In) { node(in: $in) { id } }', JSON.parse('{"in": {"__proto__": {"in": {}}}}')),
    ).toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })
})

describe('counting with fragments spread', () => {
  /** Documents of a few fragments, each spreading only later ones. */
  const document = fc
    .array(
      fc.array(fc.oneof(fc.constant('name'), fc.constant('n: node { id }'), fc.nat(4)), { minLength: 1, maxLength: 4 }),
      { minLength: 1, maxLength: 5 },
    )
    .map((fragments) =>
      [
        '{ ...F0 }',
        ...fragments.map((parts, index) => {
          const selections = parts.map((part) =>
            typeof part === 'string' ? part : index + 1 + part < fragments.length ? `...F${index + 1 + part}` : 'name',
          )
          return `fragment F${index} on Query { ${selections.join(' ')} }`
        }),
      ].join('\n'),
    )

  it('is what spreading them would count', () => {
    fc.assert(
      fc.property(document, (text) => {
        const whole = parse(text)
        const fragments = new Map(
          whole.definitions.flatMap((node) => (node.kind === 'FragmentDefinition' ? [[node.name.value, node]] : [])),
        )
        let aliases = 0
        const spread = (node: ASTNode): void => {
          visit(node, {
            Field: ({ alias }) => {
              if (alias) aliases++
            },
            FragmentSpread: ({ name }) => spread(fragments.get(name.value)!.selectionSet),
          })
        }
        const operation = whole.definitions.find((node) => node.kind === 'OperationDefinition')!
        spread(operation)
        fc.pre(aliases > 0)
        // Spread so often that the aliases are too many, unless the selections are before.
        const copies = Math.floor(limits.aliases / aliases) + 1
        const often = text.replace('{ ...F0 }', `{ ${times(copies, () => '... @include(if: true) { ...F0 }')} }`)
        const error = caught(() => checkDocument(parse(often)))
        if (error.extensions.limit !== 'selections')
          expect(error.extensions).toMatchObject({ limit: 'aliases', got: copies * aliases })
      }),
      { numRuns: 200 },
    )
  })
})
