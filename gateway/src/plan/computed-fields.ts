/**
 * A field with `@requires` is computed by its subgraph from what it is sent. Apollo's planner can ask for one before its
 * inputs are there, and a subgraph then computes it from nothing, without an error: no such plan is executed.
 */
import {
  baseType,
  type CompositeType,
  type FieldDefinition,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type ObjectType,
  type Subgraph,
  type Supergraph,
} from '@apollo/federation-internals'
import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner'
import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql'
import { fetchesOf } from './fetches.ts'
import type { Plan } from './planner.ts'

/** Throws where a plan asks a subgraph for a field without what the subgraph computes it from. */
export function assertInputsAreSent(plan: Plan, supergraph: Supergraph): void {
  for (const fetch of fetchesOf(plan.node)) {
    const missing = uncomputable(fetch, supergraph.subgraphs().get(fetch.serviceName)!)
    if (missing) throw new Error(`the plan asks ${fetch.serviceName} for ${missing} without what it is computed from`)
  }
}

/** The coordinate of a field that a fetch asks for without its inputs. */
function uncomputable(fetch: FetchNode, subgraph: Subgraph): string | undefined {
  const metadata = subgraph.metadata()
  const { definitions } = parse(fetch.operation, { noLocation: true })
  const fragments = new Map(
    definitions.flatMap((node): [string, FragmentDefinitionNode][] =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  )
  const sent = new Set(namesSent(fetch.requires ?? []))

  const find = (
    { selections }: SelectionSetNode,
    type: CompositeType,
    provided: ReadonlySet<string>,
    isSent: boolean,
  ): string | undefined => {
    for (const node of selections) {
      if (node.kind !== Kind.FIELD) {
        const { typeCondition, selectionSet } =
          node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node
        const on = typeCondition ? subgraph.schema.type(typeCondition.name.value) : type
        const found = on && isCompositeType(on) && find(selectionSet, on, provided, isSent)
        if (found) return found
        continue
      }
      const field = fieldOf(type, node.name.value)
      if (!field) continue
      const inputs = fieldSetOf(field, metadata.requiresDirective().name)
      const isMissing = (name: string) => {
        const input = fieldOf(type, name)
        return input && metadata.isFieldExternal(input) && !provided.has(name) && !(isSent && sent.has(name))
      }
      if (inputs && namesOf(inputs).some(isMissing)) return field.coordinate
      const returned = baseType(field.type!)
      if (!node.selectionSet || !isCompositeType(returned)) continue
      const within = fieldSetOf(field, metadata.providesDirective().name)
      const found = find(
        node.selectionSet,
        returned,
        within ? new Set([...provided, ...namesBelow(within)]) : provided,
        false,
      )
      if (found) return found
    }
    return undefined
  }

  const { operation, selectionSet } = definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!
  const [first] = selectionSet.selections
  if (first?.kind === Kind.FIELD && first.name.value === '_entities') {
    const entity = subgraph.schema.type('_Entity')
    return entity && isCompositeType(entity) ? find(first.selectionSet!, entity, new Set(), true) : undefined
  }
  const root = subgraph.schema.schemaDefinition.rootType(operation)
  return root && find(selectionSet, root, new Set(), false)
}

const fieldOf = (type: CompositeType, name: string): FieldDefinition<ObjectType> | undefined =>
  isObjectType(type) || isInterfaceType(type)
    ? (type.field(name) as FieldDefinition<ObjectType> | undefined)
    : undefined

/** The argument `fields` of a directive on a field. */
function fieldSetOf(field: FieldDefinition<ObjectType>, directive: string): SelectionSetNode | undefined {
  const fields = field.appliedDirectivesOf(directive)[0]?.arguments().fields
  if (typeof fields !== 'string') return undefined
  return (parse(`{ ${fields} }`, { noLocation: true }).definitions[0] as OperationDefinitionNode).selectionSet
}

const namesOf = ({ selections }: SelectionSetNode): readonly string[] =>
  selections.flatMap((node) =>
    node.kind === Kind.FIELD ? [node.name.value] : node.kind === Kind.INLINE_FRAGMENT ? namesOf(node.selectionSet) : [],
  )

const namesBelow = ({ selections }: SelectionSetNode): readonly string[] =>
  selections.flatMap((node) => [
    ...(node.kind === Kind.FIELD ? [node.name.value] : []),
    ...(node.kind !== Kind.FRAGMENT_SPREAD && node.selectionSet ? namesBelow(node.selectionSet) : []),
  ])

const namesSent = (nodes: readonly QueryPlanSelectionNode[]): readonly string[] =>
  nodes.flatMap((node) => (node.kind === 'Field' ? [node.name] : namesSent(node.selections)))
