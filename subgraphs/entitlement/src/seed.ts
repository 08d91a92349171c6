/**
 * Records the demo's tenants of fixtures/tenants.json in the ledger named by DATABASE_URL (a login that owns its tables).
 * Idempotent: what is there stays as it is, a revoked grant revoked. Changes go through the same code and outbox as any
 * other, so that epochs and events follow when the service runs.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { z } from 'zod'
import { contractOrder } from './domain/contract.ts'
import { newTenant } from './domain/tenant.ts'
import { insertLine } from './store/contract-changes.ts'
import { recordGrant } from './store/grant-changes.ts'
import { type Ledger, openLedger } from './store/ledger.ts'
import { grantsById, tenantsById } from './store/records.ts'
import { registerTenant } from './store/tenant-changes.ts'

const tenantsFile = new URL('../fixtures/tenants.json', import.meta.url)
const actor = 'seed'

const line = z.strictObject({
  /** The id of the grant that comes from the line. */
  grantId: z.string(),
  resourceKind: z.enum(['FUND', 'SHARE_CLASS']),
  resourceId: z.string(),
  channels: z.array(z.enum(['GRAPHQL', 'STREAM', 'KAFKA'])).optional(),
  fieldSets: z.array(z.enum(['REFERENCE', 'NAV', 'PERFORMANCE', 'RISK'])).optional(),
  regions: z.array(z.string().length(2)).optional(),
  embargoDays: z.number().optional(),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime().optional(),
})
const contract = z.strictObject({
  id: z.string(),
  startDate: z.iso.date(),
  endDate: z.iso.date().optional(),
  lines: z.array(line),
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
    portfolios: z.array(portfolio),
  }),
)
type SeedTenant = z.infer<typeof tenantsSchema>[number]
type SeedContract = z.infer<typeof contract>

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
      await recordPortfolios(ledger, tenant)
      for (const contract of tenant.contracts) added.grants += await seedContract(ledger, tenant.id, contract)
    }
  } finally {
    await ledgers.close()
  }
  return added
}

/** Records the contract, its lines, and for each line the grant that is not there yet; returns how many those were. */
async function seedContract(ledger: Ledger, tenantId: string, { lines: given, ...contract }: SeedContract) {
  const { id, startDate, endDate } = contract
  const { lines } = contractOrder({ ...contract, tenantId, lines: given })
  await ledger.transaction(async (ask) => {
    await ask(
      `insert into entitlement.contract (contract_id, tenant_id, status, start_date, end_date, recorded_by)
       values ($1, $2, 'ACTIVATED', $3, $4, $5) on conflict do nothing`,
      [id, tenantId, startDate, endDate ?? null, actor],
    )
    for (const line of lines) await insertLine(ask, actor, tenantId, line)
  })
  const grantIds = given.map(({ grantId }) => grantId)
  const held = new Set((await grantsById(ledger, grantIds)).map((grant) => grant.id))
  let added = 0
  for (const [index, line] of lines.entries()) {
    const grantId = grantIds[index]!
    if (held.has(grantId)) continue
    const order = { ...line, tenantId, contractId: id, lineNumber: line.number, idempotencyKey: null }
    await recordGrant(ledger, actor, order, grantId)
    added += 1
  }
  return added
}

/** Portfolios come from another system: the service only reads them. */
async function recordPortfolios(ledger: Ledger, { id: tenantId, portfolios }: SeedTenant): Promise<void> {
  await ledger.transaction(async (ask) => {
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
