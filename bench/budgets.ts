/**
 * What a tenant at its limit does to another's latency, through the real gateway: `npm run bench:budgets`. Method and
 * last figures: bench/README.md.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startMesh } from '@fundmesh/local/launcher/mesh'
import { DEFAULT_PORTS, type Ports } from '@fundmesh/local/launcher/ports'
import { freePort } from '@fundmesh/platform/testing/port'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const PHASE_MS = 10_000
const WARMUP_MS = 4_000
/** Requests a second, sent by the clock whether or not answers come: a client that waits would hide the waiting. */
const VICTIM = {
  tenant: 'alder',
  rate: 20,
  query: '{ shareClass(id: "tsp:c-fund") { name currency fund { legalFundName } } }',
}
const NOISY = {
  tenant: 'birch',
  rate: 30,
  query: '{ shareClasses(first: 5) { nodes { id name nav { navPrice } } } }',
}
/** How often a second the noisy tenant's budget pays its question. */
const ALLOWED = 2
/** Requests of one client that may be open at once; what comes due beyond them is counted, and not sent. */
const OPEN_AT_ONCE = 200
/** The ratio of p99 that is accepted. */
const BAR = 1.1

/** The victim meets no limit. */
const budgets = (noisy: number) => `
defaults:
  operationCost: 2_000_000
  tenant: { points: 1_000_000_000, seconds: 60 }
  client: { points: 1_000_000_000, seconds: 60 }
  streams: { open: 1_000, eventsPerSecond: 10_000 }
tenants:
  ${NOISY.tenant}: { tenant: { points: ${noisy}, seconds: 1 } }
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

/** Sends requests by the clock until it is aborted, and waits for the last answers. */
async function load({ url, token, rate, query }: Load, signal: AbortSignal): Promise<Measured> {
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  const open = new Set<Promise<void>>()
  let unsent = 0
  const ask = async () => {
    const began = performance.now()
    let status = 0
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
        signal: AbortSignal.timeout(20_000),
      })
      await response.arrayBuffer()
      status = response.status
    } catch {}
    latencies.push(performance.now() - began)
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  const began = performance.now()
  for (let sent = 0; !signal.aborted; sent++) {
    await sleep(Math.max(0, began + (sent * 1_000) / rate - performance.now()))
    if (signal.aborted) break
    if (open.size >= OPEN_AT_ONCE) {
      unsent++
      continue
    }
    const asking = ask().finally(() => open.delete(asking))
    open.add(asking)
  }
  await Promise.all(open)
  return { latencies, statuses, unsent }
}

/** Each client is a process of its own, so that neither waits for the other's work. */
async function client(options: Load) {
  const child = fork(fileURLToPath(import.meta.url), ['client'], { execArgv: process.execArgv })
  await once(child, 'message')
  child.send(options)
  const measured = once(child, 'message').then(([result]) => result as Measured)
  return () => {
    child.send('stop')
    return measured
  }
}

async function beClient() {
  const stop = new AbortController()
  process.send!('ready')
  const [options] = (await once(process, 'message')) as [Load]
  process.once('message', () => stop.abort())
  process.send!(await load(options, stop.signal))
  process.disconnect()
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!
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
  try {
    const url = mesh.urls.gateway
    const tokens = { victim: await mesh.token(VICTIM.tenant), noisy: await mesh.token(NOISY.tenant) }
    const cost = async () => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.noisy}` },
        body: JSON.stringify({ query: NOISY.query }),
      })
      const { extensions } = (await response.json()) as { extensions: { cost: { requested: number } } }
      return extensions.cost.requested
    }
    const requested = await cost()

    const phase = async (noisy: boolean) => {
      const stopVictim = await client({ ...VICTIM, url, token: tokens.victim })
      const stopNoisy = noisy ? await client({ ...NOISY, url, token: tokens.noisy }) : undefined
      await sleep(PHASE_MS)
      const [victim, other] = await Promise.all([stopVictim(), stopNoisy?.()])
      return { p50: quantile(victim.latencies, 0.5), p99: quantile(victim.latencies, 0.99), victim, other }
    }
    const compare = async (what: string, points: number) => {
      writeFileSync(file, budgets(points))
      await mesh.restart('gateway')
      const warm = await client({ ...VICTIM, url, token: tokens.victim })
      await sleep(WARMUP_MS)
      await warm()
      const rounds: { alone: Awaited<ReturnType<typeof phase>>; beside: Awaited<ReturnType<typeof phase>> }[] = []
      for (let round = 1; round <= ROUNDS; round++) {
        // In turns, first one first and then the other: what else the machine does meets both alike.
        const first = await phase(round % 2 === 0)
        const second = await phase(round % 2 !== 0)
        const [alone, beside] = round % 2 === 0 ? [second, first] : [first, second]
        rounds.push({ alone, beside })
        console.log(
          `${what}, round ${round}: p99 alone ${alone.p99.toFixed(1)}, beside ${beside.p99.toFixed(1)} ms; noisy: ${JSON.stringify(beside.other!.statuses)}, unsent ${beside.other!.unsent}`,
        )
      }
      const median = (pick: (round: (typeof rounds)[number]) => number) => quantile(rounds.map(pick), 0.5)
      const ratio = median(({ alone, beside }) => beside.p99 / alone.p99)
      const cells = [
        median(({ alone }) => alone.p50),
        median(({ beside }) => beside.p50),
        median(({ alone }) => alone.p99),
        median(({ beside }) => beside.p99),
      ]
      return {
        what,
        ratio,
        line: `| ${what} | ${cells.map((cell) => cell.toFixed(1)).join(' | ')} | ${ratio.toFixed(2)} |`,
      }
    }

    const within = await compare('with budgets', ALLOWED * requested)
    const without = await compare('without', 1_000_000_000)
    console.log(
      `\n${ROUNDS} rounds of ${PHASE_MS / 1_000} s; medians, ms; the noisy question is estimated at ${requested} points`,
    )
    console.log('| | p50 alone | p50 beside | p99 alone | p99 beside | ratio of p99 |')
    console.log('|---|---|---|---|---|---|')
    for (const { line } of [within, without]) console.log(line)
    if (within.ratio >= BAR) process.exitCode = 1
  } finally {
    await mesh.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[2] === 'client') await beClient()
else await main()
