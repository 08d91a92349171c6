import type { Context } from '../context.ts'
import type { ReadTenant } from '../store/records.ts'

/** The tenant of a record. Who sees the record sees its tenant: both have the same policy. */
export async function owner({ tenantId }: { readonly tenantId: string }, { loaders }: Context): Promise<ReadTenant> {
  const tenant = await loaders.tenant.load(tenantId)
  if (!tenant) throw new Error(`expected to see the tenant ${tenantId} of a visible record`)
  return tenant
}
