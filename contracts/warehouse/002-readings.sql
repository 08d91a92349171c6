-- A grant opens its resource to some readings only: through some channels, from some regions, in some field sets, and
-- values no younger than an embargo. Null: no such limit. The policies decide as platform/src/grants/grants-index.ts does.

alter table gold.row_grant
  add column channels     text[] check (channels <@ array['GRAPHQL', 'STREAM', 'KAFKA']),
  add column field_sets   text[] check (field_sets <@ array['REFERENCE', 'NAV', 'PERFORMANCE', 'RISK']),
  add column regions      text[],
  add column embargo_days int not null default 0 check (embargo_days >= 0);

-- When rights are asked for: always the real now. One place, so that a test can let it be another instant.
create function gold.rights_at() returns timestamptz
language sql volatile set search_path = pg_catalog as $$ select clock_timestamp() $$;

-- A setting of the transaction; it is '' and not null after a commit.
create function gold.reading(setting text) returns text
language sql stable set search_path = pg_catalog as $$ select nullif(current_setting('app.' || setting, true), '') $$;

-- What the transaction's reading (tenant, region, channel) may read of that field set now, and up to which date. A reading
-- without tenant, channel or field set may nothing; without a region, nothing that is for some regions.
create function gold.rights(wanted text) returns table (resource_kind text, resource_id text, last_date date)
language sql stable security definer set search_path = pg_catalog as $$
  select g.resource_kind, g.resource_id,
    case when g.embargo_days = 0 or wanted = 'REFERENCE' then date 'infinity'
      else (now.instant at time zone 'UTC')::date - g.embargo_days end
  from gold.row_grant g, (select gold.rights_at() as instant offset 0) now
  where g.tenant_id = gold.reading('tenant') and gold.reading('channel') is not null
    and gold.reading('field_set') is not null and wanted is not null
    and g.valid_from <= now.instant and now.instant < g.valid_to
    and (g.channels is null or gold.reading('channel') = any (g.channels))
    and (g.regions is null or gold.reading('region') = any (g.regions))
    and (g.field_sets is null or wanted = 'REFERENCE' or wanted = any (g.field_sets))
$$;
-- It tells of grants; the functions below are for readers.
revoke execute on function gold.rights from public;

-- The facts of a fund are REFERENCE, whatever the reading's field set: a grant of the fund opens them, or of a share class.
create or replace function gold.visible_fund_ids() returns setof text
language sql stable security definer set search_path = pg_catalog as $$
  with rights as materialized (select * from gold.rights('REFERENCE'))
  select r.resource_id from rights r where r.resource_kind = 'FUND'
  union
  select s.fund_id from rights r join gold.share_class s on s.share_class_id = r.resource_id
  where r.resource_kind = 'SHARE_CLASS'
$$;

-- The share classes that are open in a field set, each with the last date of the values that are.
create function gold.share_class_rights(wanted text) returns table (share_class_id text, last_date date)
language sql stable security definer set search_path = pg_catalog as $$
  with rights as materialized (select * from gold.rights(wanted))
  select opened.share_class_id, max(opened.last_date) from (
    select r.resource_id as share_class_id, r.last_date from rights r where r.resource_kind = 'SHARE_CLASS'
    union all
    select s.share_class_id, r.last_date from rights r join gold.share_class s on s.fund_id = r.resource_id
    where r.resource_kind = 'FUND') opened
  group by opened.share_class_id
$$;
revoke execute on function gold.share_class_rights from public;

-- The facts of a share class are REFERENCE as well.
create or replace function gold.visible_share_class_ids() returns setof text
language sql stable security definer set search_path = pg_catalog as $$
  select r.share_class_id from gold.share_class_rights('REFERENCE') r
$$;

-- Share classes whose values are open whatever their date, in the reading's field set. Values are no REFERENCE.
create function gold.open_share_class_ids() returns setof text
language sql stable security definer set search_path = pg_catalog as $$
  select r.share_class_id from gold.share_class_rights(nullif(gold.reading('field_set'), 'REFERENCE')) r
  where r.last_date = 'infinity'
$$;

-- Share classes under an embargo: id → the last date of the values that are open. One document, so that a query asks once
-- and looks up for each row, as it does in the set of ids above.
create function gold.embargoed_share_classes() returns jsonb
language sql stable security definer set search_path = pg_catalog as $$
  select coalesce(jsonb_object_agg(r.share_class_id, r.last_date), '{}')
  from gold.share_class_rights(nullif(gold.reading('field_set'), 'REFERENCE')) r where r.last_date < 'infinity'
$$;

alter policy tenant on gold.nav using (
  share_class_id in (select gold.open_share_class_ids())
  or nav_date <= ((select gold.embargoed_share_classes()) ->> share_class_id)::date
);
