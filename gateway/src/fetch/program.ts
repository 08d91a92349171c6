/**
 * A plan, compiled: the requests that it comes to, each with what must be answered before it. What can be known before a
 * value is there is found out here, once per plan; docs/engine.md has an example.
 *
 * The planner gives a tree: sequences, parallels, conditions, paths. Of the tree only the order matters, so a program has
 * no tree any more: a request starts when all that it waits for has been answered.
 */
import { type GraphQLSchema, isInterfaceType } from 'graphql'
import type { Plan } from '../plan/planner.ts'
import type { Asks, EntityUse, Lookup, RootFields } from './asks.ts'
import { sentAlone } from './combined-document.ts'
import { fetchDocument } from './fetch-document.ts'
import { Lookups } from './lookups.ts'
import { inNeededOrder, type NeededFetch } from './needed-order.ts'
import { mergePath } from './places.ts'
import { inOrder } from './plan-order.ts'
import { ObjectWriter } from './representations.ts'
import { together } from './steps.ts'

export interface Program {
  readonly requests: readonly Request[]
  /**
   * Whether equal entities may stand as one object at several places of one path. Not where what is merged below them
   * depends on the place.
   */
  readonly sharesEntities: boolean
}

/** One request to one subgraph. */
export interface Request {
  readonly subgraph: string
  /** How many requests must have been answered before, and which wait for this one. */
  readonly waitsFor: number
  readonly unblocks: readonly number[]
  readonly asks: RootFields | Lookups
}

/** Compiles each plan once, for as long as it lives. */
export function programs(schema: GraphQLSchema): (plan: Plan) => Program {
  const known = new WeakMap<Plan, Program>()
  const interfaces = new Set(
    Object.values(schema.getTypeMap()).flatMap((type) => (isInterfaceType(type) ? [type.name] : [])),
  )
  return (plan) => {
    const before = known.get(plan)
    if (before) return before
    const program = compile(plan, schema, interfaces)
    known.set(plan, program)
    return program
  }
}

function compile({ node }: Plan, schema: GraphQLSchema, interfaces: ReadonlySet<string>): Program {
  const fetches = inNeededOrder(schema, inOrder(node))
  const groups = together(fetches)
  const requestOf = new Map(groups.flatMap((places, request) => places.map((place) => [place, request] as const)))
  const before = groups.map(
    (places) => new Set(places.flatMap((at) => fetches[at]!.after.map((one) => requestOf.get(one)!))),
  )

  const asks = ({ node: fetch }: NeededFetch): Asks => {
    const document = fetchDocument(schema, fetch.operation)
    return {
      sent: sentAlone(fetch.operation, fetch.operationName, fetch.variableUsages ?? []),
      document,
      naming: { names: document.typeNames, interfaces },
      rewrites: fetch.outputRewrites ?? [],
    }
  }
  const requests = groups.map((places, index): Request => {
    const own = places.map((at) => fetches[at]!)
    const [first] = own
    const { node: fetch, path, conditions } = first!
    return {
      subgraph: fetch.serviceName,
      waitsFor: before[index]!.size,
      unblocks: before.flatMap((waiting, later) => (waiting.has(index) ? [later] : [])),
      asks: fetch.requires
        ? new Lookups(lookupsOf(own, asks, schema))
        : { ...asks(first!), kind: fetch.operationKind, path: mergePath(path), conditions },
    }
  })
  return {
    requests,
    sharesEntities: fetches.every(
      ({ node: fetch, path }) => !fetch.contextRewrites?.length && mergePath(path).every(({ types }) => !types),
    ),
  }
}

/** What asks for the same is asked for once, whatever the planner called it. */
function lookupsOf(
  fetches: readonly NeededFetch[],
  asks: (fetch: NeededFetch) => Asks,
  schema: GraphQLSchema,
): readonly Lookup[] {
  const lookups = new Map<string, Asks & { uses: EntityUse[] }>()
  for (const fetch of fetches) {
    const { operation, operationName, requires = [], inputRewrites, outputRewrites, contextRewrites } = fetch.node
    const nameless = operationName === undefined ? operation : operation.replace(`query ${operationName}`, 'query')
    const key = `${nameless} ${JSON.stringify(outputRewrites ?? [])}`
    const lookup = lookups.get(key) ?? { ...asks(fetch), uses: [] }
    lookups.set(key, lookup)
    lookup.uses.push({
      path: mergePath(fetch.path),
      conditions: fetch.conditions,
      representation: new ObjectWriter(schema, requires, inputRewrites),
      contexts: contextRewrites ?? [],
      lacksInput: fetch.lacksInput,
    })
  }
  return [...lookups.values()]
}
