/** The ways in which a question can be asked: as clients do, and as those do who look for a way around. */
import type { Channel } from '@fundmesh/platform/grants/reading'
import type { Random } from '@fundmesh/platform/testing/random'
import type { MarkedGraph } from './marked-graph.ts'
import type { Generated } from './operations.ts'
import { http, openSocket, type Reply, type Socket } from './transports.ts'
import type { TrustedDocument } from './trusted-documents.ts'
import { type Asker, tenantId } from './world.ts'

/** What a case asks, and with what. */
export interface Materials {
  readonly graph: MarkedGraph
  readonly chance: Random
  readonly asker: Asker
  readonly token: string
  readonly operation: Generated
  readonly variables: Readonly<Record<string, unknown>>
  /** Another tenant's client, and its token. */
  readonly foreign: Asker
  readonly foreignToken: string
  readonly document: TrustedDocument
  /** The asker's open socket. */
  readonly socket: () => Promise<Socket>
}

export interface Way {
  readonly name: string
  /** How often, beside the others. */
  readonly weight: number
  readonly channel: Channel
  readonly asks: 'query' | 'subscription' | 'inside' | 'document'
  /** Whether the asker is to be answered at all. */
  readonly mayAnswer: (materials: Materials) => boolean
  readonly ask: (materials: Materials) => Promise<Reply>
}

const json = { 'content-type': 'application/json' }
/** A stream has sent its snapshots by then, where nothing else is to be done. */
const streamMs = 60

export const bodyOf = ({ operation: { query }, variables }: Materials) => JSON.stringify({ query, variables })

const post = (materials: Materials, headers: Record<string, string> = {}, body = bodyOf(materials)) =>
  http({
    url: `${materials.graph.gateway}/graphql`,
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${materials.token}`, ...headers },
    body,
  })

/** A JWT whose claims were changed after it was signed. */
function tampered(token: string, tenant: string): string {
  const [head, claims, signature] = token.split('.')
  const changed = { ...JSON.parse(Buffer.from(claims!, 'base64url').toString()), tenant }
  return [head, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
}

const always = () => true
const never = () => false
const query = { channel: 'GRAPHQL', asks: 'query', mayAnswer: always } as const

export const ways: readonly Way[] = [
  { ...query, name: 'POST', weight: 50, ask: (materials) => post(materials) },
  {
    ...query,
    name: 'GET',
    weight: 8,
    ask: ({ graph, token, operation, variables }) =>
      http({
        url: `${graph.gateway}/graphql?${new URLSearchParams({ query: operation.query, variables: JSON.stringify(variables) })}`,
        method: 'GET',
        headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      }),
  },
  {
    ...query,
    name: 'WebSocket',
    weight: 10,
    ask: async ({ socket, operation, variables }) =>
      (await socket()).ask({ query: operation.query, variables }, 20_000),
  },
  {
    ...query,
    name: 'server-sent-query',
    weight: 2,
    ask: (materials) => post(materials, { accept: 'text/event-stream' }),
  },
  {
    ...query,
    name: 'WebSocket-stream',
    weight: 4,
    channel: 'STREAM',
    asks: 'subscription',
    ask: async ({ socket, operation, variables }) =>
      (await socket()).ask({ query: operation.query, variables }, streamMs),
  },
  {
    ...query,
    name: 'server-sent-stream',
    weight: 2,
    channel: 'STREAM',
    asks: 'subscription',
    ask: (materials) =>
      http({
        url: `${materials.graph.gateway}/graphql`,
        method: 'POST',
        headers: { ...json, accept: 'text/event-stream', authorization: `Bearer ${materials.token}` },
        body: bodyOf(materials),
        leaveAfterMs: streamMs,
      }),
  },
  {
    ...query,
    name: 'trusted-document',
    weight: 5,
    asks: 'document',
    mayAnswer: ({ document }) => document.isForTenants,
    ask: (materials) =>
      post(
        materials,
        {},
        JSON.stringify({ documentId: `sha256:${materials.document.id}`, variables: materials.variables }),
      ),
  },
  // What only the asset manager's own people have in their view, mutations too.
  { ...query, name: 'field-of-another-view', weight: 4, asks: 'inside', ask: (materials) => post(materials) },
  {
    ...query,
    name: 'forged-headers',
    weight: 4,
    ask: (materials) => {
      const tenant = tenantId(materials.foreign.tenant)
      return post(materials, {
        'x-fundmesh-passport': materials.foreignToken,
        'x-tenant': tenant,
        'x-forwarded-user': tenant,
        forwarded: `for=${tenant}`,
        cookie: `tenant=${tenant}; authorization=Bearer ${materials.foreignToken}`,
      })
    },
  },
  {
    ...query,
    name: 'tampered-token',
    weight: 4,
    mayAnswer: never,
    ask: (materials) =>
      post(materials, { authorization: `Bearer ${tampered(materials.token, tenantId(materials.foreign.tenant))}` }),
  },
  {
    ...query,
    name: 'no-token',
    weight: 2,
    mayAnswer: never,
    ask: (materials) => post(materials, { authorization: '' }),
  },
  {
    ...query,
    name: 'subgraph-port',
    weight: 5,
    mayAnswer: never,
    ask: (materials) => {
      const { graph, chance, token, foreignToken } = materials
      return http({
        url: `${chance.pick([...graph.subgraphs.values()])}/graphql`,
        method: 'POST',
        headers: {
          ...json,
          authorization: `Bearer ${token}`,
          'x-fundmesh-passport': chance.pick([token, foreignToken, '', 'x', tampered(token, 'house')]),
        },
        body: bodyOf(materials),
      })
    },
  },
  // Says who it is twice, and differently.
  {
    ...query,
    name: 'two-tokens',
    weight: 0.3,
    mayAnswer: never,
    ask: async ({ graph, token, foreignToken, operation, variables }) => {
      const socket = await openSocket(graph.gateway, token, { authorization: `Bearer ${foreignToken}` })
      return socket.ask({ query: operation.query, variables }, 20_000).finally(socket.close)
    },
  },
  // Its own socket is answered as its own until it is closed for that.
  {
    ...query,
    name: 'renewal-by-another',
    weight: 0.3,
    ask: async ({ graph, token, foreignToken, operation, variables }) => {
      const socket = await openSocket(graph.gateway, token)
      socket.renew(foreignToken)
      return socket.ask({ query: operation.query, variables }, 20_000).finally(socket.close)
    },
  },
]
