/**
 * A grant and its states. Time moves it along its window; a revocation ends it from any state, for good:
 *
 *     PENDING ──validFrom──▶ ACTIVE ──validTo──▶ EXPIRED
 *        └───────revoke────────┴───────revoke───────┴──▶ REVOKED
 */
import type { Contract } from './contract.ts'
import { EARLIEST, type Instant, instant, LATEST } from './instant.ts'
import { Refusal } from './refusal.ts'

export type ResourceKind = 'FUND' | 'SHARE_CLASS'
export type GrantState = 'PENDING' | 'ACTIVE' | 'EXPIRED' | 'REVOKED'

/** When a right holds. */
export interface Window {
  readonly validFrom: Instant
  /** Exclusive; null: no end. */
  readonly validTo: Instant | null
}

/** The right of a tenant to read a resource during a window of time. */
export interface Grant extends Window {
  readonly id: string
  readonly tenantId: string
  readonly resourceKind: ResourceKind
  readonly resourceId: string
  readonly contractId: string | null
  readonly revokedAt: Instant | null
  readonly revocationReason: string | null
}

/** The most grants a tenant can hold that are not over: what the warehouse takes in one batch, with room to spare. */
export const MOST_GRANTS = 10_000

export function grantState(grant: Window & Pick<Grant, 'revokedAt'>, at: Instant): GrantState {
  if (grant.revokedAt !== null) return 'REVOKED'
  if (at < grant.validFrom) return 'PENDING'
  return grant.validTo !== null && grant.validTo <= at ? 'EXPIRED' : 'ACTIVE'
}

/** What is asked for when a right is granted. */
export interface GrantOrder extends Omit<Grant, 'id' | 'validFrom' | 'revokedAt' | 'revocationReason'> {
  /** Null: from when it is recorded. */
  readonly validFrom: Instant | null
}

/** What an administrator wrote; instants are canonical DateTimes. */
export interface GrantOrderInput {
  readonly tenantId: string
  readonly resourceKind: ResourceKind
  readonly resourceId: string
  readonly contractId?: string | null | undefined
  readonly validFrom?: string | null | undefined
  readonly validTo?: string | null | undefined
}

/** Checks what can be checked without the ledger. Throws Refusal. */
export function grantOrder(input: GrantOrderInput): GrantOrder {
  if (!/^[a-z][a-z0-9-]*:[A-Za-z0-9._-]{1,100}$/.test(input.resourceId)) {
    const came = JSON.stringify(input.resourceId.slice(0, 80))
    throw new Refusal(`resourceId: expected <source>:<code>, such as "tsp:c-fund"; got ${came}`)
  }
  const validFrom = bound('validFrom', input.validFrom)
  const validTo = bound('validTo', input.validTo)
  if (validFrom !== null) checkWindow({ validFrom, validTo })
  const { tenantId, resourceKind, resourceId } = input
  return { tenantId, resourceKind, resourceId, contractId: input.contractId ?? null, validFrom, validTo }
}

function bound(field: string, dateTime: string | null | undefined): Instant | null {
  if (dateTime == null) return null
  const at = instant(dateTime)
  // A text of another length has a year of other than four digits.
  if (at.length !== EARLIEST.length || at < EARLIEST || at >= LATEST) {
    throw new Refusal(`${field}: expected an instant from the year 1900 to 2199; got ${dateTime}`)
  }
  return at
}

/** A right that never holds is a mistake. Throws Refusal. */
export function checkWindow({ validFrom, validTo }: Window): void {
  if (validTo !== null && validTo <= validFrom) {
    throw new Refusal(`validTo: expected an instant after validFrom (${validFrom}); got ${validTo}`)
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
