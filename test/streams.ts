/** A client of live streams over graphql-transport-ws, as a test reads it. */
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { TestMesh } from './mesh.ts'

export interface StreamPayload {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the test's own business
  readonly data?: any
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

export interface TestStream {
  readonly payloads: readonly StreamPayload[]
  /** Resolves when the server has completed the stream; rejects when the socket broke. */
  readonly done: Promise<void>
  close(): void
}

export const socketUrl = (mesh: TestMesh) => `${mesh.urls.gateway.replace('http', 'ws')}/graphql`

export async function openStream(mesh: TestMesh, tenant: string, query: string): Promise<TestStream> {
  const token = await mesh.token(tenant)
  const client: Client = createClient({
    url: socketUrl(mesh),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  const payloads: StreamPayload[] = []
  const done = new Promise<void>((resolve, reject) => {
    client.subscribe(
      { query },
      { next: (payload) => payloads.push(payload as StreamPayload), error: reject, complete: resolve },
    )
  })
  done.catch(() => {})
  return { payloads, done, close: () => void client.dispose() }
}

/** The sequences that a stream delivered of each key, in order of arrival. */
export function sequencesByKey(payloads: readonly StreamPayload[]): Map<string, number[]> {
  const sequences = new Map<string, number[]>()
  for (const { data } of payloads) {
    if (!data) continue
    const { shareClassId, sequence } = data.navUpdates
    sequences.set(shareClassId, [...(sequences.get(shareClassId) ?? []), sequence])
  }
  return sequences
}

/** Whether each sequence is the one before it plus one. */
export const isGapFree = (sequences: readonly number[]) =>
  sequences.every((value, index) => index === 0 || value === sequences[index - 1]! + 1)
