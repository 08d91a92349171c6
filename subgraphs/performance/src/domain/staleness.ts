import { daysBetween } from './calendar-day.ts'

/**
 * Days by which a value may be older than the day it stands for. Longer than any closure of an exchange (the longest
 * runs of public holidays last nine days), shorter than a month that is missing.
 */
export const MAX_AGE_DAYS = 10

/** Whether a value of `date` is too old to stand for `day`. */
export const isStale = (date: string, day: string): boolean => daysBetween(date, day) > MAX_AGE_DAYS
