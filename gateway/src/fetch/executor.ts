/**
 * Runs a plan with Apollo's executor, behind one door: nothing else of the gateway knows it. It merges what the
 * subgraphs answer and completes the values; a failed fetch becomes errors at the places it leaves empty.
 */
import { executeQueryPlan } from '@apollo/gateway'
import type { PlanNode } from '@apollo/query-planner'
import type { SealPassport } from '@fundmesh/platform/identity/passport'
import type { GraphQLError } from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'
import { isErrorCode, partialError } from '../errors/catalogue.ts'
import type { Plan } from '../plan/planner.ts'
import type { LoadedSupergraph } from '../supergraph/supergraph.ts'
import { withoutStrangers } from '../view/strangers.ts'
import type { Views } from '../view/views.ts'
import { answerFromEvent, type RootEvent } from './event-answer.ts'
import { failurePaths } from './failure-paths.ts'
import { narrowed } from './narrowed.ts'
import type { PushedQuestion, PushKeys } from './pushed-keys.ts'
import { isUndecided, type SubgraphClient, type SubgraphError, SubgraphFailure } from './subgraph-client.ts'
import { withContexts } from './with-contexts.ts'
import { withTrueTypes } from './with-true-types.ts'

/** The merged answer; names are still the plan's (operation/aliases.ts), errors are of the catalogue. */
export interface Fetched {
  readonly data: Record<string, unknown> | null
  readonly errors: readonly GraphQLError[]
}

export interface Executor {
  /** Never rejects for what a subgraph does. `event` is the value of a subscription's root field. */
  execute(operation: PermittedOperation, plan: Plan, signal: AbortSignal, event?: RootEvent): Promise<Fetched>
}

type ServiceMap = Parameters<typeof executeQueryPlan>[1]
type RequestContext = Parameters<typeof executeQueryPlan>[2]

/** Codes of a subgraph whose message is meant for the caller; every other error says only that something failed. */
const callersMistakes = new Set(['BAD_USER_INPUT', 'FORBIDDEN'])

export function executor(options: {
  readonly loaded: Pick<LoadedSupergraph, 'supergraphSchema'>
  readonly views: Pick<Views, 'graph'>
  readonly clients: ReadonlyMap<string, SubgraphClient>
  /** Left out: subgraphs are not told who asks. */
  readonly sealPassport?: SealPassport
  /** Takes out of a fetch what the caller may not see; left out, the subgraphs alone decide. */
  readonly pushKeys?: PushKeys
}): Executor {
  const { loaded, views, clients, sealPassport, pushKeys } = options

  return {
    async execute(operation, plan, signal, event) {
      const { caller, channel, atLeastEpoch, knownAt, variables } = operation
      const { schema, apiSchema, strangers } = views.graph(operation.view)
      const services: ServiceMap = {}
      for (const [name, client] of clients) {
        services[name] = {
          async process({ request }) {
            const query = request.query!
            const asked = (request.variables ?? {}) as Record<string, unknown>
            const forEvent = event && query.startsWith('subscription') ? event : undefined
            const answered = forEvent && answerFromEvent(loaded.supergraphSchema, query, forEvent)
            if (answered?.missing.length === 0) return { data: withoutStrangers(answered.data, strangers) }
            let pushed: PushedQuestion = { variables: asked, restore: (answer) => answer }
            try {
              if (pushKeys) pushed = pushKeys(name, operation, asked)
              if (!pushed.variables) return pushed.restore({ data: { _entities: [] }, errors: [] })
              if (caller.expiresAt.getTime() <= Date.now())
                throw new SubgraphFailure('UNAUTHENTICATED', name, 'the token has expired meanwhile')
              // For each fetch: those of one operation follow each other, and a passport is good for one only.
              const passport = await sealPassport?.({ caller, channel, atLeastEpoch, knownAt })
              const answer = await client.ask({
                query,
                operationName: request.operationName,
                variables: pushed.variables,
                passport,
                event: forEvent && { [forEvent.field]: forEvent.value },
                signal,
              })
              const { data, errors } = pushed.restore(answer)
              return {
                data: withoutStrangers(data, strangers),
                ...(errors.length > 0 && { errors: errors.map((error) => fromSubgraph(error).toJSON()) }),
              }
            } catch (error) {
              const code = error instanceof SubgraphFailure ? error.code : 'INTERNAL_SERVER_ERROR'
              const holes = answered?.missing ?? failurePaths(query, pushed.variables ?? asked)
              const { errors } = pushed.restore({ data: null, errors: holes.map((path) => ({ path })) })
              return {
                data: withoutStrangers(answered?.data ?? null, strangers),
                errors: errors.map(({ path }) => partialError(code, undefined, { path }).toJSON()),
              }
            }
          },
        }
      }

      const { definition, fragments } = narrowed(operation, schema)
      const node = plan.node && asExecutable(plan.node)
      const { data, errors, extensions } = await executeQueryPlan(
        { kind: 'QueryPlan', ...(node && { node }) },
        withContexts(withTrueTypes(services, loaded.supergraphSchema), node, loaded.supergraphSchema),
        { request: { variables }, logger: silent, metrics: {}, context: {} } as unknown as RequestContext,
        { schema, operation: definition, fragments: { ...fragments } },
        loaded.supergraphSchema,
        apiSchema,
      )
      const incomplete = (extensions?.valueCompletion ?? []) as readonly GraphQLError[]
      return {
        data: (data as Record<string, unknown>) ?? null,
        errors: [...(errors ?? []), ...incomplete].map(ofCatalogue),
      }
    },
  }
}

/** Apollo's executor refuses a subscription's plan; its first fetch and the rest are a sequence like any other. */
const asExecutable = (node: NonNullable<Plan['node']>): PlanNode =>
  node.kind === 'Subscription' ? { kind: 'Sequence', nodes: [node.primary, ...(node.rest ? [node.rest] : [])] } : node

function fromSubgraph({ message, code, path }: SubgraphError): GraphQLError {
  const at = { path: path ?? null }
  if (callersMistakes.has(code as string)) return partialError(code as 'BAD_USER_INPUT' | 'FORBIDDEN', message, at)
  return partialError(isUndecided(code) ? code : 'INTERNAL_SERVER_ERROR', undefined, at)
}

/** The executor adds what it knows of the subgraph to an error, and makes errors of its own: only ours go out. */
function ofCatalogue(error: GraphQLError): GraphQLError {
  const { code } = error.extensions
  const path = error.path ?? null
  if (!isErrorCode(code)) return partialError('SUBGRAPH_INVALID_RESPONSE', undefined, { path })
  return partialError(code, callersMistakes.has(code) ? error.message : undefined, { path })
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }
