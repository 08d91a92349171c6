/**
 * Cedar, as this code base uses it: a set of policies, and one question. A policy's name in the graph,
 * `@policy(policies: [["read-nav"]])`, is the id of a Cedar action. Pure: no clock, no grants.
 *
 * Cedar skips a policy that cannot be evaluated. Skipping a `forbid` would allow what it forbids, so here an error denies.
 */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { PolicyFiles } from './files.ts'
import type { PrincipalClass } from './principal-class.ts'

export interface Decision {
  readonly allowed: boolean
  /** The `@id`s of the policies that decided: those that allow it, or those that forbid it. Empty: none allows it. */
  readonly policies: readonly string[]
  /** Why it could not be decided, and is denied. */
  readonly errors: readonly string[]
}

export interface PolicyEngine {
  /** What can be asked for: the actions that the policies name. */
  readonly names: ReadonlySet<string>
  decide(name: string, principal: PrincipalClass): Decision
}

/** Every engine keeps its own policies among those that Cedar has parsed. */
let engines = 0

/** Throws an Error that names the file, the policy and what is wrong with it. */
export function policyEngine({ policies, names, schema }: PolicyFiles): PolicyEngine {
  engines += 1
  const id = `engine-${engines}`
  succeed('policies', cedar.preparsePolicySet(id, { staticPolicies: Object.fromEntries(policies) }))
  if (schema !== undefined) succeed('schema', cedar.preparseSchema(id, schema))

  return {
    names,
    decide(name, principal) {
      if (!names.has(name)) return { allowed: false, policies: [], errors: [`no policy is named ${name}`] }
      const answer = cedar.statefulIsAuthorized({
        ...requestOf(name, principal),
        preparsedPolicySetId: id,
        ...(schema !== undefined && { preparsedSchemaName: id, validateRequest: true }),
      })
      if (answer.type === 'failure')
        return { allowed: false, policies: [], errors: answer.errors.map(({ message }) => message) }
      const { decision, diagnostics } = answer.response
      const errors = diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`)
      return {
        allowed: decision === 'allow' && errors.length === 0,
        policies: [...diagnostics.reason].sort(),
        errors,
      }
    },
  }
}

function requestOf(name: string, { tenant, channel, fieldSets, ...caller }: PrincipalClass) {
  const principal = { type: 'Caller', id: tenant }
  return {
    principal,
    action: { type: 'Action', id: name },
    resource: { type: 'Graph', id: 'fundmesh' },
    context: { channel, fieldSets: [...fieldSets] },
    entities: [
      {
        uid: principal,
        attrs: {
          authenticated: caller.authenticated,
          registered: caller.registered,
          scopes: [...caller.scopes],
          roles: [...caller.roles],
          ...(caller.region !== undefined && { region: caller.region }),
        },
        parents: tenant === '' ? [] : [{ type: 'Tenant', id: tenant }],
      },
    ],
  }
}

function succeed(what: string, answer: cedar.CheckParseAnswer): void {
  if (answer.type === 'failure') throw new Error(`${what}: ${answer.errors.map(({ message }) => message).join('; ')}`)
}
