/**
 * What a tenant at its limit does to another's latency, through the real gateway: `npm run bench:budgets`. Method and
 * last figures: bench/README.md.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startMesh } from '@fundmesh/local/launcher/mesh'
import { DEFAULT_PORTS, type Ports } from '@fundmesh/local/launcher/ports'
import { freePort } from '@fundmesh/platform/testing/port'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 60)
/** Short, so that what else the machine does meets all three alike. */
const SLICE_MS = 1_500
const PAUSE_MS = 200
const WARMUP_MS = 6_000
/** Requests a second, sent by the clock whether or not answers come: a client that waits would hide the waiting. */
const VICTIM = {
  tenant: 'alder',
  rate: 40,
  query: '{ shareClass(id: "tsp:c-fund") { name currency fund { legalFundName } } }',
}
const NOISY = {
  tenant: 'birch',
  rate: 30,
  query: '{ shareClasses(first: 5) { nodes { id name nav { navPrice } } } }',
}
/** Asks as the noisy tenant does, and is answered. */
const PEER = { ...NOISY, tenant: 'cedar' }
/** Seconds in which the noisy tenant's budget pays its question once. */
const SECONDS_EACH = 1
/** Requests of one client that may be open at once; what comes due beyond them is counted, and not sent. */
const OPEN_AT_ONCE = 200
/** The ratio of p99 that is accepted. */
const BAR = 1.1

/** The victim and the peer meet no limit. */
const budgets = (noisy: number) => `
defaults:
  operationCost: 2_000_000
  tenant: { points: 1_000_000_000, seconds: 60 }
  client: { points: 1_000_000_000, seconds: 60 }
  streams: { open: 1_000, eventsPerSecond: 10_000 }
tenants:
  ${NOISY.tenant}: { tenant: { points: ${noisy}, seconds: ${SECONDS_EACH} } }
`

interface Load {
  readonly url: string
  readonly token: string
  readonly rate: number
  readonly query: string
}

interface Measured {
  readonly latencies: readonly number[]
  /** By HTTP status; 0: not answered. */
  readonly statuses: Readonly<Record<number, number>>
  readonly unsent: number
}

const agent = new Agent({ keepAlive: true, maxSockets: OPEN_AT_ONCE })

/** The status of an answer that has come to its end. */
const ask = ({ url, token, query }: Load) =>
  new Promise<number>((resolve) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const asked = request(`${url}/graphql`, { agent, method: 'POST', headers, timeout: 20_000 }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode!))
    })
    asked.once('timeout', () => asked.destroy()).once('error', () => resolve(0))
    asked.end(JSON.stringify({ query }))
  })

/** Sends requests by the clock until it is aborted, and waits for the last answers. */
async function send(load: Load, signal: AbortSignal): Promise<Measured> {
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  const open = new Set<Promise<void>>()
  let unsent = 0
  const began = performance.now()
  for (let sent = 0; !signal.aborted; sent++) {
    await sleep(Math.max(0, began + (sent * 1_000) / load.rate - performance.now()))
    if (signal.aborted) break
    if (open.size >= OPEN_AT_ONCE) {
      unsent++
      continue
    }
    const at = performance.now()
    const asking = ask(load).then((status) => {
      latencies.push(performance.now() - at)
      statuses[status] = (statuses[status] ?? 0) + 1
      open.delete(asking)
    })
    open.add(asking)
  }
  await Promise.all(open)
  return { latencies, statuses, unsent }
}

interface Client {
  /** Asks for so long. */
  slice(ms: number): Promise<Measured>
  end(): void
}

/** Each client is a process of its own, so that neither waits for the other's work. */
async function client(load: Load): Promise<Client> {
  const child = fork(fileURLToPath(import.meta.url), ['client'], { execArgv: process.execArgv })
  await once(child, 'message')
  child.send(load)
  return {
    async slice(ms) {
      const measured = once(child, 'message')
      child.send(ms)
      return (await measured)[0] as Measured
    },
    end: () => void child.kill(),
  }
}

async function beClient() {
  process.send!('ready')
  const [load] = (await once(process, 'message')) as [Load]
  process.on('message', async (ms: number) => process.send!(await send(load, AbortSignal.timeout(ms))))
}

