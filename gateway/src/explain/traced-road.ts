/**
 * The query road for whoever asks to see how an answer came about (`extensions: { trace: true }`): the plan, and for each
 * question to a subgraph when it was put and how long its answer took. Made anew for each such request: nobody else's pays.
 */
import { prettyFormatQueryPlan } from '@apollo/query-planner'
import { ADMIN_SCOPE, type Caller } from '@fundmesh/platform/identity/caller'
import type { Executor } from '../fetch/executor.ts'
import { type SubgraphClient, SubgraphFailure } from '../fetch/subgraph-client.ts'
import type { GraphQLRequest } from '../operation/request.ts'
import type { Plan } from '../plan/planner.ts'
import { type QueryRoad, type QueryRooms, queryRoad } from '../query.ts'

/** One question to a subgraph; milliseconds since the fetches of the operation began. */
interface TracedFetch {
  readonly subgraph: string
  readonly startMs: number
  readonly durationMs: number
  /** The code of a failure. */
  readonly failed?: string
}

/** Whether a request asks for it, and its caller may know: the plan names what the view does not. */
export const isTraced = ({ extensions }: GraphQLRequest, caller: Caller, anybody: boolean): boolean =>
  (extensions as { trace?: unknown } | null | undefined)?.trace === true && (anybody || caller.scopes.has(ADMIN_SCOPE))

export function tracedRoad(
  rooms: QueryRooms,
  clients: ReadonlyMap<string, SubgraphClient>,
  executorOf: (clients: ReadonlyMap<string, SubgraphClient>) => Executor,
): QueryRoad {
  return async (operation, asking) => {
    let plan: Plan | undefined
    const fetches: TracedFetch[] = []
    const begun = performance.now()
    const executor = executorOf(
      new Map([...clients].map(([name, client]) => [name, timed(name, client, begun, (fetch) => fetches.push(fetch))])),
    )
    const planner: QueryRooms['planner'] = {
      async plan(permitted) {
        plan = await rooms.planner.plan(permitted)
        return plan
      },
    }
    const { errors, data, extensions } = await queryRoad({ ...rooms, planner, executor })(operation, asking)
    return {
      ...(errors && { errors }),
      data: data ?? null,
      extensions: { ...extensions, trace: { plan: plan ? prettyFormatQueryPlan(plan) : null, fetches } },
    }
  }
}

function timed(
  subgraph: string,
  client: SubgraphClient,
  begun: number,
  tell: (fetch: TracedFetch) => void,
): SubgraphClient {
  const since = (start: number) => Math.round((performance.now() - start) * 1_000) / 1_000
  return {
    async ask(request) {
      const startMs = since(begun)
      const start = performance.now()
      try {
        const answer = await client.ask(request)
        tell({ subgraph, startMs, durationMs: since(start) })
        return answer
      } catch (error) {
        const failed = error instanceof SubgraphFailure ? error.code : 'INTERNAL_SERVER_ERROR'
        tell({ subgraph, startMs, durationMs: since(start), failed })
        throw error
      }
    },
  }
}
