/** The questions that are asked of the audit trail. What a caller may not see is not among the rows: the row policies see to that. */
import { connection, rowsToRead } from '@fundmesh/platform/service/connection'
import type { CursorCodec } from '@fundmesh/platform/service/cursor'
import type { Ledger } from '../store/ledger.ts'

/** A row of audit.entry as the log shows it. */
export interface LogEntry {
  readonly tenantId: string
  readonly position: number
  readonly hash: string
  readonly recordedAt: string
  readonly arrival: string
  readonly body: LogBody
}

/** What a gateway told (contracts/events/audit-decisions.v1.avsc), or the trigger of the ledger's tables. */
export interface LogBody {
  readonly at: string
  readonly kind: string
  readonly subject: string
  readonly decision: string
  readonly resources: readonly string[]
  readonly request?: string
  readonly client?: string
  readonly channel?: string
  readonly codes?: readonly string[]
  readonly denied?: readonly string[]
  readonly policies?: readonly string[]
  readonly delivered?: readonly string[]
  readonly grantsVersion?: number | null
  readonly rightsFingerprint?: string | null
  readonly operationHash?: string | null
  readonly operationName?: string | null
  readonly knownAt?: string | null
  readonly count?: number
  readonly table?: string
  readonly before?: unknown
  readonly after?: unknown
}

export interface LogFilter {
  readonly tenantId?: string | null | undefined
  readonly subject?: string | null | undefined
  readonly shareClassId?: string | null | undefined
  readonly fundId?: string | null | undefined
  readonly from?: string | null | undefined
  readonly to?: string | null | undefined
  readonly decision?: string | null | undefined
  readonly kind?: string | null | undefined
}

export interface LogPage {
  readonly filter: LogFilter
  readonly first: number | null | undefined
  readonly after: string | null | undefined
}

/** What narrows the log, by the filter's field; `$` stands for its value. */
const conditions: Readonly<Record<keyof LogFilter, string>> = {
  tenantId: 'tenant_id = $',
  subject: 'subject = $',
  shareClassId: `resources @> array['SHARE_CLASS:' || $]`,
  fundId: `resources @> array['FUND:' || $]`,
  from: 'at::timestamptz >= $::timestamptz',
  to: 'at::timestamptz < $::timestamptz',
  decision: 'decision = $',
  kind: 'kind = $',
}
const fields = Object.keys(conditions) as (keyof LogFilter)[]

/** Reads a page, newest first. Throws CallerError for a wrong `first` or `after`. */
export async function readAccessLog(
  { ledger, cursors, tenant }: { readonly ledger: Ledger; readonly cursors: CursorCodec; readonly tenant: string },
  { filter, first, after }: LogPage,
) {
  const query = ['accessLog', ...fields.map((field) => filter[field])]
  const rows = rowsToRead(first)
  const last = after == null ? undefined : cursors.open(after, { tenant, query })
  const knownAt = last?.knownAt ?? new Date().toISOString()
  const values: (string | number)[] = [rows, last?.position[0] ?? String(Number.MAX_SAFE_INTEGER)]
  const narrowed = fields.flatMap((field) => {
    const value = filter[field]
    if (value === null || value === undefined || value.includes('\0')) return value?.includes('\0') ? ['false'] : []
    values.push(value)
    return [conditions[field].replaceAll('$', `$${values.length}`)]
  })
  const found = await ledger.transaction((ask) =>
    ask<LogEntry>(
      `select tenant_id as "tenantId", position::float8 as position, encode(hash, 'hex') as hash,
         recorded_at as "recordedAt", arrival::text as arrival, body::json as body
       from audit.entry where ${['arrival < $2', ...narrowed].join(' and ')} order by arrival desc limit $1`,
      values,
    ),
  )
  return connection(found, {
    first,
    after,
    cursorOf: ({ arrival }) => cursors.seal([arrival], { tenant, query, knownAt }),
  })
}

/** Which fund a share class belongs to: a grant of the fund opens it. */
export interface Funds {
  fundOf(shareClassId: string): string | undefined
}

/**
 * The ids of the grants under which an entry's data was delivered: those of its epoch, not suspended in it, for its
 * channel, and in force at its instant.
 */
export async function grantsOfEntries(
  ledger: Ledger,
  funds: Funds,
  entries: readonly LogEntry[],
): Promise<readonly string[][]> {
  const asked = entries.map((entry, index) => ({
    index,
    tenantId: entry.tenantId,
    epoch: entry.body.grantsVersion ?? null,
    at: entry.body.at,
    channel: entry.body.channel ?? null,
    resources: [
      ...entry.body.resources,
      ...idsOf(entry, 'SHARE_CLASS')
        .flatMap((id) => funds.fundOf(id) ?? [])
        .map((fund) => `FUND:${fund}`),
    ],
  }))
  const rows = await ledger.transaction((ask) =>
    ask<{ index: number; grantId: string }>(
      `select distinct e.index, g.grant_id as "grantId"
       from jsonb_to_recordset($1::jsonb) as e
         (index int, "tenantId" text, epoch bigint, at timestamptz, channel text, resources jsonb)
       join entitlement.bounded_grant g on g.tenant_id = e."tenantId"
         and g.granted_epoch <= e.epoch and (g.revoked_epoch is null or g.revoked_epoch > e.epoch)
         and g.valid_from <= e.at and (g.valid_to is null or e.at < g.valid_to)
         and (g.channels is null or e.channel is null or e.channel = any (g.channels))
         and e.resources ? (g.resource_kind || ':' || g.resource_id)
       where not exists (
         select from entitlement.suspension s where s.grant_id = g.grant_id
           and s.suspended_epoch <= e.epoch and (s.resumed_epoch is null or s.resumed_epoch > e.epoch))
       order by 1, 2`,
      [JSON.stringify(asked)],
    ),
  )
  const found: string[][] = entries.map(() => [])
  for (const { index, grantId } of rows) found[index]!.push(grantId)
  return found
}

export interface DeprecatedUse {
  readonly tenantId: string
  readonly client: string
  readonly coordinate: string
  readonly day: string
  readonly count: number
}

/** How often which client used what is deprecated, by day. */
export function deprecatedUse(
  ledger: Ledger,
  since: string | null | undefined,
  tenantId: string | null | undefined,
): Promise<readonly DeprecatedUse[]> {
  return ledger.transaction((ask) =>
    ask<DeprecatedUse>(
      `select tenant_id as "tenantId", body::jsonb ->> 'client' as client, coordinate, left(at, 10) as day,
         count(*)::int as count
       from audit.entry, unnest(deprecated) coordinate
       where deprecated <> '{}' and left(at, 10) >= coalesce($1, (now() at time zone 'UTC')::date - 30)::text
         and ($2::text is null or tenant_id = $2)
       group by 1, 2, 3, 4 order by 4 desc, 1, 2, 3`,
      [since ?? null, tenantId ?? null],
    ),
  )
}

/** The ids of an entry's resources of one kind. */
export const idsOf = ({ body }: LogEntry, kind: 'FUND' | 'SHARE_CLASS'): string[] =>
  body.resources.flatMap((resource) => (resource.startsWith(`${kind}:`) ? [resource.slice(kind.length + 1)] : []))
