import type { ChargeFor } from './budget.ts'

/** The budget of a gateway that was given none: nothing is counted, and nothing is said of cost. */
export const unlimited: ChargeFor = async () => ({ settle: () => undefined, refund() {} })
