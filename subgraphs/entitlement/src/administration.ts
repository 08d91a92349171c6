/** What an administrator may do: a change of the ledger, and its receipt. Holding one means that the scope was there. */
import { consistencyToken } from '@fundmesh/platform/grants/consistency-token'
import { ADMIN_SCOPE, type Caller } from '@fundmesh/platform/identity/caller'
import { CallerError } from '@fundmesh/platform/service/errors'
import type { Delivery } from './delivery/delivery.ts'
import { type ContractInput, contractOrder } from './domain/contract.ts'
import { type GrantOrderInput, grantOrder } from './domain/grant.ts'
import { Refusal } from './domain/refusal.ts'
import { type Principal, principal } from './domain/roles.ts'
import { newTenant, type TenantInput } from './domain/tenant.ts'
import { type ChangedContract, recordContract, terminateContract } from './store/contract-changes.ts'
import { type ChangedGrant, recordGrant, resumeGrant, revokeGrant, suspendGrant } from './store/grant-changes.ts'
import type { Ledger } from './store/ledger.ts'
import type { Confirmation } from './store/outbox.ts'
import type { ReadTenant } from './store/records.ts'
import { assignRoles, type ChangedPrincipal, registerTenant } from './store/tenant-changes.ts'

/** Who has a change already, and a name for it. */
interface Receipt {
  readonly epoch: number
  readonly confirmations: readonly Confirmation[]
  readonly consistencyToken: string
}

export type ReceiptOfGrant = ChangedGrant & Receipt
export type ReceiptOfContract = ChangedContract & Receipt
export type ReceiptOfRoles = ChangedPrincipal & Receipt

export interface Administration {
  registerTenant(input: TenantInput): Promise<ReadTenant>
  grant(input: GrantOrderInput): Promise<ReceiptOfGrant>
  revoke(grantId: string, reason: string): Promise<ReceiptOfGrant>
  suspend(grantId: string, reason: string): Promise<ReceiptOfGrant>
  resume(grantId: string, reason: string): Promise<ReceiptOfGrant>
  recordContract(input: ContractInput): Promise<ReceiptOfContract>
  terminateContract(contractId: string, reason: string): Promise<ReceiptOfContract>
  assignRoles(input: Principal): Promise<ReceiptOfRoles>
}

/** Throws CallerError FORBIDDEN where the caller lacks the scope; the methods reject with BAD_USER_INPUT. */
export function administrationFor(caller: Caller, ledger: Ledger, delivery: Delivery): Administration {
  if (!caller.scopes.has(ADMIN_SCOPE)) throw new CallerError('FORBIDDEN', `the scope ${ADMIN_SCOPE} is required`)
  const actor = `${caller.tenant}/${caller.subject}`
  /** What was changed, with its receipt once the targets have confirmed it. */
  const change = <Changed extends { readonly epoch: number }>(
    work: () => Promise<Changed>,
    tenantOf: (changed: Changed) => string,
  ): Promise<Changed & Receipt> =>
    answer(async () => {
      const changed = await work()
      const tenant = tenantOf(changed)
      const confirmations = await delivery.confirmed(tenant, changed.epoch)
      return { ...changed, confirmations, consistencyToken: consistencyToken({ tenant, epoch: changed.epoch }) }
    })
  const changeGrant = (work: () => Promise<ChangedGrant>) => change(work, ({ grant }) => grant.tenantId)
  const changeContract = (work: () => Promise<ChangedContract>) => change(work, ({ contract }) => contract.tenantId)
  return {
    registerTenant: (input) =>
      answer(async () => {
        const tenant = await registerTenant(ledger, actor, newTenant(input))
        await delivery.confirmed(tenant.id, tenant.epoch)
        return tenant
      }),
    grant: (input) => changeGrant(async () => recordGrant(ledger, actor, grantOrder(input))),
    revoke: (grantId, reason) => changeGrant(async () => revokeGrant(ledger, actor, grantId, reason)),
    suspend: (grantId, reason) => changeGrant(async () => suspendGrant(ledger, actor, grantId, reason)),
    resume: (grantId, reason) => changeGrant(async () => resumeGrant(ledger, actor, grantId, reason)),
    recordContract: (input) => changeContract(async () => recordContract(ledger, actor, contractOrder(input))),
    terminateContract: (contractId, reason) =>
      changeContract(async () => terminateContract(ledger, actor, contractId, reason)),
    assignRoles: (input) =>
      change(
        async () => assignRoles(ledger, actor, principal(input)),
        (changed) => changed.principal.tenantId,
      ),
  }
}

/** A refusal is the caller's mistake. */
async function answer<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Refusal ? new CallerError('BAD_USER_INPUT', error.message) : error
  }
}
