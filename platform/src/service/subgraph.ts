/**
 * The kit on which every subgraph stands: GraphQL over HTTP for the gateway alone. A request without a genuine passport
 * is answered 401 before its body is looked at.
 */
import { execute, GraphQLError } from 'graphql'
import { createYoga, type Plugin, type YogaInitialContext } from 'graphql-yoga'
import type { JWK } from 'jose'
import { decidable } from '../grants/decidable.ts'
import type { GrantsReplica } from '../grants/replica.ts'
import { Undecided } from '../grants/undecided.ts'
import { type OpenPassport, PASSPORT_HEADER, type Passport, passportOpener } from '../identity/passport.ts'
import type { Logger } from '../telemetry/log.ts'
import { CallerError } from './errors.ts'
import { httpService, NO_HEALTH_CHECK } from './http-service.ts'
import type { Service } from './service.ts'
import { type SubgraphResolvers, subgraphSchema } from './subgraph-schema.ts'

export interface SubgraphDefinition<Context extends object> {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly passportPublicKey: JWK
  /** The team's SDL from contracts/graph. */
  readonly typeDefs: string
  readonly resolvers: SubgraphResolvers
  /**
   * The replica without which nothing is answered: the service is not ready before it is, and a request waits for the
   * change it names. Left out by a service that must answer something without.
   */
  readonly grants?: Pick<GrantsReplica, 'ready' | 'whenAtLeast'>
  /** Made anew for each request: the caller's own handle on the data, and fresh loaders. */
  readonly context: (passport: Passport) => Context
  readonly ready: () => Promise<void>
  readonly close: () => Promise<void>
  readonly log: Logger
}

export async function createSubgraph<Context extends object>(
  definition: SubgraphDefinition<Context>,
): Promise<Service> {
  const { name, grants, log } = definition
  const schema = subgraphSchema(definition.typeDefs, definition.resolvers)
  const yoga = createYoga<object, Context>({
    schema,
    context: ({ request }) => definition.context(passports.get(request)!),
    plugins: [
      usePassport(await passportOpener(definition.passportPublicKey)),
      ...(grants ? [useGrants(grants)] : []),
      useEventPayload(),
    ],
    maskedErrors: { maskError: (error) => maskError(error, log) },
    graphiql: false,
    landingPage: false,
    healthCheckEndpoint: NO_HEALTH_CHECK,
    cors: false,
    batching: false,
    logging: false,
  })
  return httpService({
    name,
    host: definition.host,
    port: definition.port,
    handler: yoga,
    ready: async () => {
      if (grants && !grants.ready()) throw new Error('the grants have not been read yet')
      await definition.ready()
    },
    close: definition.close,
    log,
  })
}

const passports = new WeakMap<Request, Passport>()

/** Opens the passport; without one there is no decision, hence no data. */
function usePassport(open: OpenPassport): Plugin {
  return {
    async onRequest({ request, endResponse, fetchAPI }) {
      try {
        passports.set(request, await open(request.headers.get(PASSPORT_HEADER) ?? ''))
      } catch {
        const error = { message: 'A passport of the gateway is required.', extensions: { code: 'UNAUTHENTICATED' } }
        endResponse(fetchAPI.Response.json({ errors: [error] }, { status: 401 }))
      }
    },
  }
}

/** No decision, no data: 503 while the grants are not known, or not as of the change that the passport names. */
function useGrants(grants: Pick<GrantsReplica, 'ready' | 'whenAtLeast'>): Plugin {
  return {
    async onRequest({ request, endResponse, fetchAPI }) {
      const passport = passports.get(request)
      if (!passport) return
      try {
        const { caller, atLeastEpoch } = passport
        await decidable(grants, { tenant: caller.tenant, epoch: atLeastEpoch }, request.signal)
      } catch (error) {
        const error503 = toError(
          error instanceof Undecided ? error : new Undecided('SERVICE_UNAVAILABLE', String(error)),
        )
        endResponse(fetchAPI.Response.json({ errors: [error503] }, { status: 503 }))
      }
    },
  }
}

/** What a caller is told: that it cannot be told now, and not why. */
const toError = ({ code }: Undecided, path?: GraphQLError['path']) =>
  new GraphQLError('What may be read cannot be decided now.', { path: path ?? null, extensions: { code } })

/**
 * Resolves one event of a stream: the gateway sends a subscription operation together with the event, under
 * `extensions.event`, as the value of the operation's root field. The stream itself is the gateway's.
 */
function useEventPayload(): Plugin {
  return {
    onSubscribe({ args, setSubscribeFn }) {
      const { params } = args.contextValue as YogaInitialContext
      const event: unknown = params.extensions?.event
      setSubscribeFn(() => {
        if (event === undefined) throw new CallerError('BAD_USER_INPUT', 'a subscription is opened at the gateway')
        return execute({ ...args, rootValue: event })
      })
    },
  }
}

/** A caller's mistake goes out as it is; whatever else is ours, is logged here once, and says nothing. */
function maskError(error: unknown, log: Logger): Error {
  if (error instanceof GraphQLError) {
    const { originalError } = error
    if (originalError instanceof CallerError || error instanceof CallerError) return error
    if (originalError instanceof Undecided) return toError(originalError, error.path)
    // What graphql itself refuses before anything is resolved: the request's fault. With a path, it is about our answer.
    const ofGraphql =
      originalError === undefined || (originalError instanceof GraphQLError && !originalError.originalError)
    if (ofGraphql && !error.path) {
      return new GraphQLError(error.message, {
        nodes: error.nodes ?? null,
        extensions: { ...error.extensions, code: error.extensions.code ?? 'BAD_USER_INPUT' },
      })
    }
  }
  log.error({ err: error }, 'a resolver failed')
  const path = error instanceof GraphQLError ? error.path : undefined
  return new GraphQLError('The service failed.', { path: path ?? null, extensions: { code: 'INTERNAL_SERVER_ERROR' } })
}
