/**
 * A plan, compiled: the requests that it comes to, each with what must be answered before it. What can be known before a
 * value is there is found out here, once per plan; docs/engine.md has an example.
 *
 * The planner gives a tree: sequences, parallels, conditions, paths. Of the tree only the order matters, so a program has
 * no tree any more: a request starts when all that it waits for has been answered.
 */
import type {
  FetchDataKeyRenamer,
  FetchDataRewrite,
  FetchNode,
  PlanNode,
  ResponsePath,
  SubscriptionNode,
} from '@apollo/query-planner'
import { type GraphQLSchema, isInterfaceType } from 'graphql'
import type { Plan } from '../plan/planner.ts'
import { type FetchDocument, fetchDocument } from './fetch-document.ts'
import type { TypeNaming } from './merge.ts'
import { type MergePath, mergePath } from './places.ts'
import { ObjectWriter } from './representations.ts'

export interface Program {
  readonly requests: readonly Request[]
  /**
   * Whether equal entities may stand as one object at several places of the merged data. Not where what is merged
   * below them depends on the place.
   */
  readonly sharesEntities: boolean
}

/** One request to one subgraph. */
export interface Request {
  readonly subgraph: string
  readonly kind: FetchNode['operationKind']
  readonly text: string
  readonly name: string | undefined
  /** Names of the operation's variables that are sent along. */
  readonly variables: readonly string[]
  /** How many requests must have been answered before, and which wait for this one. */
  readonly waitsFor: number
  readonly unblocks: readonly number[]
  /** All of them must hold, or nothing is asked. */
  readonly conditions: readonly Condition[]
  /** Where the answer belongs. */
  readonly path: MergePath
  /** What is asked for by representations; undefined: root fields are. */
  readonly representation: ObjectWriter | undefined
  readonly contexts: readonly FetchDataKeyRenamer[]
  readonly rewrites: readonly FetchDataRewrite[]
  readonly document: FetchDocument
  readonly naming: TypeNaming
}

interface Condition {
  readonly variable: string
  readonly is: boolean
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

/** A fetch of the plan with what the nodes around it say. */
interface Ordered {
  readonly node: FetchNode
  readonly path: ResponsePath
  readonly conditions: readonly Condition[]
  readonly after: readonly number[]
}

function compile({ node }: Plan, schema: GraphQLSchema, interfaces: ReadonlySet<string>): Program {
  const fetches = inOrder(node)
  const requests = fetches.map(({ node: fetch, path, conditions, after }, index): Request => {
    const document = fetchDocument(schema, fetch.operation)
    return {
      subgraph: fetch.serviceName,
      kind: fetch.operationKind,
      text: fetch.operation,
      name: fetch.operationName,
      variables: fetch.variableUsages ?? [],
      waitsFor: after.length,
      unblocks: fetches.flatMap((later, at) => (later.after.includes(index) ? [at] : [])),
      conditions,
      path: mergePath(path),
      representation: fetch.requires && new ObjectWriter(schema, fetch.requires, fetch.inputRewrites),
      contexts: fetch.contextRewrites ?? [],
      rewrites: fetch.outputRewrites ?? [],
      document,
      naming: { names: document.typeNames, interfaces },
    }
  })
  return {
    requests,
    sharesEntities: requests.every(
      ({ contexts, path }) => contexts.length === 0 && path.every(({ types }) => types === undefined),
    ),
  }
}

const union = (...lists: readonly (readonly number[])[]): readonly number[] => [...new Set(lists.flat())]

/** The fetches of a plan, each with those that it waits for. */
function inOrder(plan: PlanNode | SubscriptionNode | undefined): readonly Ordered[] {
  const fetches: Ordered[] = []

  /** Gives the fetches that whatever follows the node must wait for. */
  const enter = (
    node: PlanNode | SubscriptionNode | undefined,
    after: readonly number[],
    path: ResponsePath,
    conditions: readonly Condition[],
  ): readonly number[] => {
    switch (node?.kind) {
      case undefined:
        return after
      case 'Fetch':
        fetches.push({ node, path, conditions, after })
        return [fetches.length - 1]
      case 'Flatten':
        return enter(node.node, after, [...path, ...node.path], conditions)
      case 'Sequence':
        return node.nodes.reduce((last, one) => enter(one, last, path, conditions), after)
      case 'Parallel':
        return node.nodes.length > 0 ? union(...node.nodes.map((one) => enter(one, after, path, conditions))) : after
      case 'Condition': {
        const { condition: variable, ifClause, elseClause } = node
        return union(
          enter(ifClause, after, path, [...conditions, { variable, is: true }]),
          enter(elseClause, after, path, [...conditions, { variable, is: false }]),
        )
      }
      case 'Subscription':
        return enter(node.rest, enter(node.primary, after, path, conditions), path, conditions)
      case 'Defer': {
        const primary = enter(node.primary.node, after, path, conditions)
        return union(primary, ...node.deferred.map((part) => enter(part.node, primary, path, conditions)))
      }
    }
  }
  enter(plan, [], [], [])
  return fetches
}
