/** Answers `explainAccess` from the ledger's grants, the structure of the funds and the policies. It reads, and changes nothing. */
import type { Channel, FieldSet } from '@fundmesh/platform/grants/reading'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import type { PolicyEngine } from '@fundmesh/platform/policies/engine'
import { principalClassOf } from '@fundmesh/platform/policies/principal-class'
import { CallerError } from '@fundmesh/platform/service/errors'
import { epochOf, knownGrants } from '../store/known-grants.ts'
import type { Ledger } from '../store/ledger.ts'
import type { ReadGrant, ResourceRef } from '../store/records.ts'
import { because, byDecision, type Considered, consider, type Question } from './explain.ts'

export interface ExplainAccessInput {
  readonly tenantId: string
  readonly subject?: string | null | undefined
  readonly resourceKind: ResourceRef['kind']
  readonly resourceId: string
  readonly channel: Channel
  readonly fieldSet: FieldSet
  readonly valueDate?: string | null | undefined
  readonly region?: string | null | undefined
  readonly at?: string | null | undefined
}

export interface AccessExplained {
  readonly allowed: boolean
  readonly because: string
  readonly grant: ReadGrant | null
  readonly contractId: string | null
  readonly contractLine: number | null
  readonly fundId: string | null
  readonly grantsVersion: number
  readonly considered: readonly Considered[]
  readonly policies: readonly {
    readonly action: string
    readonly allowed: boolean
    readonly policies: readonly string[]
  }[]
}

export interface Known {
  readonly ledger: Ledger
  readonly grants: Pick<GrantsReplica, 'epoch' | 'fieldSets' | 'roles' | 'fundOf' | 'shareClassesOf'>
  readonly engine: Pick<PolicyEngine, 'decide'>
}

/** @throws CallerError BAD_USER_INPUT for an instant that is yet to come. */
export async function explainAccess(
  { ledger, grants, engine }: Known,
  input: ExplainAccessInput,
): Promise<AccessExplained> {
  const now = new Date()
  const at = input.at == null ? now : new Date(input.at)
  if (at > now)
    throw new CallerError('BAD_USER_INPUT', `at: expected an instant that is not in the future; got ${input.at}`)
  const question: Question = {
    tenantId: input.tenantId,
    resource: { kind: input.resourceKind, id: input.resourceId },
    channel: input.channel,
    fieldSet: input.fieldSet,
    ...(input.region != null && { region: input.region }),
    ...(input.valueDate != null && { valueDate: input.valueDate }),
    at,
  }
  const { kind, id } = question.resource
  const fundId = (kind === 'SHARE_CLASS' ? grants.fundOf(id) : id) ?? null
  const openers: readonly ResourceRef[] =
    kind === 'SHARE_CLASS'
      ? [question.resource, ...(fundId === null ? [] : [{ kind: 'FUND' as const, id: fundId }])]
      : [question.resource, ...grants.shareClassesOf(id).map((one) => ({ kind: 'SHARE_CLASS' as const, id: one }))]
  const known = await knownGrants(ledger, input.tenantId, openers, at)
  const considered = known.map((grant) => consider(grant, question)).sort(byDecision)
  const policies = input.at == null ? [decided({ engine, grants }, input, at)] : []
  const refused = policies.find(({ allowed }) => !allowed)
  const opens = considered[0]?.opens ?? false
  const grant = considered[0]?.grant ?? null
  return {
    allowed: opens && !refused,
    because:
      opens && refused
        ? `${because(question, considered)}, and no policy allows ${refused.action} to the caller's class`
        : because(question, considered),
    grant,
    contractId: grant?.contractId ?? null,
    contractLine: grant?.lineNumber ?? null,
    fundId,
    grantsVersion: await epochOf(ledger, input.tenantId),
    considered,
    policies,
  }
}

/** What Cedar says to the action that the fields of the field set ask for. A caller of the tenant without any scope is thought of. */
function decided(
  { engine, grants }: Pick<Known, 'engine' | 'grants'>,
  { tenantId, subject, region, channel, fieldSet }: ExplainAccessInput,
  at: Date,
) {
  const action = `read-${fieldSet.toLowerCase()}`
  const caller = {
    tenant: tenantId,
    subject: subject ?? 'somebody',
    scopes: new Set<string>(),
    ...(region != null && { region }),
  }
  const { allowed, policies } = engine.decide(action, principalClassOf(caller, channel, grants, at))
  return { action, allowed, policies }
}
