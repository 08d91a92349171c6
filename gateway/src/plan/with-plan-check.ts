/**
 * Looks through a finished plan for what its caller may not read: every field of every document that would be sent, and
 * of every representation that would go with it. The forbidden selections were taken out before planning, and what a
 * field takes from others was asked for with the field; so one reason is left to fetch what is forbidden, and only that
 * is let through: entities are joined by their keys. A plan that fetches more is a fault of ours, and is not executed.
 */
import { baseType, isInterfaceType, isObjectType, type Supergraph } from '@apollo/federation-internals'
import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { Kind, type OperationTypeNode, parse, type SelectionSetNode } from 'graphql'
import { met, type Requirements } from '../access/requirement.ts'
import type { AccessRules } from '../access/rules.ts'
import { codedError } from '../errors/catalogue.ts'
import { fetchesOf } from './fetches.ts'
import type { Plan, Planner } from './planner.ts'

export interface PlanCheckOptions {
  readonly supergraph: Supergraph
  readonly rules: AccessRules
  readonly log: Logger
}

/** What a field of a plan asks of the caller: one of these must be met. */
interface Asked {
  readonly coordinate: string
  readonly anyOf: readonly Requirements[]
}

export function withPlanCheck(planner: Planner, { supergraph, rules, log }: PlanCheckOptions): Planner {
  /** What a plan fetches that not everybody may read; a plan is remembered for long, and asked for often. */
  const restricted = new WeakMap<Plan, readonly Asked[]>()

  const askedBy = (type: string, field: string): readonly Requirements[] => {
    const alone = rules.ofFetched(type, field)
    const known = supergraph.schema.type(type)
    // Of an interface that is an object there, the subgraph does not know for which of the implementations it is asked.
    return known && isInterfaceType(known)
      ? [alone, ...known.possibleRuntimeTypes().map(({ name }) => rules.ofFetched(name, field))]
      : [alone]
  }

  const restrictedIn = (plan: Plan) => {
    const before = restricted.get(plan)
    if (before) return before
    const found = [...fetchedBy(plan, supergraph).values()]
      .filter(({ type, field }) => !rules.isKey(type, field))
      .map(({ type, field, isObjectThere }) => ({
        coordinate: `${type}.${field}`,
        anyOf: isObjectThere ? askedBy(type, field) : [rules.ofFetched(type, field)],
      }))
      .filter(({ anyOf }) => anyOf.every((requirements) => requirements.length > 0))
    restricted.set(plan, found)
    return found
  }

  return {
    async plan(operation) {
      const plan = await planner.plan(operation)
      if (operation.dryRun) return plan
      const leak = restrictedIn(plan).find(
        ({ anyOf }) => !anyOf.some((requirements) => met(requirements, operation.rights)),
      )
      if (!leak) return plan
      log.error({ operation: operation.hash, coordinate: leak.coordinate }, 'a plan fetches what is forbidden')
      throw codedError('OPERATION_PLANNING_FAILED')
    },
  }
}

interface FetchedField {
  readonly type: string
  readonly field: string
  /** Whether the type is an interface of the graph and an object in the subgraph. */
  readonly isObjectThere: boolean
}

/** All that a plan asks subgraphs for, and sends them, by coordinate: with the types that each subgraph has. */
function fetchedBy(plan: Plan, supergraph: Supergraph): ReadonlyMap<string, FetchedField> {
  const found = new Map<string, FetchedField>()
  const subgraphs = supergraph.subgraphs()

  const typed = (subgraph: string) => {
    const { schema } = subgraphs.get(subgraph)!
    const fieldsOf = (name: string | undefined) => {
      const type = name === undefined ? undefined : schema.type(name)
      return type && (isObjectType(type) || isInterfaceType(type)) ? type : undefined
    }
    return {
      note(type: string | undefined, field: string) {
        if (type === undefined || field === '__typename') return
        const there = fieldsOf(type)
        const here = supergraph.schema.type(type)
        const isObjectThere = there?.kind === 'ObjectType' && here?.kind === 'InterfaceType'
        found.set(`${type}.${field} ${isObjectThere}`, { type, field, isObjectThere })
      },
      typeOf(type: string | undefined, field: string): string | undefined {
        const returned = fieldsOf(type)?.field(field)?.type
        return returned && baseType(returned).name
      },
    }
  }

  const inDocument = (subgraph: string, operation: string) => {
    const { note, typeOf } = typed(subgraph)
    const { definitions } = parse(operation, { noLocation: true })
    const fragments = new Map(
      definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
    )
    const enter = ({ selections }: SelectionSetNode, type: string | undefined): void => {
      for (const node of selections) {
        if (node.kind === Kind.FIELD) {
          const { value: field } = node.name
          note(type, field)
          if (node.selectionSet) enter(node.selectionSet, typeOf(type, field))
        } else if (node.kind === Kind.INLINE_FRAGMENT) {
          enter(node.selectionSet, node.typeCondition?.name.value ?? type)
        } else {
          const fragment = fragments.get(node.name.value)
          if (fragment) enter(fragment.selectionSet, fragment.typeCondition.name.value)
        }
      }
    }
    for (const node of definitions)
      if (node.kind === Kind.OPERATION_DEFINITION) enter(node.selectionSet, roots[node.operation])
  }

  const inRepresentations = (
    subgraph: string,
    selections: readonly QueryPlanSelectionNode[],
    type: string | undefined,
  ): void => {
    const { note, typeOf } = typed(subgraph)
    for (const node of selections) {
      if (node.kind === 'InlineFragment') {
        inRepresentations(subgraph, node.selections, node.typeCondition ?? type)
      } else {
        note(type, node.name)
        inRepresentations(subgraph, node.selections ?? [], typeOf(type, node.name))
      }
    }
  }

  for (const node of fetchesOf(plan.node)) {
    inDocument(node.serviceName, node.operation)
    inRepresentations(node.serviceName, node.requires ?? [], undefined)
  }
  return found
}

/** As the supergraph names them, whatever a subgraph does. */
const roots: Readonly<Record<OperationTypeNode | string, string>> = {
  query: 'Query',
  mutation: 'Mutation',
  subscription: 'Subscription',
}
