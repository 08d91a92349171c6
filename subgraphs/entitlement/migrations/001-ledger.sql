-- The ledger of who may read what. A grant is never deleted: valid_from/valid_to say when the right holds in the world,
-- recorded_at/revoked_at when the ledger held it; who had what on a past day stays answerable on both axes.
-- Rows belong to a tenant, and the policies below show a transaction those of `app.tenant` alone, or all of them where
-- `app.administrator` is 'on'. Only an administrator's transaction writes.

create schema entitlement;

create table entitlement.tenant (
  tenant_id     text primary key check (tenant_id ~ '^[a-z][a-z0-9-]{1,62}$'),
  name          text not null,
  lei           char(20),
  -- Grows by one with each change of the tenant's grants; the registration is the first.
  epoch         bigint not null check (epoch >= 1),
  registered_at timestamptz not null default now(),
  registered_by text not null
);

create table entitlement.contract (
  contract_id text primary key,
  tenant_id   text not null references entitlement.tenant,
  status      text not null check (status in ('DRAFT', 'ACTIVATED', 'TERMINATED')),
  start_date  date not null,
  end_date    date check (start_date <= end_date),
  recorded_at timestamptz not null default now(),
  unique (tenant_id, contract_id)
);

create table entitlement.access_grant (
  grant_id          text primary key,
  tenant_id         text not null references entitlement.tenant,
  resource_kind     text not null check (resource_kind in ('FUND', 'SHARE_CLASS')),
  resource_id       text not null,
  contract_id       text,
  valid_from        timestamptz not null,
  valid_to          timestamptz check (valid_from < valid_to),
  recorded_at       timestamptz not null default clock_timestamp(),
  recorded_by       text not null,
  granted_epoch     bigint not null,
  revoked_at        timestamptz,
  revoked_by        text,
  revocation_reason text,
  revoked_epoch     bigint check (granted_epoch < revoked_epoch),
  -- A contract of another tenant cannot be named.
  foreign key (tenant_id, contract_id) references entitlement.contract (tenant_id, contract_id),
  check (num_nulls(revoked_at, revoked_by, revocation_reason, revoked_epoch) in (0, 4)),
  -- Events carry instants as microseconds in a safe integer, which ends in the year 2255.
  check (valid_from >= '1900-01-01 00:00:00Z' and valid_from < '2200-01-01 00:00:00Z'),
  check (valid_to < '2200-01-01 00:00:00Z')
);
create index on entitlement.access_grant (tenant_id, recorded_at);
create index on entitlement.access_grant (contract_id);

create table entitlement.portfolio (
  portfolio_id  text primary key,
  tenant_id     text not null references entitlement.tenant,
  name          text not null,
  base_currency char(3) not null,
  unique (tenant_id, portfolio_id)
);

create table entitlement.position (
  portfolio_id   text not null,
  tenant_id      text not null,
  share_class_id text not null,
  units          numeric(38, 18) not null,
  primary key (portfolio_id, share_class_id),
  foreign key (tenant_id, portfolio_id) references entitlement.portfolio (tenant_id, portfolio_id)
);

-- What has to reach the other holders of the grants: one row for each change and target. There is no payload: the grant
-- set at an epoch follows from granted_epoch and revoked_epoch.
create table entitlement.outbox (
  tenant_id    text not null references entitlement.tenant,
  epoch        bigint not null,
  target       text not null check (target in ('WAREHOUSE', 'EVENT_LOG')),
  recorded_at  timestamptz not null default clock_timestamp(),
  confirmed_at timestamptz,
  primary key (tenant_id, epoch, target)
);
create index outbox_pending on entitlement.outbox (target, tenant_id, epoch) where confirmed_at is null;

do $$ begin
  create role entitlement_service nologin;
exception when duplicate_object or unique_violation then null; -- roles belong to the whole server
end $$;

grant usage on schema entitlement to entitlement_service;
grant select on all tables in schema entitlement to entitlement_service;
grant insert on entitlement.tenant, entitlement.access_grant, entitlement.outbox to entitlement_service;
grant update (epoch) on entitlement.tenant to entitlement_service;
grant update (revoked_at, revoked_by, revocation_reason, revoked_epoch) on entitlement.access_grant to entitlement_service;
grant update (confirmed_at) on entitlement.outbox to entitlement_service;

-- The settings are local to a transaction, and '' rather than null after one: hence nullif.
create function entitlement.is_administrator() returns boolean language sql stable
  return coalesce(current_setting('app.administrator', true), '') = 'on';
create function entitlement.is_visible(tenant_id text) returns boolean language sql stable
  return entitlement.is_administrator() or tenant_id = nullif(current_setting('app.tenant', true), '');

do $$
declare name text;
begin
  foreach name in array array['tenant', 'contract', 'access_grant', 'portfolio', 'position', 'outbox'] loop
    execute format('alter table entitlement.%I enable row level security', name);
    execute format('alter table entitlement.%I force row level security', name);
    execute format('create policy reader on entitlement.%I for select using (entitlement.is_visible(tenant_id))', name);
    execute format('create policy recorder on entitlement.%I for insert with check (entitlement.is_administrator())', name);
  end loop;
end $$;
create policy editor on entitlement.tenant for update using (entitlement.is_administrator());
create policy editor on entitlement.outbox for update using (entitlement.is_administrator());
-- A revocation is final.
create policy editor on entitlement.access_grant for update
  using (entitlement.is_administrator() and revoked_at is null) with check (entitlement.is_administrator());
