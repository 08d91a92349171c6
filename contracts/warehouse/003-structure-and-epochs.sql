-- What two readers besides the tenants need to know of the warehouse.

do $$ begin
  create role warehouse_structure nologin;
exception when duplicate_object or unique_violation then null; -- roles belong to the whole server
end $$;

-- Which fund every share class belongs to, and nothing else of it: from this the replicas of the grants know what the
-- grant of a fund opens.
grant usage on schema gold to warehouse_structure;
grant select (share_class_id, fund_id) on gold.share_class to warehouse_structure;
create policy structure on gold.share_class for select to warehouse_structure using (true);

-- As of which of its changes the row policies know the tenant of this transaction; 0 for one they know nothing of. For
-- questions that must not be answered before a change is in force. SECURITY DEFINER: readers cannot read the epochs.
create function gold.row_grant_epoch_of_tenant() returns bigint
language sql stable security definer set search_path = pg_catalog as $$
  select coalesce(max(e.epoch), 0) from gold.row_grant_epoch e
  where e.tenant_id = nullif(current_setting('app.tenant', true), '')
$$;
