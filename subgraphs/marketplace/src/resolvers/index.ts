import type { Resolvers } from '../generated/graphql.ts'
import { DataProduct } from './DataProduct.ts'
import { Query } from './Query.ts'

export const resolvers = { DataProduct, Query } satisfies Resolvers
