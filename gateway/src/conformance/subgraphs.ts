/** The resolvers of each subgraph of a generated graph. What a subgraph should never be asked fails loudly. */
import type { Subgraph } from '../access/cases/graph.ts'
import { digest, type Thing, thingsOfEach, type World } from './data.ts'
import type { ModelField, ModelObject } from './model.ts'
import { sdlOf } from './sdl.ts'

type Resolver = (source: Thing, args: Readonly<Record<string, unknown>>) => unknown
type Representation = Readonly<Record<string, unknown>>

export const subgraphsOf = (world: World): Readonly<Record<string, Subgraph>> =>
  Object.fromEntries(
    world.model.subgraphs.map((name) => [name, { sdl: sdlOf(world.model, name), resolvers: resolversOf(world, name) }]),
  )

function resolversOf(world: World, subgraph: string): Subgraph['resolvers'] {
  const { model } = world
  const resolvers: Record<string, Record<string, unknown>> = {}

  /** Whoever comes through a field that provides another need not be sent it. */
  const isProvided = (type: string, name: string) =>
    [...model.roots, ...model.objects.flatMap(({ fields }) => fields)].some(
      (one) => one.type.name === type && one.provides?.[subgraph] === name,
    )
  const plain = (thing: Thing, name: string) =>
    world.read(
      thing,
      model.objects.find((one) => one.name === thing.__typename)!.fields.find((one) => one.name === name)!,
      {},
    )

  const resolverOf = (field: ModelField): Resolver => {
    if (field.overridden === subgraph) return unasked(`${field.name} was given away`)
    const { requires } = field
    if (requires)
      return ({ brought, ...thing }) => {
        if (world.faults.failing.has(`${thing.__typename} ${thing.number} ${field.name}`))
          return world.read(thing, field, {})
        return digest(
          requires.reads.map(({ field: name, below }) => {
            const sent = brought?.[name]
            const taken = sent === undefined && isProvided(thing.__typename, name) ? plain(thing, name) : sent
            if (taken === undefined) throw new Error(`${field.name}: ${name} was not sent`)
            return below.length === 0 ? taken : within(taken, below)
          }),
        )
      }
    return (thing, args) => world.read(thing, field, args)
  }

  const roots = model.roots.filter(({ owners }) => owners.includes(subgraph))
  if (roots.length > 0)
    resolvers.Query = Object.fromEntries(
      roots.map((field) => [field.name, (_: unknown, args: Record<string, unknown>) => world.root(field, args)]),
    )
  for (const object of model.objects) {
    if (!object.keys[subgraph]) continue
    const has = object.fields.filter(
      ({ name, owners, overridden }) =>
        owners.includes(subgraph) || overridden === subgraph || object.external[subgraph]?.includes(name),
    )
    resolvers[object.name] = Object.fromEntries(has.map((field) => [field.name, resolverOf(field)]))
    if (object.kind === 'entity')
      resolvers[object.name]!.__resolveReference = (representation: Representation) =>
        referred(world, subgraph, object, representation)
  }
  for (const { name, keyed, implementations, objectIn } of model.interfaces) {
    const byId = ({ id }: Representation): Thing | null => {
      const type = implementations.find((one) => String(id).startsWith(`${one}-`))
      return type ? { __typename: type, number: Number(String(id).split('-')[1]) } : null
    }
    if (keyed === subgraph) resolvers[name] = { __resolveReference: byId }
    if (objectIn?.subgraph === subgraph)
      resolvers[name] = {
        __resolveReference: (representation: Representation) => asInterface(name, byId(representation)),
        id: ({ concrete, number }: InterfaceThing) => world.key(concrete, number, 'id'),
        ...Object.fromEntries(
          objectIn.fields.map((field) => [
            field.name,
            ({ concrete, number }: InterfaceThing, args: Readonly<Record<string, unknown>>) =>
              everyThing(world.read({ __typename: concrete, number }, field, args), name),
          ]),
        ),
      }
  }
  // An interface object does not tell what its things are.
  const hiding = model.interfaces.find(({ objectIn }) => objectIn?.subgraph === subgraph)
  if (hiding && resolvers.Query) {
    for (const [field, resolve] of Object.entries(resolvers.Query)) {
      resolvers.Query[field] = (source: unknown, args: unknown) =>
        everyThing((resolve as (...given: unknown[]) => unknown)(source, args), hiding.name)
    }
  }
  return resolvers
}

interface InterfaceThing {
  readonly __typename: string
  readonly concrete: string
  readonly number: number
}
const asInterface = (name: string, thing: Thing | null): InterfaceThing | null =>
  thing && { __typename: name, concrete: thing.__typename, number: thing.number }

function everyThing(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((one) => everyThing(one, name))
  const thing = value as Thing | null
  return typeof thing === 'object' && thing !== null && '__typename' in thing ? asInterface(name, thing) : value
}

const unasked =
  (reason: string): Resolver =>
  () => {
    throw new Error(reason)
  }

function within(value: unknown, below: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => within(one, below))
  if (value === null) return null
  return below.map((name) => {
    const one = (value as Record<string, unknown>)[name]
    if (one === undefined) throw new Error(`${name} was not sent`)
    return one
  })
}

/** The thing that a representation means: by the first of the keys that can be resolved here and that it has. */
function referred(world: World, subgraph: string, object: ModelObject, brought: Representation): Thing | null {
  const key = object.keys[subgraph]!.find(
    ({ fields, resolvable }) => resolvable && names(fields).every((name) => brought[name] !== undefined),
  )
  if (!key) throw new Error(`${object.name}: expected a key that ${subgraph} resolves; got ${JSON.stringify(brought)}`)
  for (let number = 0; number < thingsOfEach; number++) {
    const same = names(key.fields).every((name) => matches(world.key(object.name, number, name), brought[name]))
    if (!same) continue
    return world.faults.unknown.has(`${subgraph} ${object.name} ${number}`)
      ? null
      : { __typename: object.name, number, brought }
  }
  throw new Error(`${object.name}: nothing has the key ${JSON.stringify(brought)}`)
}

/** The outer fields of a key. */
const names = (fields: string) =>
  fields
    .replace(/\{[^}]*\}/g, '')
    .trim()
    .split(/\s+/)

const matches = (known: unknown, sent: unknown): boolean =>
  typeof known === 'object' && known !== null && typeof sent === 'object' && sent !== null
    ? Object.entries(sent).every(
        ([name, value]) => name === '__typename' || (known as Record<string, unknown>)[name] === value,
      )
    : known === sent
