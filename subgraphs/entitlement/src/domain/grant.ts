/**
 * A grant and its states. Time moves it along its window, within its contract's; a suspension takes it out of force until
 * it is resumed, and time goes on meanwhile; a revocation ends it from any state, for good:
 *
 *     PENDING ──validFrom──▶ ACTIVE ──validTo──▶ EXPIRED
 *        └───suspend──▶ SUSPENDED ◀─suspend─┘       (resume: back to what the window says; validTo: EXPIRED)
 *     any state ──revoke──▶ REVOKED
 */
import { bounds, type Contract } from './contract.ts'
import { type Instant, instantOfInput } from './instant.ts'
import { Refusal } from './refusal.ts'
import { checkResource, type ResourceKind } from './resource.ts'
import { type Terms, type TermsInput, terms } from './terms.ts'

export type GrantState = 'PENDING' | 'ACTIVE' | 'SUSPENDED' | 'EXPIRED' | 'REVOKED'

/** When a right holds. */
export interface Window {
  readonly validFrom: Instant
  /** Exclusive; null: no end. */
  readonly validTo: Instant | null
}

/** The right of a tenant to read a resource on some terms during a window of time, which its contract bounds. */
export interface Grant extends Window, Terms {
  readonly id: string
  readonly tenantId: string
  readonly resourceKind: ResourceKind
  readonly resourceId: string
  readonly contractId: string | null
  /** The line of the contract that it comes from. */
  readonly lineNumber: number | null
  readonly revokedAt: Instant | null
  readonly revocationReason: string | null
  /** Null while it is not suspended. */
  readonly suspendedAt: Instant | null
  readonly suspensionReason: string | null
}

/** The most grants a tenant can hold that are not over: what the warehouse takes in one batch, with room to spare. */
export const MOST_GRANTS = 10_000

export function grantState(grant: Window & Pick<Grant, 'revokedAt' | 'suspendedAt'>, at: Instant): GrantState {
  if (grant.revokedAt !== null) return 'REVOKED'
  if (grant.validTo !== null && grant.validTo <= at) return 'EXPIRED'
  if (grant.suspendedAt !== null) return 'SUSPENDED'
  return at < grant.validFrom ? 'PENDING' : 'ACTIVE'
}

/** What is asked for when a right is granted. */
export interface GrantOrder extends Terms {
  readonly tenantId: string
  readonly resourceKind: ResourceKind
  readonly resourceId: string
  readonly contractId: string | null
  readonly lineNumber: number | null
  /** Null: from when it is recorded. */
  readonly validFrom: Instant | null
  readonly validTo: Instant | null
  /** A second order of the same key is a repetition of the first; null: each is an order of its own. */
  readonly idempotencyKey: string | null
}

/** What an administrator wrote; instants are canonical DateTimes. */
export interface GrantOrderInput extends TermsInput {
  readonly tenantId: string
  readonly resourceKind: ResourceKind
  readonly resourceId: string
  readonly contractId?: string | null | undefined
  readonly validFrom?: string | null | undefined
  readonly validTo?: string | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

/** Checks what can be checked without the ledger. Throws Refusal. */
export function grantOrder(input: GrantOrderInput): GrantOrder {
  const { tenantId, resourceKind, resourceId, contractId = null, idempotencyKey = null } = input
  checkResource(resourceId)
  if (idempotencyKey !== null && !/^[\x21-\x7e]{1,200}$/.test(idempotencyKey)) {
    throw new Refusal(
      `idempotencyKey: expected 1 to 200 visible ASCII characters; got ${idempotencyKey.length}, or others`,
    )
  }
  const validFrom = instantOfInput('validFrom', input.validFrom)
  const validTo = instantOfInput('validTo', input.validTo)
  if (validFrom !== null) checkWindow({ validFrom, validTo })
  const resource = { tenantId, resourceKind, resourceId, contractId, lineNumber: null }
  return { ...resource, ...terms(input), validFrom, validTo, idempotencyKey }
}

/** A right that never holds is a mistake. Throws Refusal. */
export function checkWindow({ validFrom, validTo }: Window): void {
  if (validTo !== null && validTo <= validFrom) {
    throw new Refusal(`validTo: expected an instant after validFrom (${validFrom}); got ${validTo}`)
  }
}

/** A right that does not hold on any of its contract's days is a mistake. Throws Refusal. */
export function checkWithin({ validFrom, validTo }: Window, contract: Contract | undefined): void {
  if (!contract) return
  const { from, to } = bounds(contract)
  if ((to !== null && to <= validFrom) || (validTo !== null && validTo <= from)) {
    throw new Refusal(
      `validFrom: expected a window within the contract ${contract.id}, ${from} to ${to}; got ${validFrom} to ${validTo}`,
    )
  }
}

/** A right comes from a contract in force that is the tenant's own. Throws Refusal; another tenant's contract is an unknown one. */
export function checkContract(
  order: Pick<GrantOrder, 'tenantId' | 'contractId'>,
  contract: Contract | undefined,
): void {
  if (order.contractId === null) return
  if (contract?.tenantId !== order.tenantId) {
    const came = JSON.stringify(order.contractId.slice(0, 80))
    throw new Refusal(`contractId: expected a contract of the tenant ${order.tenantId}; got ${came}`)
  }
  if (contract.status !== 'ACTIVATED') {
    throw new Refusal(`contractId: expected a contract that is ACTIVATED; ${contract.id} is ${contract.status}`)
  }
}
