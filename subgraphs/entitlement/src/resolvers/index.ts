import type { Resolvers } from '../generated/graphql.ts'
import { AccessLogEntry } from './AccessLogEntry.ts'
import { Contract } from './Contract.ts'
import { ContractLine } from './ContractLine.ts'
import { ContractReceipt } from './ContractReceipt.ts'
import { Grant } from './Grant.ts'
import { GrantReceipt } from './GrantReceipt.ts'
import { GrantResource } from './GrantResource.ts'
import { Mutation } from './Mutation.ts'
import { Portfolio } from './Portfolio.ts'
import { Position } from './Position.ts'
import { Principal } from './Principal.ts'
import { Query } from './Query.ts'
import { RolesReceipt } from './RolesReceipt.ts'
import { Sighting } from './Sighting.ts'
import { Tenant } from './Tenant.ts'

export const resolvers = {
  AccessLogEntry,
  Contract,
  Grant,
  GrantReceipt,
  GrantResource,
  Mutation,
  Portfolio,
  Position,
  Query,
  ContractLine,
  ContractReceipt,
  Principal,
  RolesReceipt,
  Sighting,
  Tenant,
} satisfies Resolvers
