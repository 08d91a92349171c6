/**
 * A generated graph, before it is divided: its types, which subgraph has which field, and how subgraphs reach each
 * other's. From one model come the subgraphs' SDL (sdl.ts), their resolvers (subgraphs.ts) and the whole that they are
 * compared with (monolith.ts).
 */

/** `[E0!]!` as `{ name: 'E0', nonNull: true, list: … }`: written from the inside out. */
export interface TypeUse {
  readonly name: string
  /** From the innermost out: whether the value at that depth may be null; one more than there are lists. */
  readonly nonNull: readonly boolean[]
}

export interface Requires {
  /** The selection, as it is written. */
  readonly fields: string
  /** What it takes: field, its arguments, and what is selected of it. */
  readonly reads: readonly { field: string; args: Readonly<Record<string, unknown>>; below: readonly string[] }[]
}

export interface ModelField {
  readonly name: string
  readonly type: TypeUse
  /** `x: Int = 2`; undefined: none. */
  readonly argument?: string
  /** Which object types its values are of, where its type is not a leaf. */
  readonly candidates: readonly string[]
  /** The subgraphs that resolve it. */
  readonly owners: readonly string[]
  readonly requires?: Requires
  /** A subgraph that declares it though it resolves it no more. */
  readonly overridden?: string
  readonly inaccessible?: boolean
  /** By subgraph: the selection that the field gives of what it returns though it is another's. */
  readonly provides?: Readonly<Record<string, string>>
}

export interface ModelKey {
  readonly fields: string
  readonly resolvable: boolean
}

export interface ModelObject {
  readonly kind: 'entity' | 'value'
  readonly name: string
  readonly fields: readonly ModelField[]
  /** By subgraph that has the type: its keys there; a value has none. */
  readonly keys: Readonly<Record<string, readonly ModelKey[]>>
  readonly interfaces: readonly string[]
  /** By subgraph: fields that it only names. */
  readonly external: Readonly<Record<string, readonly string[]>>
}

export interface ModelInterface {
  readonly name: string
  /** By subgraph, the fields it has there. */
  readonly fields: Readonly<Record<string, readonly string[]>>
  readonly implementations: readonly string[]
  /** The subgraph in which it has a key, and those in which it is an object with fields of its own. */
  readonly keyed?: string
  readonly objectIn?: { readonly subgraph: string; readonly fields: readonly ModelField[] }
}

export interface ModelUnion {
  readonly name: string
  /** By subgraph, its members there. */
  readonly members: Readonly<Record<string, readonly string[]>>
}

export interface Model {
  readonly seed: number
  readonly subgraphs: readonly string[]
  readonly objects: readonly ModelObject[]
  readonly interfaces: readonly ModelInterface[]
  readonly unions: readonly ModelUnion[]
  readonly roots: readonly ModelField[]
}

export const leafTypes: readonly string[] = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Colour', 'Blob']
export const colours: readonly string[] = ['RED', 'GREEN', 'BLUE']

/** The type as SDL has it. */
export function typeText({ name, nonNull }: TypeUse): string {
  return nonNull.reduce((text, required, depth) => `${depth === 0 ? text : `[${text}]`}${required ? '!' : ''}`, name)
}

/** Every field of an object, those that an interface object adds to it among them. */
export function fieldsOf(model: Model, type: string): readonly ModelField[] {
  const own = model.objects.find(({ name }) => name === type)
  const added = model.interfaces.flatMap(({ name, implementations, objectIn }) =>
    name === type || implementations.includes(type) ? (objectIn?.fields ?? []) : [],
  )
  return [...(own?.fields ?? []), ...added]
}
