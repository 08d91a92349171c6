/**
 * Small graphs for the tests of this room: composed as teams compose theirs, served in this process, and every document
 * that a subgraph is sent is kept. What may be sent to whom is read here from the subgraphs' own directives, not by the
 * code under test.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeServices } from '@apollo/composition'
import { anonymous, type Caller } from '@fundmesh/platform/identity/caller'
import { type SubgraphResolvers, subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import {
  type DirectiveNode,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  parse,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { unheard } from '../../audit/testing.ts'
import { chargeWithin } from '../../budget/testing.ts'
import { failedAnswer } from '../../errors/answer.ts'
import { executor } from '../../fetch/executor.ts'
import type { SubgraphClient } from '../../fetch/subgraph-client.ts'
import type { AnswerResult } from '../../http/reply.ts'
import { withPlanCheck } from '../../plan/with-plan-check.ts'
import { queryRoad } from '../../query.ts'
import { completion } from '../../shape/complete.ts'
import { loadSupergraph } from '../../supergraph/supergraph.ts'
import { openViews } from '../../view/views.ts'
import { type AuthorizationMode, permitter } from '../permit.ts'
import type { Rights } from '../rights.ts'

export interface Subgraph {
  readonly sdl: string
  readonly resolvers: SubgraphResolvers
}

/** Who asks: scopes and policies that are held; nothing at all: nobody in particular. */
export interface Who {
  readonly token?: boolean
  readonly scopes?: readonly string[]
  readonly policies?: readonly string[]
}

export interface Sent {
  readonly subgraph: string
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

export interface Answered {
  readonly data: unknown
  /** `code path`, the path's steps joined by dots. */
  readonly errors: readonly string[]
  readonly sent: readonly Sent[]
  /** Coordinates that were sent although their own directives forbid them to the caller, and that are no key. */
  readonly leaks: readonly string[]
}

const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external", "@shareable", "@inaccessible", "@override", "@interfaceObject", "@authenticated", "@requiresScopes", "@policy", "@context", "@fromContext"])\n'

export function composed(subgraphs: Readonly<Record<string, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({
      name,
      url: `http://${name}`,
      typeDefs: parse(federation + sdl),
    })),
  )
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'))
  return supergraphSdl
}

/** Reads a supergraph as the gateway does at its start. */
export function loaded(supergraph: string) {
  const folder = mkdtempSync(join(tmpdir(), 'supergraph-'))
  try {
    const file = join(folder, 'supergraph.graphql')
    writeFileSync(file, supergraph)
    return loadSupergraph(file, new Map())
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Serves a graph of subgraphs. `through` puts something between the gateway and each of them. */
export function graphOf(
  subgraphs: Readonly<Record<string, Subgraph>>,
  through: (client: SubgraphClient) => SubgraphClient = (client) => client,
) {
  const sdls = Object.fromEntries(Object.entries(subgraphs).map(([name, { sdl }]) => [name, sdl]))
  const supergraph = loaded(composed(sdls))
  const log = createLogger('test', 'silent')
  const views = openViews(supergraph, log)
  const schemas = Object.entries(subgraphs).map(
    ([name, { sdl, resolvers }]) => [name, subgraphSchema(federation + sdl, resolvers)] as const,
  )
  const asks = whatIsAsked(Object.values(sdls))
  let sent: Sent[] = []

  const clients = new Map(
    schemas.map(([name, schema]): [string, SubgraphClient] => [
      name,
      through({
        async ask({ query, variables, operationName }) {
          sent.push({ subgraph: name, query, variables })
          const result = await execute({ schema, document: parse(query), variableValues: variables, operationName })
          const { data, errors } = JSON.parse(JSON.stringify(result))
          return {
            data: data ?? null,
            errors: (errors ?? []).map((error: GraphQLError) => ({ ...error, code: error.extensions?.code })),
          }
        },
      }),
    ]),
  )
  const roads = Object.fromEntries(
    (['null', 'reject', 'dry-run'] as const).map((mode) => [
      mode,
      queryRoad({
        rightsOf: (caller) => rightsOf(caller),
        permit: permitter({ rules: supergraph.rules, schemaOf: ({ view }) => views.graph(view).schema, mode, log }),
        charge: chargeWithin(supergraph),
        planner: withPlanCheck(views.planner, { ...supergraph, log }),
        executor: executor({ loaded: supergraph, views, clients, sealPassport: async () => 'sealed' }),
        complete: completion(views),
        audit: unheard,
      }),
    ]),
  )

  const ask = async (
    query: string,
    who: Who = {},
    { variables = {}, mode = 'null' }: { variables?: object; mode?: AuthorizationMode } = {},
  ): Promise<Answered> => {
    sent = []
    const caller = callerOf(who)
    const result = await roads[mode]!(views.of(caller).understand({ method: 'POST', query, variables }), {
      caller,
      channel: 'GRAPHQL',
      atLeastEpoch: 0,
      replyHeaders: new Map(),
      signal: new AbortController().signal,
    }).catch((error): AnswerResult => failedAnswer(error, log))
    // As it goes over HTTP.
    const body = result.body ?? JSON.stringify(result)
    const { data, errors = [] } = JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body))
    return {
      data,
      errors: errors.map(({ extensions, path }: GraphQLError) =>
        path ? `${extensions.code} ${path.join('.')}` : String(extensions.code),
      ),
      sent,
      leaks: mode === 'dry-run' ? [] : sent.flatMap((one) => leaksOf(one, new Map(schemas), asks, rightsOf(caller))),
    }
  }
  return Object.assign(ask, { schema: views.of(anonymous).schema, loaded: supergraph, clients })
}

