/** On what terms a grant opens its resource: when, through what, from where, which fields, and how late. Pure. */
import type { ActiveGrant } from '@fundmesh/contracts/generated/events'
import type { FieldSet, Reading } from './reading.ts'

export interface Terms {
  /** In microseconds since 1970, which are safe integers until the year 2255. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly channels: ActiveGrant['channels']
  readonly fieldSets: ActiveGrant['fieldSets']
  readonly regions: ActiveGrant['regions']
  readonly embargoDays: number
}

/** A day as a count since 1970: days before nothing, and a bound that no day reaches. */
export const NO_DAY = -Infinity
export const EVERY_DAY = Infinity

const DAY_MS = 86_400_000

export function termsOf(grant: ActiveGrant): Terms {
  const { validFrom, validTo, channels, fieldSets, regions, embargoDays } = grant
  return {
    from: microseconds(validFrom),
    to: validTo === null ? Infinity : microseconds(validTo),
    channels,
    fieldSets,
    regions,
    embargoDays,
  }
}

/** Grants of one contract line share their terms; whatever has the same key opens the same. */
export const termsKey = ({ from, to, channels, fieldSets, regions, embargoDays }: Terms): string =>
  JSON.stringify([from, String(to), channels, fieldSets, regions, embargoDays])

export const inForce = (terms: Terms, at: Date): boolean => {
  const now = at.getTime() * 1_000
  return terms.from <= now && now < terms.to
}

/** Whether terms that are in force open anything to the reading. REFERENCE is in every field set. */
export const suits = (terms: Terms, { channel, region, fieldSet }: Omit<Reading, 'tenant'>): boolean =>
  (terms.channels === null || terms.channels.includes(channel)) &&
  (terms.regions === null || (region !== undefined && terms.regions.includes(region))) &&
  (terms.fieldSets === null || fieldSet === 'REFERENCE' || terms.fieldSets.includes(fieldSet))

/** The last day whose values terms that suit the reading open to it: the facts of a thing have no date. */
export const lastDay = ({ embargoDays }: Terms, fieldSet: FieldSet, at: Date): number =>
  embargoDays === 0 || fieldSet === 'REFERENCE' ? EVERY_DAY : today(at) - embargoDays

/** The day of an instant, UTC. */
export const today = (at: Date): number => Math.floor(at.getTime() / DAY_MS)

/** `2024-01-16` → days since 1970. NaN for what is no date, and no comparison holds for that. */
export const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS

export const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** Of an instant `2024-01-16T18:00:00.000001Z`, with no more than six decimals. */
function microseconds(instant: string): number {
  return Date.parse(`${instant.slice(0, 19)}Z`) * 1_000 + Number(instant.slice(20, -1).padEnd(6, '0'))
}
