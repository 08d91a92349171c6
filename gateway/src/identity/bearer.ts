import type { IncomingMessage } from 'node:http'

/** The token of an `Authorization: Bearer …` value (RFC 6750), or undefined. */
export const bearerToken = (authorization: unknown): string | undefined =>
  typeof authorization === 'string' ? /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1] : undefined

/**
 * What the request's `Authorization` headers say; undefined where there are several, of which node would take the
 * first and a proxy before us perhaps the last.
 */
export function authorizationOf({ rawHeaders, headers }: Pick<IncomingMessage, 'rawHeaders' | 'headers'>) {
  const given = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization')
  return given.length === 1 ? headers.authorization : undefined
}
