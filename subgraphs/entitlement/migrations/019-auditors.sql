-- The asset manager's auditors read the trail of every tenant, as they read the ledger; everyone else its own.
alter policy reader on audit.entry using (entitlement.is_auditable(tenant_id));
alter policy reader on audit.chain using (entitlement.is_auditable(tenant_id));
