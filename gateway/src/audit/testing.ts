/** For tests that are about something else. */
import type { Audit } from './audit.ts'

/** Keeps nothing, and never refuses. */
export const unheard: Audit = {
  room: () => true,
  answered: async () => {},
  refused() {},
  stream: () => ({ began() {}, made() {}, sent() {}, ended() {} }),
  unauthenticated() {},
  close: async () => {},
}
