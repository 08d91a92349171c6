import type { IncomingMessage } from 'node:http'
import { codedError } from '../errors/catalogue.ts'

/** The token of an `Authorization: Bearer …` value (RFC 6750), or undefined. */
export const bearerToken = (authorization: unknown): string | undefined =>
  typeof authorization === 'string' ? /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1] : undefined

/**
 * The one token that is said: by the request's `Authorization` header, or by what else may say it; undefined where
 * nothing does. Throws UNAUTHENTICATED where something does that is no token, where two are said, and where there are
 * several headers, of which node would take the first and a proxy before us perhaps the last.
 */
export function presentedToken(
  { rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>,
  ...others: readonly unknown[]
): string | undefined {
  const headers = rawHeaders.filter((_, index) => index % 2 === 1 && isAuthorization(rawHeaders[index - 1]))
  const said = [...others.filter((other) => other !== undefined), ...headers]
  if (said.length === 0) return undefined
  const tokens = new Set(said.map(bearerToken))
  const [token] = tokens
  if (!token || tokens.size > 1 || headers.length > 1) throw codedError('UNAUTHENTICATED')
  return token
}

const isAuthorization = (name: string | undefined) => name?.toLowerCase() === 'authorization'
