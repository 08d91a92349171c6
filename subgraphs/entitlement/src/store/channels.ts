/** Channels on which the database tells that the outbox changed; the payload is the tenant. */

/** A change was recorded and waits for its targets. */
export const RECORDED = 'entitlement_recorded'
/** A target confirmed. */
export const CONFIRMED = 'entitlement_confirmed'