/** Processor time that a process has had, in milliseconds. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

const quantile = (values: readonly number[], q: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))]!

interface Slice {
  readonly latencies: readonly number[]
  readonly statuses: Readonly<Record<number, number>>
  readonly gatewayMs: number
}

const p99 = (slices: readonly Slice[]) =>
  quantile(
    slices.flatMap(({ latencies }) => latencies),
    0.99,
  )

/** The ratio of two p99s, and between which 95 of 100 lie when the rounds are drawn anew (bootstrap). */
function ratioOf(beside: readonly Slice[], alone: readonly Slice[]): string {
  const draws = Array.from({ length: 400 }, () => {
    const rounds = beside.map(() => Math.floor(Math.random() * beside.length))
    return p99(rounds.map((round) => beside[round]!)) / p99(rounds.map((round) => alone[round]!))
  })
  const [low, high] = [quantile(draws, 0.025), quantile(draws, 0.975)]
  return `${(p99(beside) / p99(alone)).toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'fundmesh-bench-'))
  chmodSync(folder, 0o711)
  const file = join(folder, 'budgets.yaml')
  const ports = Object.fromEntries(
    await Promise.all(Object.keys(DEFAULT_PORTS).map(async (name) => [name, await freePort()] as const)),
  ) as Ports
  writeFileSync(file, budgets(1_000_000_000))
  const mesh = await startMesh({
    dataDir: folder,
    ports,
    redisUrl: process.env.REDIS_URL,
    topicPrefix: `bench-${process.pid}.`,
    marketDayMs: null,
    env: { gateway: { BUDGETS: file } },
  })
  const clients: Client[] = []
  try {
    const url = mesh.urls.gateway
    const estimate = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await mesh.token(NOISY.tenant)}` },
      body: JSON.stringify({ query: NOISY.query }),
    })
    const { extensions } = (await estimate.json()) as { extensions: { cost: { requested: number } } }
    writeFileSync(file, budgets(extensions.cost.requested))
    await mesh.restart('gateway')
    for (const { tenant, rate, query } of [VICTIM, NOISY, PEER])
      clients.push(await client({ url, rate, query, token: await mesh.token(tenant) }))
    const [victim, noisy, peer] = clients as [Client, Client, Client]

    const modes = {
      alone: undefined,
      'beside a tenant at its limit': noisy,
      'beside one that is answered': peer,
    }
    const slices = Object.keys(modes).map((name) => ({ name: name as keyof typeof modes, slices: [] as Slice[] }))
    await Promise.all(clients.map((each) => each.slice(WARMUP_MS)))
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, slices: kept } of slices.toSorted(() => Math.random() - 0.5)) {
        const before = processorMs(mesh.pid('gateway')!)
        const [{ latencies }, other] = await Promise.all([victim.slice(SLICE_MS), modes[name]?.slice(SLICE_MS)])
        const gatewayMs = processorMs(mesh.pid('gateway')!) - before
        kept.push({ latencies, statuses: other?.statuses ?? {}, gatewayMs })
        await sleep(PAUSE_MS)
      }
    }

    const [alone, ...beside] = slices as [(typeof slices)[number], ...typeof slices]
    const gatewayMs = (of: readonly Slice[]) => of.reduce((sum, slice) => sum + slice.gatewayMs, 0)
    console.log(
      `${ROUNDS} rounds of ${SLICE_MS / 1_000} s each; ms; ${alone.slices.flatMap(({ latencies }) => latencies).length} answers a row`,
    )
    console.log(
      '| the victim | p50 | p90 | p99 | ratio of p99 | other answered, refused | gateway, processor ms each |',
    )
    console.log('|---|---|---|---|---|---|---|')
    for (const { name, slices: own } of slices) {
      const latencies = own.flatMap((slice) => slice.latencies)
      const count = (status: number) => own.reduce((sum, { statuses }) => sum + (statuses[status] ?? 0), 0)
      const others = own.reduce((sum, { statuses }) => sum + Object.values(statuses).reduce((a, b) => a + b, 0), 0)
      const cells = [
        ...[0.5, 0.9, 0.99].map((q) => quantile(latencies, q).toFixed(1)),
        own === alone.slices ? '' : ratioOf(own, alone.slices),
        others === 0 ? '' : `${count(200)}, ${count(429)}`,
        others === 0 ? '' : ((gatewayMs(own) - gatewayMs(alone.slices)) / others).toFixed(2),
      ]
      console.log(`| ${name} | ${cells.join(' | ')} |`)
    }
    if (p99(beside[0]!.slices) / p99(alone.slices) >= BAR) process.exitCode = 1
  } finally {
    for (const each of clients) each.end()
    await mesh.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[2] === 'client') await beClient()
else await main()
