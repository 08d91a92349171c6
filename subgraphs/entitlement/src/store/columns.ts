/** Columns as the domain names them. Instants come as text, because a Date of JavaScript would lose the microseconds. */

/** A timestamptz as an Instant. */
export const instantOf = (expression: string) =>
  `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

export const tenantColumns = `tenant_id as id, name, lei, epoch::float8 as epoch`

export const contractColumns = `contract_id as id, tenant_id as "tenantId", status,
  start_date::text as "startDate", end_date::text as "endDate", ${instantOf('terminated_at')} as "terminatedAt",
  termination_reason as "terminationReason"`

const termsColumns = `channels, field_sets as "fieldSets", regions, embargo_days as "embargoDays"`

export const contractLineColumns = `contract_id as "contractId", line_number as number, resource_kind as "resourceKind",
  resource_id as "resourceId", ${termsColumns}, ${instantOf('valid_from')} as "validFrom",
  ${instantOf('valid_to')} as "validTo"`

/** Of entitlement.bounded_grant. */
export const grantColumns = `grant_id as id, tenant_id as "tenantId", resource_kind as "resourceKind",
  resource_id as "resourceId", contract_id as "contractId", line_number as "lineNumber", ${termsColumns},
  ${instantOf('valid_from')} as "validFrom", ${instantOf('valid_to')} as "validTo",
  ${instantOf('revoked_at')} as "revokedAt", revocation_reason as "revocationReason",
  ${instantOf('suspended_at')} as "suspendedAt", suspension_reason as "suspensionReason", ${instantOf('clock_timestamp()')} as "readAt"`

export const portfolioColumns = `portfolio_id as id, tenant_id as "tenantId", name, base_currency as "baseCurrency"`

export const positionColumns = `portfolio_id as "portfolioId", share_class_id as "shareClassId",
  trim_scale(units)::text as units`

export const principalColumns = `tenant_id as "tenantId", subject, roles`
