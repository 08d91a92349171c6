import type { Resolvers } from '../generated/graphql.ts'
import { Contract } from './Contract.ts'
import { Grant } from './Grant.ts'
import { GrantReceipt } from './GrantReceipt.ts'
import { GrantResource } from './GrantResource.ts'
import { Mutation } from './Mutation.ts'
import { Portfolio } from './Portfolio.ts'
import { Position } from './Position.ts'
import { Query } from './Query.ts'
import { Tenant } from './Tenant.ts'

export const resolvers = {
  Contract,
  Grant,
  GrantReceipt,
  GrantResource,
  Mutation,
  Portfolio,
  Position,
  Query,
  Tenant,
} satisfies Resolvers
