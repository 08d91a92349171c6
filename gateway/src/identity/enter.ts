import { anonymous, type Caller } from '@fundmesh/platform/identity/caller'
import { codedError } from '../errors/catalogue.ts'
import type { VerifyToken } from './token.ts'

/**
 * Who comes in with what was presented: the token of the request, or undefined where none was. Reading it may throw,
 * and then the door is closed: a token that cannot be read is not the same as none.
 */
export type Enter = (present: () => string | undefined) => Promise<Caller>

/** Only with a token. */
export const required =
  (verify: VerifyToken): Enter =>
  async (present) => {
    const token = present()
    if (!token) throw codedError('UNAUTHENTICATED')
    return verify(token)
  }

/** With a token or as nobody in particular; a token that is not good is refused. */
export const optional =
  (verify: VerifyToken): Enter =>
  async (present) => {
    const token = present()
    return token === undefined ? anonymous : verify(token)
  }

/** As nobody in particular, whatever is presented. */
export const open: Enter = async () => anonymous
