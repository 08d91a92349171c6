/**
 * What the gateway would do with an operation if somebody else asked it: the view, the rights and the policies behind
 * them, what would be taken out and which requirement is not met, the plan of what is left, and which of the ids that it
 * names may be seen. Nothing is fetched, and nothing is changed.
 */
import { prettyFormatQueryPlan } from '@apollo/query-planner'
import type { ResourceKind } from '@fundmesh/contracts/events'
import type { Channel, FieldSet } from '@fundmesh/platform/grants/reading'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { PolicyEngine } from '@fundmesh/platform/policies/engine'
import { principalClassOf } from '@fundmesh/platform/policies/principal-class'
import { type GraphQLError, getNamedType, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import type { Denied, Permit, PermittedOperation } from '../access/permit.ts'
import type { Requirement } from '../access/requirement.ts'
import type { Rights, RightsOf } from '../access/rights.ts'
import type { AccessRules } from '../access/rules.ts'
import { codesOf } from '../audit/draft.ts'
import type { Operation } from '../operation/operation.ts'
import type { GraphQLRequest } from '../operation/request.ts'
import type { Planner } from '../plan/planner.ts'
import type { Views } from '../view/views.ts'

/** Whom to think of as the caller. */
export interface AsWhom {
  readonly caller: Caller
  readonly channel: Channel
}

export interface Explanation {
  readonly decision: 'ALLOWED' | 'PARTLY_DENIED' | 'REJECTED'
  /** The codes and texts of a refusal as a whole. */
  readonly errors: readonly { readonly code: string; readonly message: string }[]
  readonly view: string
  readonly rights: { readonly grantsVersion: number; readonly policies: readonly string[] } | null
  readonly denied: readonly ExplainedDenial[]
  /** The plan of what is left; null where nothing would be planned. */
  readonly plan: string | null
  /** What it would be charged. */
  readonly cost: number | null
  /** The ids that the operation names, and of what the tenant may see them now. */
  readonly ids: readonly { readonly id: string; readonly mayRead: readonly `${ResourceKind} ${FieldSet}`[] }[]
  /** How many resources the tenant may see now. */
  readonly visible: Readonly<Record<FieldSet, Readonly<Record<ResourceKind, number>>>> | null
}

export interface ExplainedDenial extends Denied {
  /** What of the requirement the caller lacks: for each, what would do. */
  readonly missing: readonly string[]
  /** What Cedar said to the policies among them. */
  readonly policies: readonly {
    readonly action: string
    readonly allowed: boolean
    readonly policies: readonly string[]
  }[]
}

export type Explain = (request: GraphQLRequest, as: AsWhom) => Promise<Explanation>

export interface ExplainRooms {
  readonly views: Pick<Views, 'of' | 'graph'>
  readonly rules: AccessRules
  readonly rightsOf: RightsOf
  readonly permit: Permit
  /** What is reserved for an operation (budget/cost.ts). */
  readonly costOf: (operation: Operation) => number
  readonly planner: Planner
  readonly engine: Pick<PolicyEngine, 'decide'>
  readonly grants: Pick<GrantsReplica, 'epoch' | 'fieldSets' | 'roles' | 'visible' | 'mayRead'>
}

const fieldSets: readonly FieldSet[] = ['REFERENCE', 'NAV', 'PERFORMANCE', 'RISK']
const kinds: readonly ResourceKind[] = ['FUND', 'SHARE_CLASS']
/** Ids that one explanation looks at. */
const mostIds = 100

export function explainer(rooms: ExplainRooms): Explain {
  const { views, rules, rightsOf, permit, costOf, planner, engine, grants } = rooms

  const missingOf = ({ coordinate }: Denied, rights: Rights) => {
    const [type, field] = coordinate.split('.') as [string, string]
    return rules.ofField(type, field).flatMap((requirement) => lacking(requirement, rights))
  }

  const policiesOf = (denied: Denied, as: AsWhom, at: Date) => {
    const [type, field] = denied.coordinate.split('.') as [string, string]
    const principal = principalClassOf(as.caller, as.channel, grants, at)
    const actions = new Set(rules.ofField(type, field).flatMap(({ policies }) => policies.flat()))
    return [...actions].map((action) => {
      const { allowed, policies } = engine.decide(action, principal)
      return { action, allowed, policies }
    })
  }

  /** The ids among the operation's arguments. */
  const idsOf = ({ view, document, variables }: Operation): readonly string[] => {
    const found = new Set<string>()
    const add = (value: unknown) => {
      if (typeof value === 'string') found.add(value)
      else if (Array.isArray(value)) value.forEach(add)
    }
    const types = new TypeInfo(views.graph(view).schema)
    const isId = () => getNamedType(types.getInputType())?.name === 'ID'
    visit(
      document,
      visitWithTypeInfo(types, {
        VariableDefinition: () => false,
        StringValue: (node) => void (isId() && add(node.value)),
        Variable: (node) => void (isId() && add(variables[node.name.value])),
      }),
    )
    return [...found].slice(0, mostIds)
  }

  return async (request, as) => {
    const { caller, channel } = as
    const at = new Date()
    const view = views.of(caller)
    const nothing = { view: view.name, rights: null, denied: [], plan: null, cost: null, ids: [], visible: null }
    let permitted: PermittedOperation
    let rights: Rights
    try {
      const operation = view.understand(request)
      rights = rightsOf(caller, channel)
      permitted = permit({ caller, channel, atLeastEpoch: 0 }, operation, rights)
    } catch (error) {
      const errors = error instanceof AggregateError ? error.errors : [error]
      const told = errors.map((one) => ({ code: codesOf([one])[0]!, message: (one as GraphQLError).message }))
      return { ...nothing, decision: 'REJECTED', errors: told }
    }
    const reading = (fieldSet: FieldSet) => ({ tenant: caller.tenant, region: caller.region, channel, fieldSet })
    const hasSelection = permitted.definition.selectionSet.selections.some(
      (node) => node.kind !== Kind.FIELD || node.name.value !== '__typename',
    )
    return {
      decision: permitted.denied.length > 0 && !permitted.dryRun ? 'PARTLY_DENIED' : 'ALLOWED',
      errors: [],
      view: view.name,
      rights: { grantsVersion: rights.grantsVersion, policies: [...rights.policies].sort() },
      denied: permitted.denied.map((denied) => ({
        ...denied,
        missing: missingOf(denied, rights),
        policies: policiesOf(denied, as, at),
      })),
      plan: hasSelection ? prettyFormatQueryPlan(await planner.plan(permitted)) : null,
      cost: costOf(permitted),
      ids: idsOf(permitted.asked).map((id) => ({
        id,
        mayRead: kinds.flatMap((kind) =>
          fieldSets
            .filter((fieldSet) => grants.mayRead(reading(fieldSet), { kind, id }, at))
            .map((fieldSet) => `${kind} ${fieldSet}` as const),
        ),
      })),
      visible: Object.fromEntries(
        fieldSets.map((fieldSet) => [
          fieldSet,
          Object.fromEntries(kinds.map((kind) => [kind, grants.visible(reading(fieldSet), kind, at).length])),
        ]),
      ) as Explanation['visible'],
    }
  }
}

/** What would meet each part of the requirement that is not met. */
function lacking({ authenticated, scopes, policies }: Requirement, rights: Rights): string[] {
  const alternatives = (what: string, anyOf: readonly (readonly string[])[], held: ReadonlySet<string>) =>
    anyOf.length === 0 || anyOf.some((names) => names.every((name) => held.has(name)))
      ? []
      : [`${what} ${anyOf.map((names) => names.join(' and ')).join(', or ')}`]
  return [
    ...(authenticated && !rights.authenticated ? ['a token'] : []),
    ...alternatives('scope', scopes, rights.scopes),
    ...alternatives('policy', policies, rights.policies),
  ]
}
