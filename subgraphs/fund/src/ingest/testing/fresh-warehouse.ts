import { fileURLToPath } from 'node:url'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import { freshDatabase } from '@fundmesh/platform/testing/database'
import pg from 'pg'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** An empty warehouse of a test's own. */
export interface FreshWarehouse {
  readonly adminUrl: string
  /** What the ingest logs in as: a member of warehouse_writer, bound by row policies. */
  readonly writerUrl: string
  /** The administrator's connection. */
  readonly admin: pg.Client
  drop(): Promise<void>
}

export async function freshWarehouse(): Promise<FreshWarehouse> {
  const database = await freshDatabase()
  await migrate(database.url, { set: 'warehouse', folder: folder('../../../../../contracts/warehouse') })
  await migrate(database.url, { set: 'ingest', folder: folder('../../../migrations') })
  const role = `${database.name}_warehouse_writer`
  const writerUrl = await ensureLogin(database.url, { role, memberOf: 'warehouse_writer', password: 'writer' })
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  return {
    adminUrl: database.url,
    writerUrl,
    admin,
    async drop() {
      await admin.end()
      await database.drop()
    },
  }
}

/** Everything that gold holds, without the instants at which it was recorded: two equal loads give equal texts. */
export async function goldContent(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ content: string }>(
    `select md5(coalesce(string_agg(line, e'\\n' order by line), '')) as content from (
       select to_jsonb(f)::text as line from gold.fund f
       union all select to_jsonb(s)::text from gold.share_class s
       union all select (to_jsonb(n) - 'recorded_from' - 'recorded_to' || jsonb_build_object('open', recorded_to = 'infinity'))::text from gold.nav n
       union all select (to_jsonb(r) - 'recorded_from' - 'recorded_to' || jsonb_build_object('open', recorded_to = 'infinity'))::text from gold.fx_rate r
     ) everything`,
  )
  return rows[0]!.content
}
