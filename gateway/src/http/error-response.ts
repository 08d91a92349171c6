import type { Logger } from '@fundmesh/platform/telemetry/log'
import { type Reply, refusalOf } from './reply.ts'

/** A reply as graphql-yoga's doors give it. */
export const responseOf = ({ status, headers, body }: Reply): Response => new Response(body, { status, headers })

/** The answer to a request that is refused before it is read as GraphQL: the error of the catalogue, and its status. */
export const errorResponse = (error: unknown, log: Logger): Response => responseOf(refusalOf(error, log))
