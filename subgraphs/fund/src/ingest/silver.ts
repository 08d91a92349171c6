import type { ClientBase } from 'pg'
import type { Delivery, Finding, Observation, Reading, SeriesName, ShareClassRecord } from './adapter.ts'

/** Rows in one statement: large enough to be fast, small enough to stay far from the server's message limit. */
const batchRows = 20_000

const valueTables: Readonly<Record<SeriesName, string>> = {
  nav: 'silver.nav (load_id, share_class_id, nav_date, nav_price, line)',
  fxRate: 'silver.fx_rate (load_id, currency, rate_date, rate, line)',
}

/** The load that read these very files before; null where they are new, or were not read together. */
export async function findLoad(
  client: ClientBase,
  source: string,
  { data, reference }: Delivery,
): Promise<string | null> {
  const { rows } = await client.query<{ load_id: string }>(
    `select l.load_id from silver.load l
     join bronze.file d on d.file_id = l.data_file_id
     left join bronze.file r on r.file_id = l.reference_file_id
     where l.source = $1 and d.sha256 = $2 and r.sha256 is not distinct from $3`,
    [source, data.sha256, reference?.sha256 ?? null],
  )
  return rows[0]?.load_id ?? null
}

/** Stages a reading: its typed rows and its findings, under a load of their own. Returns the load's id. */
export async function stage(
  client: ClientBase,
  load: {
    readonly source: string
    readonly series: SeriesName
    readonly dataFileId: string
    readonly referenceFileId: string | null
    readonly delivery: Delivery
    readonly reading: Reading
  },
): Promise<string> {
  const { rows } = await client.query<{ load_id: string }>(
    `insert into silver.load (source, data_file_id, reference_file_id, rows_read) values ($1, $2, $3, $4) returning load_id`,
    [load.source, load.dataFileId, load.referenceFileId, load.reading.rowsRead],
  )
  const loadId = rows[0]!.load_id
  await stageShareClasses(client, loadId, load.reading.shareClasses)
  for (const batch of batches(load.reading.observations)) await stageValues(client, load.series, loadId, batch)
  const fileIdOf = (finding: Finding) => (finding.file === load.delivery.data ? load.dataFileId : load.referenceFileId)
  for (const batch of batches(load.reading.findings)) await stageFindings(client, loadId, batch, fileIdOf)
  return loadId
}

async function stageShareClasses(client: ClientBase, loadId: string, records: readonly ShareClassRecord[]) {
  await client.query(
    `insert into silver.share_class
       (load_id, share_class_id, fund_id, legal_fund_name, fund_house, category, domicile, isin, currency)
     select $1::bigint, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])`,
    [
      loadId,
      records.map((record) => record.shareClassId),
      records.map((record) => record.fundId),
      records.map((record) => record.legalFundName),
      records.map((record) => record.fundHouse),
      records.map((record) => record.category),
      records.map((record) => record.domicile),
      records.map((record) => record.isin),
      records.map((record) => record.currency),
    ],
  )
}

async function stageValues(client: ClientBase, series: SeriesName, loadId: string, values: readonly Observation[]) {
  await client.query(
    `insert into ${valueTables[series]} select $1::bigint, * from unnest($2::text[], $3::date[], $4::numeric[], $5::int[])`,
    [
      loadId,
      values.map(({ subject }) => subject),
      values.map(({ day }) => day),
      values.map(({ value }) => value),
      values.map(({ line }) => line),
    ],
  )
}

async function stageFindings(
  client: ClientBase,
  loadId: string,
  findings: readonly Finding[],
  fileIdOf: (finding: Finding) => string | null,
) {
  await client.query(
    `insert into silver.quarantine (load_id, file_id, line, column_name, raw, reason)
     select $1::bigint, * from unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[])`,
    [
      loadId,
      findings.map(fileIdOf),
      findings.map(({ line }) => line),
      findings.map(({ column }) => column),
      findings.map(({ raw }) => raw),
      findings.map(({ reason }) => reason),
    ],
  )
}

function* batches<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += batchRows) yield rows.slice(start, start + batchRows)
}
