import type { WarehouseExecutor } from '@fundmesh/platform/warehouse/redshift-executor'
import type { Statement, Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import type { GrantSet, HeldGrant } from '../store/outbox.ts'
import type { DeliveryTarget } from './target.ts'

/** Rows in one INSERT: about 80 kB of parameter. With MOST_GRANTS a set stays within one batch of the Data API. */
const ROWS = 500

/** The row policies' copy of the grants: a tenant's rows are replaced whole, in one transaction. `reader` logs in as the writer does. */
export function warehouseTarget(writer: WarehouseExecutor, reader: Warehouse): DeliveryTarget {
  return {
    name: 'WAREHOUSE',
    taking: 'newest',
    deliver: async (sets) => {
      for (const set of sets) await writer.execute(replaceRows(set))
    },
    held: async () => {
      const sql = 'select tenant_id, epoch from gold.row_grant_epoch'
      const rows = await reader.query({ name: 'grants.epochs', sql, parameters: {} })
      return new Map(rows.map(({ tenant_id, epoch }) => [String(tenant_id), { epoch: Number(epoch) }]))
    },
  }
}

function replaceRows({ tenantId: id, epoch, grants }: GrantSet): readonly Statement[] {
  const name = 'grants.replace'
  const statements: Statement[] = [
    {
      name,
      // The fence: against a newer epoch it writes null, which the column refuses, and nothing of the batch happens.
      // It also locks the tenant's row, so that two writers follow one after the other.
      sql: `insert into gold.row_grant_epoch as held (tenant_id, epoch) values (:id, :epoch::bigint)
            on conflict (tenant_id) do update
            set epoch = case when held.epoch <= excluded.epoch then excluded.epoch end`,
      parameters: { id, epoch: String(epoch) },
    },
    { name, sql: 'delete from gold.row_grant where tenant_id = :id', parameters: { id } },
  ]
  for (let from = 0; from < grants.length; from += ROWS) {
    statements.push({
      name,
      sql: `insert into gold.row_grant (grant_id, tenant_id, resource_kind, resource_id, valid_from, valid_to,
              channels, field_sets, regions, embargo_days)
            select "grantId", :id, "resourceKind", "resourceId", "validFrom", coalesce("validTo", 'infinity'),
              channels, "fieldSets", regions, "embargoDays"
            from jsonb_to_recordset(:rows::jsonb) as row ("grantId" text, "resourceKind" text, "resourceId" text,
              "validFrom" timestamptz, "validTo" timestamptz, channels text[], "fieldSets" text[], regions text[],
              "embargoDays" int)`,
      parameters: { id, rows: JSON.stringify(grants.slice(from, from + ROWS) satisfies readonly HeldGrant[]) },
    })
  }
  return statements
}
