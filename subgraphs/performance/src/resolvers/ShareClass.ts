import { type AsOfInput, resolveAsOf } from '@fundmesh/platform/service/as-of'
import { CallerError } from '@fundmesh/platform/service/errors'
import type { Context } from '../context.ts'
import { yearEnd, yearOf } from '../domain/calendar-day.ts'
import { upTo } from '../domain/dated.ts'
import { type History, periodReturn } from '../domain/period-return.ts'
import type { ShareClassResolvers } from '../generated/graphql.ts'
import { ratesFor } from '../rates.ts'
import type { ShareClassRow } from '../store/share-classes.ts'

/** The most periods, or calendar years, that one field answers. */
const maxPeriods = 100

export const ShareClass: ShareClassResolvers = {
  // A share class that the tenant may not see is null, as one that does not exist.
  __resolveReference: ({ id }, { loaders }) => loaders.shareClassById.load(id),

  async returns(shareClass, { periods, endDate, currency, asOf }, context) {
    if (periods.length > maxPeriods) {
      throw new CallerError('BAD_USER_INPUT', `periods: expected at most ${maxPeriods} of them; got ${periods.length}`)
    }
    if (endDate && asOf?.validAt && endDate > asOf.validAt) {
      const got = `got endDate ${endDate} and validAt ${asOf.validAt}`
      throw new CallerError('BAD_USER_INPUT', `returns: expected endDate <= asOf.validAt; ${got}`)
    }
    const { validAt, knownAt } = resolveAsOf(asOf, context.knownAt)
    const wanted = endDate ?? asOf?.validAt
    const history = await historyOf(shareClass, { lastDay: wanted, currency, asOf }, context)
    const end = wanted ?? history.navs.at(-1)?.date ?? validAt
    return periods.map((period) => ({
      ...periodReturn(history, period, end),
      currency: history.currency,
      knownAt,
    }))
  },

  async calendarYearReturns(shareClass, { from, to, currency, asOf }, context) {
    const { knownAt } = resolveAsOf(asOf, context.knownAt)
    for (const [name, year] of Object.entries({ from, to })) {
      if (year != null && (year < 1 || year > 9_999)) {
        throw new CallerError('BAD_USER_INPUT', `${name}: expected a year from 1 to 9999; got ${year}`)
      }
    }
    const history = await historyOf(shareClass, { lastDay: asOf?.validAt, currency, asOf }, context)
    const [first, last] = [history.navs[0], history.navs.at(-1)]
    const [firstYear, lastYear] = [from ?? (first && yearOf(first.date)), to ?? (last && yearOf(last.date))]
    if (firstYear === undefined || lastYear === undefined) return []
    const years = yearsBetween(firstYear, lastYear, from != null && to != null)
    return years.map((year) => ({
      ...periodReturn(history, 'CALENDAR_YEAR', yearEnd(year)),
      currency: history.currency,
      knownAt,
    }))
  },
}

/** The years, oldest first. Refuses years in the wrong order where the caller gave both, and too many of them. */
function yearsBetween(from: number, to: number, bothGiven: boolean): readonly number[] {
  if (bothGiven && from > to) {
    throw new CallerError('BAD_USER_INPUT', `calendarYearReturns: expected from <= to; got from ${from} and to ${to}`)
  }
  const count = Math.max(0, to - from + 1)
  if (count > maxPeriods) {
    throw new CallerError('BAD_USER_INPUT', `calendarYearReturns: expected at most ${maxPeriods} years; got ${count}`)
  }
  return Array.from({ length: count }, (_, index) => from + index)
}

interface HistoryQuestion {
  /** Nothing later is used; absent: to the newest NAV. */
  readonly lastDay: string | null | undefined
  /** Absent: the share class's own. */
  readonly currency: string | null | undefined
  readonly asOf: AsOfInput | null | undefined
}

async function historyOf(
  shareClass: ShareClassRow,
  { lastDay, currency: wanted, asOf }: HistoryQuestion,
  { knownAt: operationKnownAt, loaders }: Context,
): Promise<History> {
  const { knownAt } = resolveAsOf(asOf, operationKnownAt)
  const all = await loaders.navSeries({ knownAt }).load(shareClass.id)
  const navs = lastDay ? upTo(all, lastDay) : all
  const currency = wanted ?? shareClass.currency
  return { navs, currency, rates: await ratesFor(navs, currency, knownAt, loaders) }
}
