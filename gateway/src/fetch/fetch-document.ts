/** What the engine must know of a fetch's document: read once, when its plan is compiled. */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isInterfaceType,
  Kind,
  parse,
  type SelectionNode,
  visit,
} from 'graphql'
import { isAuditName } from '../audit/resources.ts'
import { isOf } from './subtypes.ts'

export interface FetchDocument {
  /** The names of the root fields in the answer. */
  readonly roots: readonly string[]
  /** The names of the fields that are asked of an entity of a type: the holes that a failed fetch leaves. */
  fieldsOf(typename: unknown): readonly string[]
  /** Every name under which some object's type is asked for. */
  readonly typeNames: readonly string[]
  /** Those that are asked of entities as the objects of an interface: the subgraph may know no better. */
  readonly vagueTypeNames: readonly string[]
}

const responseName = (field: FieldNode) => field.alias?.value ?? field.name.value

export function fetchDocument(schema: GraphQLSchema, text: string): FetchDocument {
  const document = parse(text, { noLocation: true })
  const fragments = new Map<string, FragmentDefinitionNode>()
  const typeNames = new Set<string>()
  visit(document, {
    FragmentDefinition: (node) => void fragments.set(node.name.value, node),
    Field: (node) => void (node.name.value === '__typename' && typeNames.add(responseName(node))),
  })

  /** The fields of a selection, with the fragment conditions above each. */
  const fieldsIn = (selections: readonly SelectionNode[], conditions: readonly string[]): readonly Conditional[] =>
    selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return [{ field: node, conditions }]
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node
      const condition = fragment?.typeCondition?.name.value
      return fieldsIn(fragment?.selectionSet.selections ?? [], condition ? [...conditions, condition] : conditions)
    })

  const [operation] = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const roots = fieldsIn(operation?.selectionSet.selections ?? [], []).map(({ field }) => field)
  const entities = roots.find(({ name }) => name.value === '_entities')
  const asked = fieldsIn(entities?.selectionSet?.selections ?? [], [])
  const known = new Map<unknown, readonly string[]>()

  return {
    roots: [...new Set(roots.map(responseName))],
    fieldsOf(typename) {
      const before = known.get(typename)
      if (before) return before
      const names = asked.flatMap(({ field, conditions }) =>
        field.name.value !== '__typename' &&
        !isAuditName(responseName(field)) &&
        conditions.every((condition) => isOf(schema, typename, condition))
          ? [responseName(field)]
          : [],
      )
      const fields = [...new Set(names)]
      if (typeof typename === 'string' && schema.getType(typename)) known.set(typename, fields)
      return fields
    },
    typeNames: [...typeNames],
    vagueTypeNames: asked.flatMap(({ field, conditions }) =>
      field.name.value === '__typename' && conditions.some((condition) => isInterfaceType(schema.getType(condition)))
        ? [responseName(field)]
        : [],
    ),
  }
}

interface Conditional {
  readonly field: FieldNode
  readonly conditions: readonly string[]
}
