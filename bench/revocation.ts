/**
 * How long a revocation takes to be in force everywhere, on a whole graph with 1,000 open streams: `npm run
 * bench:revocation`. Method and last figures: bench/README.md.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Mesh, startMesh } from '@fundmesh/local/launcher/mesh'
import { DEFAULT_PORTS, type Ports } from '@fundmesh/local/launcher/ports'
import { freePort } from '@fundmesh/platform/testing/port'
import { WebSocket } from 'ws'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 20)
/** Streams of the tenant that loses its right, opened anew in each round. */
const LOSING = 700
/** Streams of other tenants, open all the time. */
const KEEPING = { alder: 100, birch: 100, cedar: 100 }
const STREAMS_PER_SOCKET = 10
const MARKET_DAY_MS = 1_000
/** For a round: opening the streams, and the revocation. */
const LIMIT_MS = 60_000
/** How long is waited for frames after the end, in each round. */
const AFTER_MS = 1_000

const LOSER = 'dogwood'
const LOST = 'tsp:s-fund'

/** One stream as its client sees it; times of performance.now. */
interface Stream {
  frames: number
  endedAt?: number
  code?: string
  framesAfterEnd: number
}

/** Opens streams over as many sockets as they need, and resolves when each has its first frame. */
async function openStreams(mesh: Mesh, tenant: string, query: string, count: number) {
  const authorization = `Bearer ${await mesh.token(tenant)}`
  const streams: Stream[] = []
  const sockets: WebSocket[] = []
  for (let first = 0; first < count; first += STREAMS_PER_SOCKET) {
    const own = Array.from({ length: Math.min(STREAMS_PER_SOCKET, count - first) }, (): Stream => {
      return { frames: 0, framesAfterEnd: 0 }
    })
    streams.push(...own)
    const socket = new WebSocket(`${mesh.urls.gateway.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    sockets.push(socket)
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })))
    socket.on('message', (data) => {
      const now = performance.now()
      const { type, id, payload } = JSON.parse(String(data))
      if (type === 'connection_ack') {
        for (const place of own.keys()) {
          socket.send(JSON.stringify({ id: `${place}`, type: 'subscribe', payload: { query } }))
        }
      }
      const stream = own[Number(id)]
      if (!stream || (type !== 'next' && type !== 'error')) return
      if (stream.endedAt !== undefined) stream.framesAfterEnd++
      const errors = type === 'error' ? payload : payload.errors
      if (errors) {
        stream.endedAt ??= now
        stream.code ??= errors[0].extensions.code
      } else stream.frames++
    })
  }
  await until(() => streams.every(({ frames, endedAt }) => frames > 0 || endedAt !== undefined), 'streams to begin')
  return { streams, close: () => sockets.forEach((socket) => void socket.close()) }
}

async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`waited ${LIMIT_MS} ms for ${what}`)
    await sleep(2)
  }
}

async function ask(mesh: Mesh, token: string, query: string): Promise<{ data: never; errors?: unknown }> {
  const response = await fetch(`${mesh.urls.gateway}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  })
  return response.json() as never
}

const streamOf = (id: string) =>
  `subscription { navUpdates(shareClassIds: ["${id}"]) { ... on NavTick { shareClassId sequence navPrice } } }`
/** Its plan, and the rates behind the conversion, are cached by the time of the revocation. */
const cached = `{ shareClass(id: "${LOST}") { nav { navPrice } returns(periods: [YTD], currency: "EUR") { cumulative } } }`

const quantile = (values: readonly number[], q: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))]!
const figures = (values: readonly number[]) =>
  [0.5, 0.99, 1].map((q) => `${Math.round(quantile(values, q))}`.padStart(6)).join('')

