/** The questions that callers ask the ledger, each for many keys at once. What a caller may not see is not among the rows. */
import type { Contract, ContractLine } from '../domain/contract.ts'
import type { Grant } from '../domain/grant.ts'
import type { Instant } from '../domain/instant.ts'
import type { Portfolio, Position } from '../domain/portfolio.ts'
import type { ResourceKind } from '../domain/resource.ts'
import type { Principal } from '../domain/roles.ts'
import type { Tenant } from '../domain/tenant.ts'
import {
  contractColumns,
  contractLineColumns,
  grantColumns,
  portfolioColumns,
  positionColumns,
  principalColumns,
  tenantColumns,
} from './columns.ts'
import type { Ledger } from './ledger.ts'

/** Who changes: `tenant/subject` of the caller. */
export type Actor = string

/** A tenant, and how many changes its grants have had. */
export interface ReadTenant extends Tenant {
  readonly epoch: number
}

/** A grant, and the ledger's clock when it was read: its state is told by the same clock that recorded it. */
export interface ReadGrant extends Grant {
  readonly readAt: Instant
}

/** What a grant opens, by its key alone. */
export interface ResourceRef {
  readonly kind: ResourceKind
  readonly id: string
}

/** Asks for the rows of these keys. */
type Read<Row> = (ledger: Ledger, keys: readonly string[]) => Promise<readonly Row[]>

function read<Row extends object>(sql: string): Read<Row> {
  return (ledger, keys) => ledger.transaction((ask) => ask<Row>(sql, [keys]))
}

const grants = (key: string) =>
  read<ReadGrant>(
    `select ${grantColumns} from entitlement.bounded_grant where ${key} = any($1) order by recorded_at, grant_id`,
  )
const contracts = (key: string) =>
  read<Contract>(
    `select ${contractColumns} from entitlement.contract where ${key} = any($1) order by start_date, contract_id`,
  )
const portfolios = (key: string) =>
  read<Portfolio>(`select ${portfolioColumns} from entitlement.portfolio where ${key} = any($1) order by portfolio_id`)

export const tenantsById = read<ReadTenant>(`select ${tenantColumns} from entitlement.tenant where tenant_id = any($1)`)
export const grantsById = grants('grant_id')
export const grantsOfTenants = grants('tenant_id')
export const grantsOfContracts = grants('contract_id')
export const contractsById = contracts('contract_id')
export const contractsOfTenants = contracts('tenant_id')
export const linesOfContracts = read<ContractLine>(
  `select ${contractLineColumns} from entitlement.contract_line where contract_id = any($1)
   order by contract_id, line_number`,
)
/** Subjects that have roles now. */
export const principalsOfTenants = read<Principal>(
  `select * from (
     select distinct on (tenant_id, subject) ${principalColumns} from entitlement.principal
     where tenant_id = any($1) order by tenant_id, subject, assigned_epoch desc) newest
   where roles <> '{}' order by 1, 2`,
)
export const portfoliosById = portfolios('portfolio_id')
export const portfoliosOfTenants = portfolios('tenant_id')
export const positionsOfPortfolios = read<Position>(
  `select ${positionColumns} from entitlement.position where portfolio_id = any($1) order by share_class_id`,
)

/** Every tenant that the ledger shows, by id. */
export function allTenants(ledger: Ledger): Promise<readonly ReadTenant[]> {
  return ledger.transaction((ask) =>
    ask<ReadTenant>(`select ${tenantColumns} from entitlement.tenant order by tenant_id`),
  )
}
