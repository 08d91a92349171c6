/**
 * Publishing: the one place that writes gold. A value that gold does not have is inserted as version 1; a different
 * value closes the open version and is inserted as the next; an equal one changes nothing, and nothing is deleted,
 * because a row that is missing from a file says nothing (openfunds: empty means unknown).
 */
import type { ClientBase } from 'pg'
import type { SeriesName } from './adapter.ts'
import { Refusal } from './refusal.ts'

/** Where a series stands in gold, and how a row of it is made from the delta `d`, the load `l` and its file `f`. */
interface Target {
  readonly table: string
  readonly subject: string
  readonly day: string
  readonly value: string
  readonly silver: string
  /** Further columns of gold with their expressions. */
  readonly more: Readonly<Record<string, string>>
}

const targets: Readonly<Record<SeriesName, Target>> = {
  nav: {
    table: 'gold.nav',
    subject: 'share_class_id',
    day: 'nav_date',
    value: 'nav_price',
    silver: 'silver.nav',
    more: {
      currency:
        '(select s.currency from silver.share_class s where s.load_id = l.load_id and s.share_class_id = d.subject)',
      source: 'l.source',
      file_name: 'f.name',
      file_sha256: 'f.sha256',
      line: 'd.line',
    },
  },
  fxRate: {
    table: 'gold.fx_rate',
    subject: 'currency',
    day: 'rate_date',
    value: 'rate',
    silver: 'silver.fx_rate',
    more: {},
  },
}

/** How many values were published for the first time, and how many corrected an earlier one. */
export interface Published {
  readonly inserted: number
  readonly restated: number
}

/**
 * Publishes a staged load. `now` is the instant from which it is known; without one it is the server's clock at the
 * moment when no reader can miss it any more.
 */
export async function publish(
  client: ClientBase,
  series: SeriesName,
  loadId: string,
  now: Date | null,
): Promise<Published> {
  if (series === 'nav') await publishShareClasses(client, loadId)
  const target = targets[series]
  await client.query(
    `create temp table delta on commit drop as
     select s.${target.subject} as subject, s.${target.day} as day, s.${target.value} as value, s.line,
            g.version as replaces, g.recorded_from as replaces_from
     from ${target.silver} s
     left join ${target.table} g
       on g.${target.subject} = s.${target.subject} and g.${target.day} = s.${target.day} and g.recorded_to = 'infinity'
     where s.load_id = $1 and (g.version is null or g.${target.value} <> s.${target.value})`,
    [loadId],
  )
  const { rows } = await client.query<{ inserted: string; restated: string }>(
    'select count(*) filter (where replaces is null) as inserted, count(replaces) as restated from delta',
  )
  const published = { inserted: Number(rows[0]!.inserted), restated: Number(rows[0]!.restated) }
  if (published.inserted + published.restated > 0) await writeDelta(client, target, loadId, now)
  return published
}

async function writeDelta(client: ClientBase, target: Target, loadId: string, now: Date | null) {
  // Readers wait from here to the commit. Otherwise one that asks what is known at an instant between recorded_from
  // and the commit would get the old value now and the new one later, and what was known then must never change.
  await client.query(`lock table ${target.table} in access exclusive mode`)
  const { rows } = await client.query<{ recorded_from: string }>(
    `select greatest(coalesce($1::timestamptz, clock_timestamp()), max(replaces_from) + interval '1 microsecond')::text
       as recorded_from from delta`,
    [now],
  )
  const recordedFrom = rows[0]!.recorded_from
  await client.query(
    `update ${target.table} g set recorded_to = $1 from delta d
     where d.replaces is not null and g.${target.subject} = d.subject and g.${target.day} = d.day and g.version = d.replaces`,
    [recordedFrom],
  )
  await client.query(
    `insert into ${target.table}
       (${target.subject}, ${target.day}, ${target.value}, version, recorded_from${names(target.more)})
     select d.subject, d.day, d.value, coalesce(d.replaces, 0) + 1, $2::timestamptz${expressions(target.more)}
     from delta d, silver.load l join bronze.file f on f.file_id = l.data_file_id
     where l.load_id = $1`,
    [loadId, recordedFrom],
  )
}

const names = (more: Target['more']) =>
  Object.keys(more)
    .map((name) => `, ${name}`)
    .join('')
const expressions = (more: Target['more']) =>
  Object.values(more)
    .map((expression) => `, ${expression}`)
    .join('')

/** Funds and share classes that have a value in this load. Their dates only ever move back, to an earlier first NAV. */
async function publishShareClasses(client: ClientBase, loadId: string) {
  await refuseTakenIsins(client, loadId)
  const described = `
    select s.*, n.first_day from silver.share_class s
    join (select share_class_id, min(nav_date) as first_day from silver.nav where load_id = $1 group by 1) n
      using (share_class_id)
    where s.load_id = $1`
  await client.query(
    `insert into gold.fund (fund_id, legal_fund_name, fund_house, category, domicile, base_currency, inception_date)
     select fund_id, legal_fund_name, fund_house, category, domicile, currency, first_day from (${described}) s
     on conflict (fund_id) do update set
       legal_fund_name = excluded.legal_fund_name, fund_house = excluded.fund_house, category = excluded.category,
       domicile = excluded.domicile, base_currency = excluded.base_currency,
       inception_date = least(gold.fund.inception_date, excluded.inception_date)`,
    [loadId],
  )
  await client.query(
    `insert into gold.share_class (share_class_id, fund_id, isin, name, currency, launch_date, is_primary)
     select share_class_id, fund_id, isin, legal_fund_name, currency, first_day, true from (${described}) s
     on conflict (share_class_id) do update set
       isin = coalesce(excluded.isin, gold.share_class.isin), name = excluded.name, currency = excluded.currency,
       launch_date = least(gold.share_class.launch_date, excluded.launch_date)`,
    [loadId],
  )
}

/** An ISIN names one share class: a file that gives it to another is wrong as a whole, or the earlier one was. */
async function refuseTakenIsins(client: ClientBase, loadId: string) {
  const { rows } = await client.query<{ isin: string; claims: string; has: string }>(
    `select s.isin, s.share_class_id as claims, g.share_class_id as has
     from silver.share_class s join gold.share_class g on g.isin = s.isin and g.share_class_id <> s.share_class_id
     where s.load_id = $1 limit 1`,
    [loadId],
  )
  if (rows[0]) throw new Refusal(`ISIN ${rows[0].isin} of ${rows[0].claims} is already that of ${rows[0].has}`)
}