const dataDir = mkdtempSync(join(tmpdir(), 'fundmesh-bench-'))
chmodSync(dataDir, 0o711)
const ports = Object.fromEntries(
  await Promise.all(Object.keys(DEFAULT_PORTS).map(async (name) => [name, await freePort()] as const)),
) as Ports
const mesh = await startMesh({
  dataDir,
  ports,
  kafkaBrokers: process.env.KAFKA_BROKERS,
  redisUrl: process.env.REDIS_URL,
  topicPrefix: `bench-${process.pid}.`,
  marketDayMs: MARKET_DAY_MS,
})
try {
  const house = await mesh.token('house', 'entitlement:admin')
  const loser = await mesh.token(LOSER)
  const keeping = await Promise.all(
    Object.entries(KEEPING).map(([tenant, count]) =>
      openStreams(mesh, tenant, streamOf(tenant === 'birch' ? 'tsp:l-income' : 'tsp:c-fund'), count),
    ),
  )
  const administer = async (mutation: string) => {
    const { data, errors } = await ask(mesh, house, `mutation { change: ${mutation} { grant { id } } }`)
    if (errors) throw new Error(JSON.stringify(errors))
    return (data as { change: { grant: { id: string } } }).change.grant.id
  }
  const sees = async () =>
    (await ask(mesh, loser, cached).then(({ data }) => data as { shareClass: unknown })).shareClass !== null

  const samples = { mutation: [], closed: [], closedAfterAnswer: [], empty: [] } as Record<string, number[]>
  let framesAfterEnd = 0
  const otherEnds = new Map<string, number>()
  for (let round = 1; round <= ROUNDS; round++) {
    const grantId = await administer(
      `grant(input: { tenantId: "${LOSER}", resourceKind: SHARE_CLASS, resourceId: "${LOST}" })`,
    )
    while (!(await sees())) await sleep(20)
    const losing = await openStreams(mesh, LOSER, streamOf(LOST), LOSING)
    await sleep(MARKET_DAY_MS)

    const started = performance.now()
    await administer(`revoke(grantId: "${grantId}", reason: "bench")`)
    const answered = performance.now()
    while (await sees()) await sleep(1)
    const empty = performance.now()
    await until(() => losing.streams.every(({ endedAt }) => endedAt !== undefined), 'streams to end')
    await sleep(AFTER_MS)
    losing.close()

    samples.mutation!.push(answered - started)
    samples.empty!.push(empty - answered)
    for (const { endedAt, code = 'none', framesAfterEnd: after } of losing.streams) {
      samples.closed!.push(endedAt! - started)
      samples.closedAfterAnswer!.push(Math.max(0, endedAt! - answered))
      framesAfterEnd += after
      if (code !== 'ENTITLEMENT_REVOKED') otherEnds.set(code, (otherEnds.get(code) ?? 0) + 1)
    }
    console.log(
      `round ${round}: last stream closed ${Math.round(Math.max(...samples.closed!.slice(-LOSING)))} ms after the start`,
    )
  }
  const others = keeping.flatMap(({ streams }) => streams)
  for (const { close } of keeping) close()

  const open = LOSING + others.length
  console.log(`\n${ROUNDS} revocations, ${open} streams open (${LOSING} of the tenant), ms: p50, p99, max`)
  console.log(`the mutation's own answer                        ${figures(samples.mutation!)}`)
  console.log(`stream closed, from the mutation's start         ${figures(samples.closed!)}`)
  console.log(`stream closed, from the mutation's answer        ${figures(samples.closedAfterAnswer!)}`)
  console.log(`next query empty (cached plan and rates), answer ${figures(samples.empty!)}`)
  console.log(`frames after a close: ${framesAfterEnd}; ends for another reason: ${JSON.stringify([...otherEnds])}`)
  console.log(`streams of others that ended: ${others.filter(({ endedAt }) => endedAt !== undefined).length}`)
  if (quantile(samples.closed!, 0.99) >= 2_000 || framesAfterEnd > 0) process.exitCode = 1
} finally {
  await mesh.close()
  rmSync(dataDir, { recursive: true, force: true })
}
