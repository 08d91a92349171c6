import type { Audit } from './audit.ts'

/** The audit of a gateway that has no log to keep it in: it keeps nothing, and never refuses. */
export const unrecorded: Audit = {
  room: () => true,
  answered: async () => {},
  refused() {},
  explained() {},
  stream: () => ({ began() {}, made() {}, sent() {}, ended() {} }),
  unauthenticated() {},
  close: async () => {},
}
