import { isRootDenied, type Permit } from '../access/permit.ts'
import type { RightsOf } from '../access/rights.ts'
import { codedError } from '../errors/catalogue.ts'
import type { SubscriptionRoad } from '../subscription.ts'

/** The road of a gateway without an event log: there is nothing to be streamed. Who may not ask is told that first. */
export const noStreams = ({
  rightsOf,
  permit,
}: {
  readonly rightsOf: RightsOf
  readonly permit: Permit
}): SubscriptionRoad => ({
  open(operation, asking) {
    const permitted = permit(asking, operation, rightsOf(asking.caller, asking.channel))
    if (isRootDenied(permitted))
      throw codedError('UNAUTHORIZED_FIELD_OR_TYPE', undefined, { path: permitted.denied[0]!.path })
    throw codedError('BAD_USER_INPUT', 'this gateway serves no subscriptions: it has no event log')
  },
  deliver() {},
  gap() {},
  drain() {},
})
