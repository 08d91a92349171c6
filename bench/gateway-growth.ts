/**
 * What an answer costs the gateway as it grows, as the operations that it remembers become many, and as time passes: the
 * query road over a subgraph that answers with JSON at once, in one process. `npm run bench:gateway-growth -- --minutes 10`
 */
import { parseArgs } from 'node:util'
import { openAccess } from '../gateway/src/access/testing.ts'
import { executor as openExecutor } from '../gateway/src/fetch/executor.ts'
import { queryRoad } from '../gateway/src/query.ts'
import { asking, caller, loaded, views } from './our-graph.ts'

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '0' }, rounds: { type: 'string', default: '7' } },
})
const rounds = Number(options.rounds)

/** A gateway whose subgraph has so many share classes. */
function gatewayOf(count: number): (query: string) => Promise<unknown> {
  const nodes = Array.from({ length: count }, (_, n) => ({ id: `tsp:class-${n}`, name: `Class ${n}`, currency: 'USD' }))
  const text = JSON.stringify({ data: { shareClasses: { nodes } } })
  const fund = { ask: async () => ({ errors: [], ...JSON.parse(text) }) }
  const executor = openExecutor({ loaded, views, clients: new Map([['fund', fund]]) })
  const road = queryRoad({ ...openAccess(loaded, views), planner: views.planner, executor })
  return async (query) => {
    const answer = await road(views.of(caller).understand({ method: 'POST', query }), asking)
    return String(answer.body)
  }
}

const median = (values: readonly number[]) => values.toSorted((one, other) => one - other)[values.length >> 1]!

/** CPU microseconds of an answer, the median of some rounds. Not the clock's: others use the machine. */
async function costOf(ask: (index: number) => Promise<unknown>, answers: number): Promise<number> {
  const costs: number[] = []
  for (let round = 0; round < rounds + 2; round += 1) {
    const started = process.cpuUsage()
    for (let index = 0; index < answers; index += 1) await ask(index)
    const { user, system } = process.cpuUsage(started)
    if (round >= 2) costs.push((user + system) / answers)
  }
  return median(costs)
}

const query = (n: number) => `query Q${n} { shareClasses(first: 1000) { nodes { id name currency } } }`

for (const count of [10, 100, 1_000, 10_000, 100_000]) {
  const ask = gatewayOf(count)
  const cost = await costOf(() => ask(query(0)), Math.max(3, 100_000 / count))
  console.log(`${count} objects: ${cost.toFixed(0)} µs an answer, ${((cost * 1000) / count).toFixed(0)} ns an object`)
}

const small = gatewayOf(1)
for (const known of [1, 10, 100, 1_000]) {
  const cost = await costOf((index) => small(query(index % known)), 5_000)
  console.log(`${known} operations known: ${cost.toFixed(1)} µs an answer`)
}

const end = Date.now() + Number(options.minutes) * 60_000
const ask = gatewayOf(100)
for (let next = Date.now(); Date.now() < end; ) {
  for (let index = 0; index < 1_000; index += 1) await ask(query(index % 2_000))
  if (Date.now() < next) continue
  next += Math.min(60_000, Number(options.minutes) * 6_000)
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  console.log(
    `${new Date().toISOString()}: heap ${(heapUsed / 2 ** 20).toFixed(1)} MiB, RSS ${(rss / 2 ** 20).toFixed(0)} MiB`,
  )
}
