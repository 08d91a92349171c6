/**
 * Random operations over a schema: any field that a root reaches, with arguments of the caller's own things, of others'
 * and of nobody's; written with fragments, aliases, directives, variables and literals as clients write them.
 */

import type { Random } from '@fundmesh/platform/testing/random'
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { Asker } from './world.ts'

/** Values for arguments: by coordinate (`Query.fund.id`) and type (`Cursor`). */
export type Pools = (coordinate: string, type: string, random: Random, asker?: Asker) => unknown

/** A document, and what may be put into it: asked again with other variables it meets the plan of the first time. */
export interface Generated {
  readonly query: string
  /** What its aliases stand for: `Type.field`. */
  readonly coordinates: ReadonlyMap<string, string>
  /** By alias, the variable with the cursor behind which it goes on. */
  readonly cursors: ReadonlyMap<string, string>
  /** Values for its variables; for an asker, its own things more often than those of others. */
  draw(random: Random, asker: Asker): Record<string, unknown>
}

type Drawn = (random: Random, asker?: Asker) => unknown

type RootKind = 'query' | 'mutation' | 'subscription'

export type OperationGenerator = (kind: RootKind, random: Random) => Generated

/** The name under which each share class says which one it is: a computed number carries no mark. */
export const OWNER = 'owner'

const deepest = 5

export function operationGenerator(schema: GraphQLSchema, pools: Pools): OperationGenerator {
  return (kind, random) => {
    const root = {
      query: schema.getQueryType(),
      mutation: schema.getMutationType(),
      subscription: schema.getSubscriptionType(),
    }[kind]
    if (!root) throw new Error(`the schema has no ${kind}`)
    const writer = new Writer(schema, pools, random)
    // A subscription has one root field; a mutation's fields run one after the other, and one says enough.
    const selection = kind === 'query' ? writer.selection(root, 0, random.chance(0.8) ? 1 : 2) : writer.rootField(root)
    return writer.finish(kind, selection)
  }
}

class Writer {
  readonly #schema: GraphQLSchema
  readonly #pools: Pools
  readonly #random: Random
  readonly #coordinates = new Map<string, string>()
  readonly #cursors = new Map<string, string>()
  readonly #drawn = new Map<string, Drawn>()
  readonly #declarations: string[] = []
  readonly #fragments: string[] = []

  constructor(schema: GraphQLSchema, pools: Pools, random: Random) {
    this.#schema = schema
    this.#pools = pools
    this.#random = random
  }

  rootField(root: GraphQLObjectType): string {
    return `{ ${this.#field(root, this.#random.pick(Object.values(root.getFields())), 0)} }`
  }

  selection(type: GraphQLNamedType, depth: number, most = 3): string {
    const random = this.#random
    const parts: string[] = []
    if (type.name === 'ShareClass') parts.push(`${OWNER}: id`)
    // Of all that a value has, this says whose it is, and of which day.
    if (type.name === 'NavPoint') parts.push('price: navPrice')
    if (isObjectType(type) || isInterfaceType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => depth < deepest || isLeafType(getNamedType(field.type)),
      )
      for (let count = 1 + random.below(most); count > 0 && fields.length > 0; count--) {
        parts.push(this.#field(type, random.pick(fields), depth))
      }
    }
    if (isAbstractType(type)) {
      for (const possible of this.#schema.getPossibleTypes(type)) {
        if (random.chance(0.7)) parts.push(`... on ${possible.name} ${this.selection(possible, depth + 1)}`)
      }
    }
    if (parts.length === 0 || random.chance(0.2)) parts.push('__typename')
    const body = `{ ${parts.join(' ')} }`
    if (depth === 0 || !random.chance(0.15)) return body
    if (random.chance(0.5)) return `{ ... on ${type.name} ${body} }`
    const name = `F${this.#fragments.length}`
    this.#fragments.push(`fragment ${name} on ${type.name} ${body}`)
    return `{ ...${name} }`
  }

