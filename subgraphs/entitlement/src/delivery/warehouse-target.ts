import type { WarehouseExecutor } from '@fundmesh/platform/warehouse/redshift-executor'
import type { Statement, Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { type Instant, instant } from '../domain/instant.ts'
import type { GrantSet, HeldGrant } from '../store/outbox.ts'
import type { DeliveryTarget, HeldContent } from './target.ts'

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
      return new Map(
        rows.map((row) => {
          const tenantId = String(row.tenant_id)
          return [tenantId, { epoch: Number(row.epoch), content: () => contentOf(reader, tenantId) }]
        }),
      )
    },
  }
}

/** A row as JSON has it: instants without a zone, and without decimals that are none. */
type JsonGrant = Omit<HeldGrant, 'validFrom' | 'validTo'> & {
  readonly validFrom: string
  readonly validTo: string | null
}

/** In one statement, so that epoch and rows are of one change; and as JSON, as the Data API has no arrays. */
async function contentOf(reader: Warehouse, tenantId: string): Promise<HeldContent> {
  const rows = await reader.query({
    name: 'grants.content',
    sql: `select e.epoch, g.grant_id, json_build_object('grantId', g.grant_id, 'resourceKind', g.resource_kind,
        'resourceId', g.resource_id, 'validFrom', g.valid_from at time zone 'UTC',
        'validTo', nullif(g.valid_to, 'infinity') at time zone 'UTC', 'channels', g.channels,
        'fieldSets', g.field_sets, 'regions', g.regions, 'embargoDays', g.embargo_days)::text as content
      from gold.row_grant_epoch e left join gold.row_grant g on g.tenant_id = e.tenant_id where e.tenant_id = :id`,
    parameters: { id: tenantId },
  })
  const held = rows.filter(({ grant_id }) => grant_id !== null)
  return {
    epoch: Number(rows[0]?.epoch ?? 0),
    grants: held.map(({ content }) => {
      const grant = JSON.parse(String(content)) as JsonGrant
      return { ...grant, validFrom: utc(grant.validFrom), validTo: grant.validTo && utc(grant.validTo) }
    }),
  }
}

const utc = (local: string): Instant => instant(local.includes('.') ? `${local}Z` : `${local}.Z`)

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
