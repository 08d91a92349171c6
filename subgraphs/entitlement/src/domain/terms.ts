/** What limits a right: the channels, field sets and regions it is for, and its embargo. */
import type { Channel, FieldSet } from '@fundmesh/platform/grants/reading'
import { Refusal } from './refusal.ts'

export interface Terms {
  /** Null: every channel; and likewise below. */
  readonly channels: readonly Channel[] | null
  readonly fieldSets: readonly FieldSet[] | null
  /** ISO 3166-1 alpha-2. */
  readonly regions: readonly string[] | null
  /** A value dated later than today (UTC) minus so many days is not opened; 0: no embargo. */
  readonly embargoDays: number
}

/** What an administrator wrote; the codes were checked at the door. */
export interface TermsInput {
  readonly channels?: readonly Channel[] | null | undefined
  readonly fieldSets?: readonly FieldSet[] | null | undefined
  readonly regions?: readonly string[] | null | undefined
  readonly embargoDays?: number | null | undefined
}

/** Ten years: a longer embargo is a mistake. */
const LONGEST_EMBARGO = 3_660

/** The same limits are the same terms, in whatever order they were written. Throws Refusal. */
export function terms({ channels, fieldSets, regions, embargoDays }: TermsInput): Terms {
  const days = embargoDays ?? 0
  if (days < 0 || days > LONGEST_EMBARGO) {
    throw new Refusal(`embargoDays: expected 0 to ${LONGEST_EMBARGO} days; got ${days}`)
  }
  return {
    channels: limit('channels', channels),
    fieldSets: limit('fieldSets', fieldSets),
    regions: limit('regions', regions),
    embargoDays: days,
  }
}

function limit<Value extends string>(field: string, values: readonly Value[] | null | undefined): Value[] | null {
  if (values == null) return null
  if (values.length === 0) throw new Refusal(`${field}: expected one at least, or null for no limit; got none`)
  return [...new Set(values)].sort()
}