function callerOf({ token, scopes = [], policies = [] }: Who): Caller {
  if (!token && scopes.length === 0 && policies.length === 0) return anonymous
  return {
    tenant: 't',
    subject: 's',
    // The policies that hold are named here: what decides them is another room's.
    client: policies.join(' '),
    scopes: new Set(scopes),
    expiresAt: new Date(Date.now() + 60_000),
  }
}

const rightsOf = ({ subject, client, scopes }: Caller): Rights => ({
  authenticated: subject !== '',
  scopes,
  policies: new Set(client.split(' ')),
  grantsVersion: 0,
  fingerprint: `${subject} ${client} ${[...scopes]}`,
})

type Asks = (coordinate: string, rights: Rights) => boolean

/** Reads the directives and the keys of the subgraphs: whether a coordinate may be sent for somebody. */
function whatIsAsked(sdls: readonly string[]): Asks {
  const asked = new Map<string, DirectiveNode[]>()
  const keys = new Set<string>()
  const note = (coordinate: string, directives: readonly DirectiveNode[] = []) =>
    asked.set(coordinate, [...(asked.get(coordinate) ?? []), ...directives])
  for (const sdl of sdls) {
    for (const node of parse(sdl).definitions) {
      if (!('name' in node) || !node.name) continue
      const type = node.name.value
      if ('directives' in node) note(type, node.directives)
      if (!('fields' in node)) continue
      for (const field of node.fields ?? []) note(`${type}.${field.name.value}`, field.directives)
      for (const { name, arguments: given } of node.directives ?? []) {
        const fields = given?.find((argument) => argument.name.value === 'fields')?.value
        if (name.value !== 'key' || fields?.kind !== 'StringValue') continue
        for (const key of fields.value.match(/\w+/g) ?? []) {
          keys.add(`${type}.${key}`)
          // Of a nested key, whose inner types are not worth finding out here.
          if (fields.value.includes('{')) keys.add(key)
        }
      }
    }
  }
  const holds = (held: ReadonlySet<string>, node: DirectiveNode) =>
    (valueFromASTUntyped(node.arguments![0]!.value) as string[][]).some((all) => all.every((name) => held.has(name)))
  const met: Record<string, (node: DirectiveNode, rights: Rights) => boolean> = {
    authenticated: (_, rights) => rights.authenticated,
    requiresScopes: (node, rights) => holds(rights.scopes, node),
    policy: (node, rights) => holds(rights.policies, node),
  }
  return (coordinate, rights) =>
    keys.has(coordinate) ||
    keys.has(coordinate.split('.')[1] ?? '') ||
    (asked.get(coordinate) ?? []).every((node) => met[node.name.value]?.(node, rights) ?? true)
}

/** The fields of a document, and of the representations with it, that may not be sent. */
function leaksOf(
  { subgraph, query, variables }: Sent,
  schemas: ReadonlyMap<string, GraphQLSchema>,
  asks: Asks,
  rights: Rights,
) {
  const leaks: string[] = []
  const check = (coordinate: string) => {
    if (!asks(coordinate, rights)) leaks.push(`${subgraph}: ${coordinate}`)
  }
  const info = new TypeInfo(schemas.get(subgraph)!)
  visit(
    parse(query),
    visitWithTypeInfo(info, {
      Field(node) {
        const parent = info.getParentType()
        if (!parent || node.name.value.startsWith('_')) return
        check(`${parent.name}.${node.name.value}`)
        check(parent.name)
        const returned = getNamedType(info.getType())
        if (isLeafType(returned)) check(returned.name)
      },
    }),
  )
  const inside = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(inside)
      return
    }
    if (value === null || typeof value !== 'object') return
    const { __typename: type, ...fields } = value as Record<string, unknown>
    for (const [name, below] of Object.entries(fields)) {
      if (type) check(`${type}.${name}`)
      inside(below)
    }
  }
  inside(variables.representations)
  return leaks
}
