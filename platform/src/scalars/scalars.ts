import type { GraphQLScalarType } from 'graphql'
import { CountryCode } from './country-code.ts'
import { Currency } from './currency.ts'
import { Cursor } from './cursor.ts'
import { DateScalar } from './date.ts'
import { DateTime } from './date-time.ts'
import { Decimal } from './decimal.ts'
import { Fraction } from './fraction.ts'
import { ISIN } from './isin.ts'
import { LEI } from './lei.ts'

/** The graph's custom scalars by name. */
export const scalars: Readonly<Record<string, GraphQLScalarType>> = {
  CountryCode,
  Currency,
  Cursor,
  Date: DateScalar,
  DateTime,
  Decimal,
  Fraction,
  ISIN,
  LEI,
}
