import type { Ledger } from './ledger.ts'
import type { Target } from './outbox.ts'

/**
 * Says which targets a change has to reach from now on: they depend on how the service is set up. One that is new gets
 * what every tenant holds now.
 */
export function haveTargets(ledger: Ledger, targets: readonly Target[]): Promise<void> {
  return ledger.transaction(async (ask) => {
    await ask('delete from entitlement.delivery_target where target <> all ($1)', [targets])
    await ask('insert into entitlement.delivery_target select unnest($1::text[]) on conflict do nothing', [targets])
    await ask(
      `insert into entitlement.outbox (tenant_id, epoch, target)
       select tenant_id, epoch, target from entitlement.tenant cross join entitlement.delivery_target
       on conflict do nothing`,
    )
  })
}
