import { type AsOfInput, resolveAsOf } from '@fundmesh/platform/service/as-of'
import { CallerError } from '@fundmesh/platform/service/errors'
import { riskFigures } from '../domain/risk-figures.ts'
import { isConfidence } from '../domain/value-at-risk.ts'
import type { RiskInput, ShareClassResolvers } from '../generated/graphql.ts'

const defaultConfidence = '0.95'

export const ShareClass: ShareClassResolvers = {
  // A share class that the tenant may not see is null, as one that does not exist.
  __resolveReference: ({ id }, { loaders }) => loaders.shareClassById.load(id),

  async risk({ id }, { input, asOf }, context) {
    const { knownAt } = resolveAsOf(asOf, context.knownAt)
    const confidence = input?.confidence ?? defaultConfidence
    if (!isConfidence(confidence)) {
      throw new CallerError(
        'BAD_USER_INPUT',
        `confidence: expected between 0.5 and 1, both excluded; got ${confidence}`,
      )
    }
    const navs = await context.loaders.navWindow({ ...daysOf(input, asOf), knownAt }).load(id)
    return { ...riskFigures(navs, confidence), knownAt }
  },
}

/** The window's bounds; nothing after the day that the answer is about is used. */
function daysOf(input: RiskInput | null | undefined, asOf: AsOfInput | null | undefined) {
  const from = input?.from ?? undefined
  const to = input?.to ?? asOf?.validAt ?? undefined
  if (input?.to && asOf?.validAt && input.to > asOf.validAt) {
    const got = `got to ${input.to} and validAt ${asOf.validAt}`
    throw new CallerError('BAD_USER_INPUT', `risk: expected to <= asOf.validAt; ${got}`)
  }
  if (from && to && from > to) {
    throw new CallerError('BAD_USER_INPUT', `risk: expected from <= to; got from ${from} and to ${to}`)
  }
  return { from, to }
}
