import { isInterfaceType, isUnionType, type Schema } from '@apollo/federation-internals'

/** Object types that an interface or a union of the view can turn out to be in the whole graph, and that the view has not. */
export function strangersOf(whole: Schema, apiSchema: Schema): ReadonlySet<string> {
  const strangers = new Set<string>()
  for (const type of apiSchema.types()) {
    const inWhole = whole.type(type.name)
    if (!inWhole || (!isInterfaceType(inWhole) && !isUnionType(inWhole))) continue
    const possible = isUnionType(inWhole) ? inWhole.types() : inWhole.possibleRuntimeTypes()
    for (const { name } of possible) if (!apiSchema.type(name)) strangers.add(name)
  }
  return strangers
}

type Data = Record<string, unknown>

/** What a subgraph answered, as if objects of these types did not exist: null, and not in lists. */
export function withoutStrangers(data: Data, strangers: ReadonlySet<string>): Data {
  if (strangers.size === 0) return data
  // Entities answer representations by their places.
  if (Array.isArray(data._entities)) {
    const entities = data._entities.map((entity) => without([entity], strangers))
    return { ...data, _entities: entities.map((list) => (list as unknown[])[0] ?? null) }
  }
  return without(data, strangers) as Data
}

function without(data: unknown, strangers: ReadonlySet<string>): unknown {
  if (data === null || typeof data !== 'object') return data
  const isStranger = (value: unknown) => strangers.has((value as { __typename?: string } | null)?.__typename as string)
  if (Array.isArray(data)) {
    return data.filter((item) => !isStranger(item)).map((item) => without(item, strangers))
  }
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, isStranger(value) ? null : without(value, strangers)]),
  )
}
