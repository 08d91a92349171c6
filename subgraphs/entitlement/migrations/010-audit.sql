-- The audit trail: what the gateways decided and delivered, and every change of the ledger. Each tenant has a chain of
-- entries, in which an entry's hash covers the hash before it: nothing can be changed, left out or put elsewhere without
-- all that follows changing too. Only audit.append writes; nobody updates; nobody deletes what is younger than seven years.

create schema audit;

create table audit.chain (
  tenant_id text primary key,
  length    bigint not null,
  hash      bytea not null
);

-- What an entry says is `body`, as it was hashed. The other columns are made from it and cannot say anything else.
create function audit.texts(list jsonb) returns text[] language sql immutable parallel safe
  return coalesce((select array_agg(value) from jsonb_array_elements_text(list)), '{}');

create table audit.entry (
  tenant_id     text not null,
  position      bigint not null check (position >= 1),
  entry_id      text not null unique,
  -- When it was put into the chain, UTC; part of what is hashed.
  recorded_at   text not null,
  body          text not null,
  previous_hash bytea not null,
  hash          bytea not null,
  -- The order of arrival over all chains, for pages.
  arrival       bigint generated always as identity unique,
  at            text generated always as (body::jsonb ->> 'at') stored,
  kind          text generated always as (body::jsonb ->> 'kind') stored,
  subject       text generated always as (body::jsonb ->> 'subject') stored,
  decision      text generated always as (body::jsonb ->> 'decision') stored,
  resources     text[] generated always as (audit.texts(body::jsonb -> 'resources')) stored,
  deprecated    text[] generated always as (audit.texts(body::jsonb -> 'deprecated')) stored,
  primary key (tenant_id, position)
);
create index on audit.entry using gin (resources) where resources <> '{}';
create index on audit.entry (tenant_id, arrival);
create index deprecated_use on audit.entry (arrival) where deprecated <> '{}';

-- The hash of an entry: SHA-256 over the UTF-8 text of these five lines. src/audit/chain.ts computes the same.
create function audit.hash_of(previous_hash bytea, place bigint, entry_id text, recorded_at text, body text) returns bytea
language sql immutable parallel safe
  return sha256(convert_to(concat_ws(E'\n', encode(previous_hash, 'hex'), place, entry_id, recorded_at, body), 'UTF8'));

-- Appends what the chain does not have yet, in order, and returns how much that was. The chain's head is locked until the
-- transaction ends: who appends to one chain waits for the other.
create function audit.append(tenant text, ids text[], bodies text[]) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  head audit.chain;
  moment text;
  appended int := 0;
begin
  insert into audit.chain (tenant_id, length, hash) values (tenant, 0, sha256(convert_to(tenant, 'UTF8')))
    on conflict do nothing;
  select * into strict head from audit.chain where tenant_id = tenant for update;
  for i in 1 .. cardinality(ids) loop
    continue when exists (select from audit.entry where entry_id = ids[i]);
    moment := to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    insert into audit.entry (tenant_id, position, entry_id, recorded_at, body, previous_hash, hash)
      values (tenant, head.length + 1, ids[i], moment, bodies[i], head.hash,
              audit.hash_of(head.hash, head.length + 1, ids[i], moment, bodies[i]))
      returning position, hash into head.length, head.hash;
    appended := appended + 1;
  end loop;
  update audit.chain set length = head.length, hash = head.hash where tenant_id = tenant;
  return appended;
end $$;

-- Holds for the owner of the tables too; a superuser who switches it off is found by the checkpoints.
create function audit.guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.recorded_at < to_char((now() - interval '7 years') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') then
      return old;
    end if;
    raise exception 'audit entry %/% is kept for seven years', old.tenant_id, old.position;
  end if;
  raise exception 'the audit trail is only added to: % is refused', tg_op;
end $$;
create trigger guard before update or delete on audit.entry for each row execute function audit.guard();
create trigger guard_all before truncate on audit.entry for each statement execute function audit.guard();
create trigger guard_all before truncate on audit.chain for each statement execute function audit.guard();

-- Every change of the ledger leaves its entry in the same transaction, whoever makes it.
create function audit.record_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  tenant text := coalesce(after, before) ->> 'tenant_id';
  -- The column that says who: the one that this change has set.
  actor text := (
    select value from jsonb_each_text(coalesce(after, before))
    where key like '%\_by' and value is distinct from before ->> key order by key limit 1);
begin
  -- The epoch alone follows from another change.
  if tg_op = 'UPDATE' and after - 'epoch' = before - 'epoch' then return null; end if;
  perform audit.append(tenant, array[gen_random_uuid()::text], array[jsonb_build_object(
    'tenantId', tenant,
    'kind', 'ENTITLEMENT_CHANGED',
    'at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'subject', coalesce(actor, ''),
    'decision', 'ALLOWED',
    'table', tg_table_name,
    'operation', tg_op,
    'before', before,
    'after', after,
    'resources', case when coalesce(after, before) ? 'resource_id'
      then jsonb_build_array((coalesce(after, before) ->> 'resource_kind') || ':' || (coalesce(after, before) ->> 'resource_id'))
      else '[]' end,
    'deprecated', '[]'::jsonb)::text]);
  return null;
end $$;

do $$
declare name text;
begin
  -- Whatever of the ledger belongs to a tenant, but for what only carries a change on, and what a tenant holds.
  for name in
    select c.table_name from information_schema.columns c
    where c.table_schema = 'entitlement' and c.column_name = 'tenant_id'
      and c.table_name not in ('outbox', 'portfolio', 'position')
  loop
    execute format('create trigger audit after insert or update or delete on entitlement.%I
      for each row execute function audit.record_change()', name);
  end loop;
end $$;

grant usage on schema audit to entitlement_service;
grant select on audit.entry, audit.chain to entitlement_service;
revoke execute on function audit.append from public;
grant execute on function audit.append to entitlement_service;

alter table audit.entry enable row level security;
alter table audit.chain enable row level security;
create policy reader on audit.entry for select using (entitlement.is_visible(tenant_id));
create policy reader on audit.chain for select using (entitlement.is_visible(tenant_id));
