/**
 * Who may read which place of the graph, and whether the supergraph can be served by these rules without a leak.
 *
 * A field asks what it says itself, what its parent type says and what the type that it returns says; and, as the gateway
 * would fetch them for it, what its `@requires` and `@fromContext` inputs ask. Composition 2.14 carries what an
 * implementation asks up to its interfaces, and what an `@interfaceObject` asks down to the implementations. One that
 * does neither leaves a way around: such a supergraph is refused.
 */
import {
  baseType,
  type CompositeType,
  type Directive,
  type FieldDefinition,
  type InterfaceType,
  isCompositeType,
  isObjectType,
  type ObjectType,
  parseSelectionSet,
  type Schema,
  type SelectionSet,
} from '@apollo/federation-internals'
import { readDirectives } from './directives.ts'
import { implies, type Requirements, together } from './requirement.ts'

export interface AccessRules {
  ofType(type: string): Requirements
  /** All that must be met to select the field. */
  ofField(type: string, field: string): Requirements
  /** What must be met to send the field to a subgraph, whoever selected it: less than `ofField`, which knows the operation. */
  ofFetched(type: string, field: string): Requirements
  /** Whether entities are joined by the field: that alone may make the gateway fetch what its caller may not read. */
  isKey(type: string, field: string): boolean
}

type Field = FieldDefinition<ObjectType | InterfaceType>
type WithFields = ObjectType | InterfaceType

interface JoinField {
  readonly graph?: string
  readonly external?: boolean
  readonly requires?: string
  readonly contextArguments?: readonly { readonly context: string; readonly selection: string }[]
}

/** Throws an Error that names the coordinate where a rule is missing or cannot be read. */
export function accessRules(schema: Schema): AccessRules {
  const said = readDirectives(schema)
  const own = (coordinate: string): Requirements => said.get(coordinate) ?? []
  const types: readonly WithFields[] = [...schema.objectTypes(), ...schema.interfaceTypes()]
  const fields = new Map<string, Requirements>()
  const fetched = new Map<string, Requirements>()
  const keys = new Set<string>()

  // Where nothing is asked, nothing can be missing: and then nothing else is required of the supergraph.
  if (said.size > 0) {
    const contexts = contextTypes(schema)
    for (const type of types) {
      for (const field of type.fields()) {
        const { coordinate } = field
        const returned = baseType(field.type!)
        const itself = together(own(coordinate), own(type.name))
        const inputs = inputsOf(field, contexts).map((input) => asked(input, own))
        if (!implies(itself, together(...inputs)))
          throw new Error(
            `${coordinate}: what it takes from other fields (@requires, @fromContext) asks more than the field itself; whoever reads it would learn of them`,
          )
        const added = inputsOfInterfaces(field, contexts).map((input) => asked(input, own))
        fields.set(coordinate, together(itself, own(returned.name), ...inputs, ...added))
        fetched.set(coordinate, isCompositeType(returned) ? itself : together(itself, own(returned.name)))
      }
      for (const key of keysOf(type)) for (const field of fieldsIn(key)) keys.add(field.coordinate)
    }
    for (const type of schema.interfaceTypes()) refuseWaysAround(type, own)
  }

  return {
    ofType: own,
    ofField: (type, field) => fields.get(`${type}.${field}`) ?? own(type),
    ofFetched: (type, field) => fetched.get(`${type}.${field}`) ?? own(type),
    isKey: (type, field) => keys.has(`${type}.${field}`),
  }
}

/** An interface and its implementations must ask the same together; else one is the way around the other. */
function refuseWaysAround(type: InterfaceType, own: (coordinate: string) => Requirements): void {
  const implementations = type.possibleRuntimeTypes()
  if (implementations.length === 0) return
  const compare = (coordinate: string, below: readonly string[]) => {
    for (const implementation of below) {
      if (!implies(own(coordinate), own(implementation)))
        throw new Error(
          `${coordinate}: expected at least what its implementation ${implementation} asks; it asks less, and could be read in its place`,
        )
    }
    if (!implies(together(...below.map(own)), own(coordinate)))
      throw new Error(
        `${coordinate}: what it asks is asked by none of ${below.join(', ')}, which could be read in its place`,
      )
  }
  compare(
    type.name,
    implementations.map(({ name }) => name),
  )
  for (const field of type.fields()) {
    const fields = implementations.flatMap((implementation) => implementation.field(field.name) ?? [])
    const below = fields.map(({ coordinate }) => coordinate)
    if (below.length > 0) compare(field.coordinate, below)
    // Here every implementation has the field from this interface alone, with all that it asks.
    if (!fields.every((one) => addedBy(one).length === 1 && addedBy(one)[0] === type)) continue
    for (const coordinate of below) {
      if (!implies(own(coordinate), own(field.coordinate)))
        throw new Error(
          `${coordinate}: expected what the interface object's ${field.coordinate} asks; it asks less, and could be read in its place`,
        )
    }
  }
}

