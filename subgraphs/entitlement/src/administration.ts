/** What an administrator may do: a change of the ledger, and its receipt. Holding one means that the scope was there. */
import { ADMIN_SCOPE, type Caller } from '@fundmesh/platform/identity/caller'
import { CallerError } from '@fundmesh/platform/service/errors'
import type { Delivery } from './delivery/delivery.ts'
import { type GrantOrderInput, grantOrder } from './domain/grant.ts'
import { Refusal } from './domain/refusal.ts'
import { newTenant, type Tenant, type TenantInput } from './domain/tenant.ts'
import { type Changed, recordGrant, registerTenant, revokeGrant } from './store/changes.ts'
import type { Ledger } from './store/ledger.ts'
import type { Confirmation } from './store/outbox.ts'

/** What a change did, and who has it already. */
export interface Receipt extends Changed {
  readonly confirmations: readonly Confirmation[]
}

export interface Administration {
  registerTenant(input: TenantInput): Promise<Tenant>
  grant(input: GrantOrderInput): Promise<Receipt>
  revoke(grantId: string, reason: string): Promise<Receipt>
}

/** Throws CallerError FORBIDDEN where the caller lacks the scope; the methods reject with BAD_USER_INPUT. */
export function administrationFor(caller: Caller, ledger: Ledger, delivery: Delivery): Administration {
  if (!caller.scopes.has(ADMIN_SCOPE)) throw new CallerError('FORBIDDEN', `the scope ${ADMIN_SCOPE} is required`)
  const actor = `${caller.tenant}/${caller.subject}`
  const receipt = async (changed: Changed): Promise<Receipt> => ({
    ...changed,
    confirmations: await delivery.confirmed(changed.grant.tenantId, changed.epoch),
  })
  return {
    registerTenant: (input) =>
      answer(async () => {
        const tenant = await registerTenant(ledger, actor, newTenant(input))
        await delivery.confirmed(tenant.id, 1)
        return tenant
      }),
    grant: (input) => answer(async () => receipt(await recordGrant(ledger, actor, grantOrder(input)))),
    revoke: (grantId, reason) => answer(async () => receipt(await revokeGrant(ledger, actor, grantId, reason))),
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
