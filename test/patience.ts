/** A gateway's limits of time for tests that are about something else: a machine that is slow and busy stays within them. */
export const patientGateway = {
  PLANNING_TIMEOUT_MS: '60000',
  FETCH_TIMEOUT_MS: '60000',
  REQUEST_TIMEOUT_MS: '120000',
} as const