/** The interfaces of an object type that have a field from a subgraph in which they are objects. */
const addedBy = ({ name, parent }: Field): readonly InterfaceType[] =>
  isObjectType(parent)
    ? parent.interfaces().filter((type) => {
        const field = type.field(name)
        const graphs = joined<{ graph: string; isInterfaceObject?: boolean }>(type, 'join__type')
          .filter(({ isInterfaceObject }) => isInterfaceObject)
          .map(({ graph }) => graph)
        return (
          field &&
          joined<JoinField>(field, 'join__field').some(
            ({ graph, external }) => graph && !external && graphs.includes(graph),
          )
        )
      })
    : []

/** What a selection that the gateway makes for itself asks of the caller for whom it is made. */
function asked(selections: SelectionSet, own: (coordinate: string) => Requirements): Requirements {
  return together(
    ...selections.selections().map((selection) => {
      if (selection.kind !== 'FieldSelection') {
        const condition = selection.element.typeCondition
        return together(condition ? own(condition.name) : [], asked(selection.selectionSet, own))
      }
      const { definition } = selection.element
      return together(
        own(definition.coordinate),
        own(definition.parent.name),
        own(baseType(definition.type!).name),
        selection.selectionSet ? asked(selection.selectionSet, own) : [],
      )
    }),
  )
}

type Contexts = ReadonlyMap<string, readonly CompositeType[]>

/** What the gateway fetches for a field: of the same object, and of the objects whose context it reads. */
const inputsOf = (field: Field, contexts: Contexts, on: WithFields = field.parent): readonly SelectionSet[] =>
  joined<JoinField>(field, 'join__field').flatMap(({ requires, contextArguments }) => [
    ...(requires ? [read(on, requires, field)] : []),
    ...(contextArguments ?? []).flatMap(({ context, selection }) =>
      (contexts.get(context) ?? []).map((type) => read(type, `{ ... on ${type.name} ${braced(selection)} }`, field)),
    ),
  ])

/** A field that an interface object adds to an object type is fetched with the inputs that it has on the interface. */
const inputsOfInterfaces = ({ name, parent }: Field, contexts: Contexts): readonly SelectionSet[] =>
  isObjectType(parent)
    ? parent.interfaces().flatMap((type) => {
        const field = type.field(name)
        return field ? inputsOf(field, contexts, parent) : []
      })
    : []

const braced = (selection: string) => (selection.trim().startsWith('{') ? selection : `{ ${selection} }`)

function read(type: CompositeType, source: string, field: Field): SelectionSet {
  try {
    return parseSelectionSet({ parentType: type, source })
  } catch (error) {
    throw new Error(`${field.coordinate}: "${source}" cannot be read: ${(error as Error).message}`)
  }
}

/** What a join directive says on a type or field, once for each application. */
const joined = <Arguments>(element: WithFields | Field, directive: string): readonly Arguments[] =>
  (element.appliedDirectivesOf(directive) as readonly Directive[]).map(
    (application) => application.arguments() as Arguments,
  )

function contextTypes(schema: Schema): Contexts {
  const feature = schema.coreFeatures?.getByIdentity('https://specs.apollo.dev/context')
  const types = new Map<string, CompositeType[]>()
  for (const application of schema.directive(feature?.directiveNameInSchema('context') ?? '')?.applications() ?? []) {
    const { name } = application.arguments() as { name: string }
    const type = application.parent as CompositeType
    types.set(name, [...(types.get(name) ?? []), type])
  }
  return types
}

const keysOf = (type: WithFields): readonly SelectionSet[] =>
  joined<{ key?: string }>(type, 'join__type').flatMap(({ key }) =>
    key ? [parseSelectionSet({ parentType: type, source: key })] : [],
  )

const fieldsIn = (selections: SelectionSet): readonly Field[] =>
  selections
    .selections()
    .flatMap((selection) => [
      ...(selection.kind === 'FieldSelection' ? [selection.element.definition as Field] : []),
      ...(selection.selectionSet ? fieldsIn(selection.selectionSet) : []),
    ])