  finish(kind: RootKind, selection: string): Generated {
    const declared = this.#declarations.length > 0 ? `(${this.#declarations.join(', ')})` : ''
    return {
      query: [`${kind} Generated${declared} ${selection}`, ...this.#fragments].join('\n'),
      coordinates: this.#coordinates,
      cursors: this.#cursors,
      draw: (random, asker) =>
        Object.fromEntries([...this.#drawn].map(([name, drawn]) => [name, drawn(random, asker)])),
    }
  }

  #field(owner: { readonly name: string }, field: GraphQLField<unknown, unknown>, depth: number): string {
    const random = this.#random
    const coordinate = `${owner.name}.${field.name}`
    // Always an alias, and another one: two uses of one field with other arguments must not be merged.
    const alias = `a${this.#coordinates.size}`
    this.#coordinates.set(alias, coordinate)
    const given = field.args.flatMap((argument) => this.#argument(alias, coordinate, argument))
    const target = getNamedType(field.type)
    return [
      `${alias}: ${field.name}`,
      given.length > 0 ? `(${given.join(', ')})` : '',
      depth > 0 && random.chance(0.05)
        ? ` @${random.pick(['include', 'skip'])}(if: ${this.#variable('Boolean!', (again) => again.chance(0.5))})`
        : '',
      isLeafType(target) ? '' : ` ${this.selection(target, depth + 1)}`,
    ].join('')
  }

  #argument(alias: string, coordinate: string, argument: GraphQLArgument): string[] {
    const random = this.#random
    const required = isNonNullType(argument.type) && argument.defaultValue === undefined
    const isCursor = getNamedType(argument.type).name === 'Cursor'
    // Long pages say no more than short ones.
    if (!required && argument.name !== 'first' && random.chance(isCursor ? 0.75 : 0.5)) return []
    const drawn: Drawn = (again, asker) => this.#value(`${coordinate}.${argument.name}`, argument.type, again, asker)
    if (!isCursor && random.chance(0.4)) return [`${argument.name}: ${literal(argument.type, drawn(random))}`]
    const variable = this.#variable(String(argument.type), drawn)
    if (isCursor) this.#cursors.set(alias, variable.slice(1))
    return [`${argument.name}: ${variable}`]
  }

  #variable(type: string, drawn: Drawn): string {
    const name = `v${this.#declarations.length}`
    this.#declarations.push(`$${name}: ${type}`)
    this.#drawn.set(name, drawn)
    return `$${name}`
  }

  #value(coordinate: string, type: GraphQLInputType, random: Random, asker?: Asker): unknown {
    if (isNonNullType(type)) return this.#value(coordinate, type.ofType, random, asker)
    if (isListType(type))
      return Array.from({ length: 1 + random.below(3) }, () => this.#value(coordinate, type.ofType, random, asker))
    if (isEnumType(type)) return random.pick(type.getValues()).name
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields())
      const chosen = fields.filter((field) => isNonNullType(field.type) || random.chance(0.5))
      return Object.fromEntries(
        chosen.map((field) => [field.name, this.#value(`${type.name}.${field.name}`, field.type, random, asker)]),
      )
    }
    return this.#pools(coordinate, type.name, random, asker)
  }
}

/** A value as GraphQL writes it: enums bare, objects without quotes around names. */
function literal(type: GraphQLInputType, value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (isNonNullType(type)) return literal(type.ofType, value)
  if (isListType(type)) return `[${(value as unknown[]).map((item) => literal(type.ofType, item)).join(', ')}]`
  if (isEnumType(type)) return String(value)
  if (isInputObjectType(type)) {
    const fields = type.getFields()
    const parts = Object.entries(value).map(([name, item]) => `${name}: ${literal(fields[name]!.type, item)}`)
    return `{ ${parts.join(', ')} }`
  }
  return JSON.stringify(value)
}
