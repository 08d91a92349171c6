/**
 * Records the demo's tenants of fixtures/tenants.json in the ledger named by DATABASE_URL (a login that owns its tables).
 * Idempotent: what is there stays as it is, a revoked grant revoked. Changes go through the same code and outbox as any
 * other, so that epochs and events follow when the service runs.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { z } from 'zod'
import { grantOrder } from './domain/grant.ts'
import { newTenant } from './domain/tenant.ts'
import { recordGrant, registerTenant } from './store/changes.ts'
import { type Ledger, openLedger } from './store/ledger.ts'
import { grantsById, tenantsById } from './store/records.ts'

const tenantsFile = new URL('../fixtures/tenants.json', import.meta.url)
const actor = 'seed'

const contract = z.strictObject({
  id: z.string(),
  status: z.enum(['DRAFT', 'ACTIVATED', 'TERMINATED']),
  startDate: z.iso.date(),
  endDate: z.iso.date().optional(),
})
const grant = z.strictObject({
  id: z.string(),
  resourceKind: z.enum(['FUND', 'SHARE_CLASS']),
  resourceId: z.string(),
  contractId: z.string().optional(),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime().optional(),
})
const portfolio = z.strictObject({
  id: z.string(),
  name: z.string(),
  baseCurrency: z.string().length(3),
  positions: z.array(z.strictObject({ shareClassId: z.string(), units: z.string() })),
})
const tenantsSchema = z.array(
  z.strictObject({
    id: z.string(),
    name: z.string(),
    contracts: z.array(contract),
    grants: z.array(grant),
    portfolios: z.array(portfolio),
  }),
)
type SeedTenant = z.infer<typeof tenantsSchema>[number]

/** What the seed added. */
export interface SeedReport {
  readonly tenants: number
  readonly grants: number
}

export async function seedTenants(databaseUrl: string): Promise<SeedReport> {
  const tenants = tenantsSchema.parse(JSON.parse(await readFile(tenantsFile, 'utf8')))
  const ledgers = openLedger(databaseUrl, createLogger('entitlement-seed', 'error'))
  const ledger = ledgers.forService()
  const added = { tenants: 0, grants: 0 }
  try {
    for (const tenant of tenants) {
      if ((await tenantsById(ledger, [tenant.id])).length === 0) {
        await registerTenant(ledger, actor, newTenant(tenant))
        added.tenants += 1
      }
      await recordAgreements(ledger, tenant)
      const held = new Set(
        (
          await grantsById(
            ledger,
            tenant.grants.map(({ id }) => id),
          )
        ).map(({ id }) => id),
      )
      for (const { id, ...order } of tenant.grants.filter(({ id }) => !held.has(id))) {
        await recordGrant(ledger, actor, grantOrder({ ...order, tenantId: tenant.id }), id)
        added.grants += 1
      }
    }
  } finally {
    await ledgers.close()
  }
  return added
}

/** Contracts and portfolios come from other systems: the service only reads them. */
async function recordAgreements(ledger: Ledger, { id: tenantId, contracts, portfolios }: SeedTenant): Promise<void> {
  await ledger.transaction(async (ask) => {
    for (const { id, status, startDate, endDate } of contracts) {
      await ask(
        `insert into entitlement.contract (contract_id, tenant_id, status, start_date, end_date)
         values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [id, tenantId, status, startDate, endDate ?? null],
      )
    }
    for (const { id, name, baseCurrency, positions } of portfolios) {
      await ask(
        `insert into entitlement.portfolio (portfolio_id, tenant_id, name, base_currency)
         values ($1, $2, $3, $4) on conflict do nothing`,
        [id, tenantId, name, baseCurrency],
      )
      for (const { shareClassId, units } of positions) {
        await ask(
          `insert into entitlement.position (portfolio_id, tenant_id, share_class_id, units)
           values ($1, $2, $3, $4) on conflict do nothing`,
          [id, tenantId, shareClassId, units],
        )
      }
    }
  })
}

async function main(databaseUrl: string | undefined): Promise<void> {
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: it names the ledger to seed')
  const { tenants, grants } = await seedTenants(databaseUrl)
  console.log(`entitlements: ${tenants} tenants and ${grants} grants added`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.env.DATABASE_URL).catch((error: Error) => {
    console.error(`the entitlements cannot be seeded: ${error.message}`)
    process.exitCode = 1
  })
}
