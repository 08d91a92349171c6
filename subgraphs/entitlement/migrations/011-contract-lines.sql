-- Contracts have lines, and a grant may be limited as its line is: to channels, field sets, regions, by an embargo. Grants
-- can be suspended for a while; principals have roles. As before, what was once so stays on record: nothing is deleted.

-- Null: no limit.
create domain entitlement.channels as text[] check (value <@ array['GRAPHQL', 'STREAM', 'KAFKA'] and cardinality(value) > 0);
create domain entitlement.field_sets as text[]
  check (value <@ array['REFERENCE', 'NAV', 'PERFORMANCE', 'RISK'] and cardinality(value) > 0);
create domain entitlement.regions as text[] check (cardinality(value) > 0);

alter table entitlement.contract
  add column recorded_by        text,
  add column terminated_at      timestamptz,
  add column terminated_by      text,
  add column termination_reason text,
  add check (num_nulls(terminated_at, terminated_by, termination_reason) in (0, 3)),
  add check (terminated_at is null or status = 'TERMINATED');

create table entitlement.contract_line (
  contract_id   text not null,
  line_number   int not null check (line_number >= 1),
  tenant_id     text not null,
  resource_kind text not null check (resource_kind in ('FUND', 'SHARE_CLASS')),
  resource_id   text not null,
  channels      entitlement.channels,
  field_sets    entitlement.field_sets,
  regions       entitlement.regions,
  embargo_days  int not null check (embargo_days >= 0),
  -- The line's own window; null: the contract's.
  valid_from    timestamptz,
  valid_to      timestamptz check (valid_from < valid_to),
  recorded_by   text not null,
  primary key (contract_id, line_number),
  unique (tenant_id, contract_id, line_number),
  foreign key (tenant_id, contract_id) references entitlement.contract (tenant_id, contract_id)
);

alter table entitlement.access_grant
  add column line_number     int,
  add column channels        entitlement.channels,
  add column field_sets      entitlement.field_sets,
  add column regions         entitlement.regions,
  add column embargo_days    int not null default 0 check (embargo_days >= 0),
  -- A repetition of the request that made the grant is known by its key, and that it is one by the digest of its content.
  add column idempotency_key text,
  add column order_digest    text,
  add unique (tenant_id, idempotency_key),
  add check (num_nulls(idempotency_key, order_digest) in (0, 2)),
  add check (line_number is null or contract_id is not null),
  add foreign key (tenant_id, contract_id, line_number) references entitlement.contract_line (tenant_id, contract_id, line_number),
  add unique (tenant_id, grant_id);
create index on entitlement.access_grant (resource_id, resource_kind);

create table entitlement.suspension (
  grant_id          text not null,
  tenant_id         text not null,
  suspended_at      timestamptz not null default clock_timestamp(),
  suspended_by      text not null,
  suspension_reason text not null,
  suspended_epoch   bigint not null,
  resumed_at        timestamptz check (suspended_at < resumed_at),
  resumed_by        text,
  resumption_reason text,
  resumed_epoch     bigint check (suspended_epoch < resumed_epoch),
  primary key (grant_id, suspended_epoch),
  foreign key (tenant_id, grant_id) references entitlement.access_grant (tenant_id, grant_id),
  check (num_nulls(resumed_at, resumed_by, resumption_reason, resumed_epoch) in (0, 4))
);
create unique index one_open_suspension on entitlement.suspension (grant_id) where resumed_at is null;

-- The roles of a subject from an epoch on, until the next row of the same subject.
create table entitlement.principal (
  tenant_id      text not null references entitlement.tenant,
  subject        text not null,
  assigned_epoch bigint not null,
  roles          text[] not null,
  assigned_at    timestamptz not null default clock_timestamp(),
  assigned_by    text not null,
  primary key (tenant_id, subject, assigned_epoch)
);

grant select, insert on entitlement.contract_line, entitlement.suspension, entitlement.principal to entitlement_service;
grant insert on entitlement.contract to entitlement_service;
grant update (status, terminated_at, terminated_by, termination_reason) on entitlement.contract to entitlement_service;
grant update (resumed_at, resumed_by, resumption_reason, resumed_epoch) on entitlement.suspension to entitlement_service;

-- An auditor's transaction (`app.auditor` is 'on') reads who had what, of every tenant; holdings it does not read.
create function entitlement.is_auditable(tenant_id text) returns boolean language sql stable
  return entitlement.is_visible(tenant_id) or coalesce(current_setting('app.auditor', true), '') = 'on';

do $$
declare name text;
begin
  foreach name in array array['contract_line', 'suspension', 'principal'] loop
    execute format('alter table entitlement.%I enable row level security', name);
    execute format('alter table entitlement.%I force row level security', name);
    execute format('create policy reader on entitlement.%I for select using (entitlement.is_auditable(tenant_id))', name);
    execute format('create policy recorder on entitlement.%I for insert with check (entitlement.is_administrator())', name);
    execute format('create trigger audit after insert or update or delete on entitlement.%I
      for each row execute function audit.record_change()', name);
  end loop;
  foreach name in array array['tenant', 'contract', 'access_grant'] loop
    execute format('alter policy reader on entitlement.%I using (entitlement.is_auditable(tenant_id))', name);
  end loop;
end $$;
-- A termination is final, and so is the end of a suspension.
create policy editor on entitlement.contract for update
  using (entitlement.is_administrator() and status <> 'TERMINATED') with check (entitlement.is_administrator());
create policy editor on entitlement.suspension for update
  using (entitlement.is_administrator() and resumed_at is null) with check (entitlement.is_administrator());

-- A grant as it holds: within its contract's days (UTC), and suspended or not. Its readers' row policies apply.
create view entitlement.bounded_grant with (security_invoker = true) as
select g.grant_id, g.tenant_id, g.resource_kind, g.resource_id, g.contract_id, g.line_number,
  g.channels, g.field_sets, g.regions, g.embargo_days,
  greatest(g.valid_from, c.start_date::timestamp at time zone 'UTC') as valid_from,
  least(g.valid_to, (c.end_date + 1)::timestamp at time zone 'UTC') as valid_to,
  g.recorded_at, g.granted_epoch, g.revoked_at, g.revocation_reason, g.revoked_epoch, s.suspended_at, s.suspension_reason
from entitlement.access_grant g
left join entitlement.contract c on c.contract_id = g.contract_id
left join entitlement.suspension s on s.grant_id = g.grant_id and s.resumed_at is null;
grant select on entitlement.bounded_grant to entitlement_service;
