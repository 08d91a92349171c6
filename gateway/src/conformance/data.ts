/**
 * The values of a generated graph. They are not kept: each follows from the seed and from its place, so that every
 * subgraph and the whole give the same without knowing of each other.
 */
import { type Random, random } from '@fundmesh/platform/testing/random'
import { colours, fieldsOf, leafTypes, type Model, type ModelField, type TypeUse } from './model.ts'

/** An object of the graph, as resolvers hand it on. */
export interface Thing {
  readonly __typename: string
  /** Which of its type's it is. */
  readonly number: number
  /** In a subgraph: what the representation that led here brought along. */
  readonly brought?: Readonly<Record<string, unknown>>
}

export interface Faults {
  /** `Type number field` that fail when they are resolved. */
  readonly failing: ReadonlySet<string>
  /** `subgraph Type number` that the subgraph does not know, though others refer to it. */
  readonly unknown: ReadonlySet<string>
}

/** How many things there are of each type. */
export const thingsOfEach = 3

export class FieldFault extends Error {}

export interface World {
  readonly model: Model
  readonly faults: Faults
  /** The value of a thing's field, as whoever owns it resolves it. Throws FieldFault where it is to fail. */
  read(thing: Thing, field: ModelField, args: Readonly<Record<string, unknown>>): unknown
  root(field: ModelField, args: Readonly<Record<string, unknown>>): unknown
  /** The value of a key's field. */
  key(type: string, number: number, field: string): unknown
}

export function worldOf(model: Model, faults: Faults): World {
  const read: World['read'] = (thing, field, args) => {
    const { __typename: type, number } = thing
    if (faults.failing.has(`${type} ${number} ${field.name}`)) throw new FieldFault('fails')
    if (field.owners.every((owner) => faults.unknown.has(`${owner} ${type} ${number}`))) return null
    if (field.requires) return taken(field, (name) => plain(thing, name, argumentsOf(field, name)))
    return valueAt(field, args, random(hash(`${model.seed} ${type} ${number} ${field.name}`)), key, type, number)
  }
  const key: World['key'] = (type, number, field) => {
    if (field === 'id') return `${type}-${number}`
    if (field === 'code') return `c${number}${type}`
    if (field === 'one') return number
    if (field === 'two') return `${type}/${number % 2}`
    return { no: number, of: type }
  }
  /** A required field, as it would be sent. */
  const plain = (thing: Thing, name: string, args: Readonly<Record<string, unknown>>): unknown => {
    if (keyFields.includes(name)) return key(thing.__typename, thing.number, name)
    const field = fieldsOf(model, thing.__typename).find((one) => one.name === name)!
    return read(thing, field, args)
  }
  const taken = (field: ModelField, value: (name: string) => unknown) =>
    digest(
      field.requires!.reads.map(({ field: name, below }) =>
        below.length === 0 ? value(name) : selected(value(name), below),
      ),
    )
  const selected = (value: unknown, below: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((one) => selected(one, below))
    if (value === null || value === undefined) return null
    return below.map((name) => plain(value as Thing, name, {}))
  }
  return {
    model,
    faults,
    read,
    key,
    root: (field, args) => {
      if (faults.failing.has(`Query 0 ${field.name}`)) throw new FieldFault('fails')
      return valueAt(field, args, random(hash(`${model.seed} Query ${field.name}`)), key, 'Query', 0)
    },
  }
}

/** What a field that requires others makes of them: the same from the same. */
export const digest = (values: readonly unknown[]): string => JSON.stringify(values.map((value) => value ?? null))

const argumentsOf = ({ requires }: ModelField, name: string) =>
  requires?.reads.find(({ field }) => field === name)?.args ?? {}

export const keyFields: readonly string[] = ['id', 'code', 'one', 'two', 'inner']

function valueAt(
  field: ModelField,
  args: Readonly<Record<string, unknown>>,
  chance: Random,
  key: World['key'],
  type: string,
  number: number,
): unknown {
  if (keyFields.includes(field.name)) return key(type, number, field.name)
  const at = (depth: number): unknown => {
    if (!field.type.nonNull[depth] && chance.chance(0.15)) return null
    if (depth > 0) return Array.from({ length: chance.below(4) }, () => at(depth - 1))
    return leafTypes.includes(field.type.name)
      ? leafOf(field.type, chance, args)
      : { __typename: chance.pick(field.candidates), number: chance.below(thingsOfEach) }
  }
  return at(field.type.nonNull.length - 1)
}

function leafOf({ name }: TypeUse, chance: Random, args: Readonly<Record<string, unknown>>): unknown {
  const shift = typeof args.x === 'number' ? args.x : 0
  switch (name) {
    case 'Int':
      return chance.below(1_000) + shift
    case 'Float':
      return chance.below(1_000) / 8
    case 'Boolean':
      return chance.chance(0.5)
    case 'Colour':
      return chance.pick(colours)
    case 'Blob':
      return { at: [chance.below(9), null, { '"': '\u2028' }], constructor: shift }
    default:
      return `${chance.pick(['é', '"q"', '\\', '', '</a>'])}${chance.below(1_000)}${shift || ''}`
  }
}

/** FNV-1a: spreads places over seeds. */
export function hash(text: string): number {
  let state = 0x811c9dc5
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193)
  return state
}
