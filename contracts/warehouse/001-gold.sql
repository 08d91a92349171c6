-- The warehouse as the data teams share it: what is published (gold), and who may read which rows.
-- Bronze and silver belong to the ingest and stand in its own migrations.
-- Group roles carry the rights; each service logs in as a role of its own that is a member of one of them.

create schema gold;

create table gold.fund (
  fund_id         text primary key,
  legal_fund_name text not null,
  fund_house      text not null,
  category        text not null,
  domicile        char(2) not null,
  base_currency   char(3) not null,
  inception_date  date not null
);

create table gold.share_class (
  share_class_id text primary key,
  fund_id        text not null references gold.fund,
  isin           char(12) unique,
  name           text not null,
  currency       char(3) not null,
  launch_date    date not null,
  is_primary     boolean not null
);
create index on gold.share_class (fund_id);
create unique index one_primary_share_class on gold.share_class (fund_id) where is_primary;

-- Bitemporal: nav_date is the valid axis, recorded_from <= known < recorded_to the known axis.
-- A correction closes the open version and inserts the next; nothing is updated in place.
create table gold.nav (
  share_class_id text not null references gold.share_class,
  nav_date       date not null,
  version        int not null check (version >= 1),
  nav_price      numeric(38, 10) not null check (nav_price > 0),
  currency       char(3) not null,
  source         text not null,
  file_name      text not null,
  file_sha256    char(64) not null,
  line           int not null,
  recorded_from  timestamptz not null,
  recorded_to    timestamptz not null default 'infinity',
  primary key (share_class_id, nav_date, version),
  check (recorded_from < recorded_to)
);
create unique index one_open_nav on gold.nav (share_class_id, nav_date) where recorded_to = 'infinity';

-- ECB euro foreign exchange reference rates: units of `currency` per euro. Public: no row policy.
create table gold.fx_rate (
  currency      char(3) not null,
  rate_date     date not null,
  version       int not null check (version >= 1),
  rate          numeric(38, 10) not null check (rate > 0),
  recorded_from timestamptz not null,
  recorded_to   timestamptz not null default 'infinity',
  primary key (currency, rate_date, version),
  check (recorded_from < recorded_to)
);
create unique index one_open_fx_rate on gold.fx_rate (currency, rate_date) where recorded_to = 'infinity';

-- The catalogue. Products are public to every client; what they cover is not.
create table gold.data_product (
  product_id  text primary key,
  slug        text not null unique,
  title       text not null,
  description text not null,
  cadence     text not null,
  fields      jsonb not null
);
create table gold.product_coverage (
  product_id text not null references gold.data_product,
  fund_id    text not null references gold.fund,
  primary key (product_id, fund_id)
);

-- Who may read which rows: a copy of the entitlement service's grants, written by it, in the order of their epochs.
create table gold.row_grant (
  grant_id      text primary key,
  tenant_id     text not null,
  resource_kind text not null check (resource_kind in ('FUND', 'SHARE_CLASS')),
  resource_id   text not null,
  valid_from    timestamptz not null,
  valid_to      timestamptz not null default 'infinity'
);
create index on gold.row_grant (tenant_id);
create table gold.row_grant_epoch (
  tenant_id text primary key,
  epoch     bigint not null
);

do $$
declare role_name text;
begin
  foreach role_name in array array['warehouse_reader', 'warehouse_writer', 'warehouse_grants'] loop
    begin
      execute format('create role %I nologin', role_name);
    exception when duplicate_object or unique_violation then null; -- roles belong to the whole server
    end;
  end loop;
end $$;

-- What the tenant of this transaction may see now. SECURITY DEFINER: readers cannot read the grants themselves.
-- The setting is '' and not null after a commit, hence nullif.
create function gold.visible_share_class_ids() returns setof text
language sql stable security definer set search_path = pg_catalog as $$
  select s.share_class_id from gold.share_class s
  where exists (
    select from gold.row_grant g
    where g.tenant_id = nullif(current_setting('app.tenant', true), '')
      and g.valid_from <= clock_timestamp() and clock_timestamp() < g.valid_to
      and ((g.resource_kind = 'SHARE_CLASS' and g.resource_id = s.share_class_id)
        or (g.resource_kind = 'FUND' and g.resource_id = s.fund_id)))
$$;
create function gold.visible_fund_ids() returns setof text
language sql stable security definer set search_path = pg_catalog as $$
  select f.fund_id from gold.fund f
  where exists (
    select from gold.row_grant g
    where g.tenant_id = nullif(current_setting('app.tenant', true), '')
      and g.valid_from <= clock_timestamp() and clock_timestamp() < g.valid_to
      and ((g.resource_kind = 'FUND' and g.resource_id = f.fund_id)
        or (g.resource_kind = 'SHARE_CLASS' and g.resource_id in
          (select s.share_class_id from gold.share_class s where s.fund_id = f.fund_id))))
$$;

grant usage on schema gold to warehouse_reader, warehouse_writer, warehouse_grants;
grant select on gold.fund, gold.share_class, gold.nav, gold.fx_rate, gold.data_product, gold.product_coverage to warehouse_reader;
grant select, insert, update, delete on gold.fund, gold.share_class, gold.nav, gold.fx_rate, gold.data_product, gold.product_coverage to warehouse_writer;
grant select, insert, update, delete on gold.row_grant, gold.row_grant_epoch to warehouse_grants;

alter table gold.fund enable row level security;
alter table gold.fund force row level security;
create policy tenant on gold.fund for select to warehouse_reader using (fund_id in (select gold.visible_fund_ids()));
create policy writer on gold.fund to warehouse_writer using (true) with check (true);

alter table gold.share_class enable row level security;
alter table gold.share_class force row level security;
create policy tenant on gold.share_class for select to warehouse_reader using (share_class_id in (select gold.visible_share_class_ids()));
create policy writer on gold.share_class to warehouse_writer using (true) with check (true);

alter table gold.nav enable row level security;
alter table gold.nav force row level security;
create policy tenant on gold.nav for select to warehouse_reader using (share_class_id in (select gold.visible_share_class_ids()));
create policy writer on gold.nav to warehouse_writer using (true) with check (true);

alter table gold.product_coverage enable row level security;
alter table gold.product_coverage force row level security;
create policy tenant on gold.product_coverage for select to warehouse_reader using (fund_id in (select gold.visible_fund_ids()));
create policy writer on gold.product_coverage to warehouse_writer using (true) with check (true);
