/**
 * What auditing costs the gateway: the query road over answers that are there at once, with the audit and without, turn by
 * turn in one process; and what a stream's event costs to be gathered. Ratios of medians; `npm run bench:audit`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Event } from '@fundmesh/platform/events/codec'
import { openAccess } from '../gateway/src/access/testing.ts'
import { openAudit } from '../gateway/src/audit/audit.ts'
import { auditTrail } from '../gateway/src/audit/trail.ts'
import { withKeys } from '../gateway/src/audit/with-keys.ts'
import { executor as openExecutor } from '../gateway/src/fetch/executor.ts'
import { type QueryRoad, queryRoad } from '../gateway/src/query.ts'
import { asking, caller, loaded, log, views } from './our-graph.ts'

const rounds = 11

/** Share classes as the fund subgraph would answer; what is not asked for is left away by the executor. */
const shareClassesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => {
    const id = `tsp:class-${n}`
    return {
      __typename: 'ShareClass',
      id,
      _audit_key: id,
      name: `Class ${n}`,
      currency: 'USD',
      launchDate: '2003-06-02',
    }
  })

function roads(count: number, folder: string) {
  const nodes = shareClassesOf(count)
  const fund = { ask: async () => ({ data: { shareClasses: { nodes } }, errors: [] }) }
  const executor = openExecutor({
    loaded,
    views,
    clients: new Map([['fund', fund]]),
    sealPassport: async () => 'sealed',
  })
  const rooms = { ...openAccess(loaded, views), planner: views.planner, executor }
  const told = {
    schemaOf: (view: string) => views.graph(view).schema,
    resources: new Map([['ShareClass', { kind: 'SHARE_CLASS', key: 'id' }]] as const),
  }
  const nowhere = {
    ensureTopics: async () => {},
    producer: async () => ({ append: async () => {}, close: async () => {} }),
  }
  const audit = openAudit({ ...told, trail: auditTrail({ eventLog: nowhere, folder, log }) })
  return {
    without: queryRoad(rooms),
    audited: queryRoad({ ...rooms, permit: withKeys(rooms.permit, told), audit }),
    audit,
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** CPU microseconds of an answer, with so many at once as a busy gateway has. Not the clock's: others use the machine. */
async function cost(road: QueryRoad, query: string, answers: number): Promise<number> {
  const { understand } = views.of(caller)
  const started = process.cpuUsage()
  let begun = 0
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (begun++ < answers) {
        await road(understand({ method: 'POST', query }), asking)
        // As between two requests of a socket: the next comes in another turn.
        await new Promise((resolve) => setImmediate(resolve))
      }
    }),
  )
  const { user, system } = process.cpuUsage(started)
  return (user + system) / answers
}

async function compare(
  name: string,
  count: number,
  answers: number,
  fields = 'name currency launchDate',
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fundmesh-bench-'))
  const query = `{ shareClasses(first: 1000) { nodes { ${fields} } } }`
  const { without, audited, audit } = roads(count, folder)
  const results = { without: [] as number[], audited: [] as number[] }
  for (let round = 0; round < rounds + 2; round++) {
    for (const [which, road] of round % 2
      ? ([
          ['without', without],
          ['audited', audited],
        ] as const)
      : ([
          ['audited', audited],
          ['without', without],
        ] as const)) {
      const measured = await cost(road, query, answers)
      if (round >= 2) results[which].push(measured)
    }
  }
  await audit.close()
  rmSync(folder, { recursive: true, force: true })
  const [before, after] = [median(results.without), median(results.audited)]
  console.log(
    `${name}: ${before.toFixed(0)} µs without, ${after.toFixed(0)} µs with: ratio ${(after / before).toFixed(2)}`,
  )
}

async function stream(): Promise<void> {
  const query = 'subscription { navUpdates { ... on NavTick { navPrice sequence shareClass { name } } } }'
  const { audit } = roads(1, mkdtempSync(join(tmpdir(), 'fundmesh-bench-')))
  const { rightsOf, permit } = openAccess(loaded, views)
  const told = {
    schemaOf: (view: string) => views.graph(view).schema,
    resources: new Map([['ShareClass', { kind: 'SHARE_CLASS', key: 'id' }]] as const),
  }
  const operation = withKeys(permit, told)(
    asking,
    views.of(caller).understand({ method: 'POST', query }),
    rightsOf(caller, 'STREAM'),
  )
  const told100 = Array.from({ length: 100 }, (_, n) => `tsp:class-${n}`)
  const data = told100.map((id) => ({
    navUpdates: { _audit_type: 'NavUpdate', navPrice: '1', sequence: 1, shareClass: { name: 'a', _audit_key: id } },
  }))
  const events = told100.map((key) => ({ topic: 'asset-management.nav.intraday', key }) as Event)
  const told1 = audit.stream()
  told1.began(operation)
  const perEvent: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = process.cpuUsage()
    for (let n = 0; n < 100_000; n++) {
      told1.made(operation, data[n % 100])
      told1.sent(events[n % 100]!)
    }
    const { user, system } = process.cpuUsage(started)
    perEvent.push(((user + system) / 100_000) * 1e3)
  }
  told1.ended()
  await audit.close()
  console.log(`an event of a stream: ${median(perEvent).toFixed(0)} ns to be gathered`)
}

await compare('an answer of 1 share class', 1, 2_000)
await compare('an answer of 100 share classes', 100, 600)
await compare('an answer of 100 share classes with their ids', 100, 600, 'id name currency launchDate')
await compare('an answer of 1,000 share classes', 1_000, 80)
await stream()
