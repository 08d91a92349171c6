import type { Resolvers } from '../generated/graphql.ts'
import { PeriodReturn } from './PeriodReturn.ts'
import { Portfolio } from './Portfolio.ts'
import { ShareClass } from './ShareClass.ts'

export const resolvers = { PeriodReturn, Portfolio, ShareClass } satisfies Resolvers
