import type { Resolvers } from '../generated/graphql.ts'
import { Fund } from './Fund.ts'
import { NavPoint } from './NavPoint.ts'
import { NavSnapshot } from './NavSnapshot.ts'
import { NavStreamEvent } from './NavStreamEvent.ts'
import { NavTick } from './NavTick.ts'
import { NavUpdate } from './NavUpdate.ts'
import { Query } from './Query.ts'
import { ShareClass } from './ShareClass.ts'

export const resolvers = {
  Fund,
  NavPoint,
  NavSnapshot,
  NavStreamEvent,
  NavTick,
  NavUpdate,
  Query,
  ShareClass,
} satisfies Resolvers
