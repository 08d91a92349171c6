/**
 * Asks a marked graph random questions in every way that a client or an attacker can, and names each answer that holds what
 * its asker may not see. A seed and a number name a case: who asks, how, which document, with which variables. Only the
 * cursors of others are taken from answers before it, and stand in what a violation prints.
 */

import { type Random, random } from '@fundmesh/platform/testing/random'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { queryFields } from '../every-field.ts'
import { type Judge, judge } from './judge.ts'
import { type MarkedGraph, nobody } from './marked-graph.ts'
import { type CursorMemory, cursorMemory } from './memory.ts'
import { type Generated, operationGenerator, type Pools } from './operations.ts'
import { openSocket, type Reply, type Socket } from './transports.ts'
import { trustedDocuments } from './trusted-documents.ts'
import { bodyOf, type Materials, type Way, ways } from './ways.ts'
import { type Asker, fundId, isin, portfolioId, shareClassId, tenantId, type World } from './world.ts'

export interface Report {
  cases: number
  /** `<seed>/<number> <way> as <asker>: …`, with what was sent and answered. */
  readonly violations: string[]
  /** How many cases had been judged when the first violation was found. */
  firstAt: number | undefined
  /** Marks of the asker's own things that arrived: an isolation of nothing would be none. */
  ownMarks: number
  /** Coordinates that were asked for, and of those the ones whose answer had a value. */
  readonly asked: Set<string>
  readonly answered: Set<string>
  readonly byWay: Map<string, number>
}

export const emptyReport = (): Report => ({
  cases: 0,
  violations: [],
  firstAt: undefined,
  ownMarks: 0,
  asked: new Set(),
  answered: new Set(),
  byWay: new Map(),
})

export interface CaseOptions {
  readonly seed: number
  readonly from: number
  readonly count: number
  /** Stops at the first violation. */
  readonly untilFirst?: boolean
}

export interface CaseRunner {
  /** How many fields the queries of the tenants' view reach. */
  readonly fields: number
  readonly judge: Judge
  run(options: CaseOptions, report: Report): Promise<void>
  close(): void
}

/** Questions in flight at once: those of several tenants meet in caches and batches. */
const concurrency = 24
/** Documents that are asked again and again, by everybody: their plans are there. */
const hotDocuments = 600
/** How many of the others are asked for the first time. */
const freshShare = 0.04

export async function caseRunner(graph: MarkedGraph, world: World): Promise<CaseRunner> {
  const tokens = new Map<string, string>()
  const askers: Asker[] = []
  for (let tenant = 0; tenant < world.tenants; tenant++) {
    for (const region of [undefined, 'LU']) {
      askers.push({ tenant, region })
      tokens.set(nameOf({ tenant, region }), await graph.token({ tenant, region }))
    }
  }
  const tokenOf = (asker: Asker) => tokens.get(nameOf(asker))!
  const view = await schemaFor(graph, tokenOf(askers[0]!))
  const cursors = cursorMemory()
  const pools = poolsOf(world, cursors)
  const documents = trustedDocuments(pools)
  const sources = {
    tenants: operationGenerator(view, pools),
    inside: operationGenerator(await schemaFor(graph, await graph.operatorToken()), pools),
  }
  const hot = new Map<string, Generated>()
  const judged = judge({ world, view, cursors })

  const sockets = new Map<string, Promise<Socket>>()
  const socketOf = (asker: Asker) => {
    const open = sockets.get(nameOf(asker)) ?? openSocket(graph.gateway, tokenOf(asker))
    sockets.set(nameOf(asker), open)
    open.catch(() => sockets.delete(nameOf(asker)))
    return open
  }

  const operationOf = (way: Way, seed: number, number: number, chance: Random): Generated => {
    const kind =
      way.asks === 'subscription' ? 'subscription' : way.asks === 'inside' && chance.chance(0.3) ? 'mutation' : 'query'
    const generate = sources[way.asks === 'inside' ? 'inside' : 'tenants']
    if (chance.chance(freshShare)) return generate(kind, random(seed * 7_919 + number))
    const which = chance.below(kind === 'query' ? hotDocuments : hotDocuments / 10)
    const name = `${way.asks} ${kind} ${seed} ${which}`
    const known = hot.get(name) ?? generate(kind, random(seed * 104_729 + which))
    hot.set(name, known)
    return known
  }

  function makeCase(seed: number, number: number): { way: Way; materials: Materials; sent: string } {
    const chance = random(seed * 1_000_003 + number)
    const asker = chance.pick(askers)
    const way = pickWay(chance)
    const operation = operationOf(way, seed, number, chance)
    const foreign = chance.pick(askers.filter(({ tenant }) => tenant !== asker.tenant))
    const document = chance.pick(documents)
    const materials: Materials = {
      graph,
      chance,
      asker,
      token: tokenOf(asker),
      operation,
      variables: (way.asks === 'document' ? document : operation).draw(chance, asker),
      foreign,
      foreignToken: tokenOf(foreign),
      document,
      socket: () => socketOf(asker),
    }
    return { way, materials, sent: way.asks === 'document' ? JSON.stringify(materials.variables) : bodyOf(materials) }
  }

  async function runOne(seed: number, number: number, report: Report): Promise<void> {
    const { way, materials, sent } = makeCase(seed, number)
    const { asker, operation, variables } = materials
    const began = new Date()
    const reply = await way.ask(materials).catch((error): Reply => ({ status: 0, text: String(error) }))
    const mayAnswer = way.mayAnswer(materials)
    const verdict = judged({
      asker,
      channel: way.channel,
      mayAnswer,
      sent,
      operation: way.asks === 'document' ? undefined : operation,
      variables,
      text: reply.text,
      moments: [began, new Date()],
    })
    report.cases += 1
    report.byWay.set(way.name, (report.byWay.get(way.name) ?? 0) + 1)
    report.ownMarks += verdict.ownMarks
    if (mayAnswer && way.asks === 'query')
      for (const coordinate of operation.coordinates.values()) report.asked.add(coordinate)
    for (const coordinate of verdict.answered) report.answered.add(coordinate)
    for (const what of verdict.violations) {
      report.firstAt ??= report.cases
      report.violations.push(
        `${seed}/${number} ${way.name} as ${nameOf(asker)} ${what}\n  ${sent}\n  ${reply.text.slice(0, 2_000)}`,
      )
    }
  }

  return {
    fields: queryFields(view).size,
    judge: judged,
    async run({ seed, from, count, untilFirst = false }, report) {
      let next = from
      const worker = async () => {
        while (next < from + count && !(untilFirst && report.violations.length > 0)) await runOne(seed, next++, report)
      }
      await Promise.all(Array.from({ length: concurrency }, worker))
    },
    close() {
      for (const socket of sockets.values())
        socket.then(
          (open) => open.close(),
          () => {},
        )
    },
  }
}

export const nameOf = ({ tenant, region }: Asker) => `${tenantId(tenant)}@${region ?? 'anywhere'}`

const allWeights = ways.reduce((sum, { weight }) => sum + weight, 0)

function pickWay(chance: Random): Way {
  let left = (chance.below(1_000_000) / 1_000_000) * allWeights
  return ways.find(({ weight }) => {
    left -= weight
    return left < 0
  })!
}

/** Values for arguments: things of one's own, of others and of nobody. */
function poolsOf(world: World, cursors: CursorMemory): Pools {
  const anyFund = (chance: Random) => (chance.chance(0.05) ? nobody : fundId(chance.below(world.funds)))
  const anyClass = (chance: Random) => (chance.chance(0.05) ? nobody : shareClassId(chance.below(world.fundOf.length)))
  const ownOf = (chance: Random, asker: Asker | undefined) => {
    if (asker === undefined || chance.chance(0.5)) return undefined
    const own = world.grants.filter(({ tenant, state }) => tenant === asker.tenant && state === 'IN_FORCE')
    return own.length > 0 ? chance.pick(own).resource : undefined
  }
  const day = (chance: Random) => new Date(Date.now() - chance.below(30) * 86_400_000).toISOString().slice(0, 10)
  const values: Readonly<Record<string, (coordinate: string, chance: Random, asker: Asker | undefined) => unknown>> = {
    ID: (coordinate, chance, asker) => {
      const tenant = asker !== undefined && chance.chance(0.5) ? asker.tenant : chance.below(world.tenants)
      if (/tenant/i.test(coordinate)) return tenantId(tenant)
      if (/portfolio/i.test(coordinate)) return portfolioId(tenant)
      if (/grantId/.test(coordinate)) return chance.pick(world.grants).id
      const own = ownOf(chance, asker)
      if (/fund\b|fundId|resourceId/i.test(coordinate) && chance.chance(0.9))
        return own ? fundId(own.kind === 'FUND' ? own.number : world.fundOf[own.number]!) : anyFund(chance)
      return own ? shareClassId(own.kind === 'FUND' ? world.fundOf.indexOf(own.number) : own.number) : anyClass(chance)
    },
    Cursor: (coordinate, chance) =>
      (chance.chance(0.9) ? cursors.of(coordinate.replace(/\.after$/, ''), chance) : undefined) ?? 'AAAA',
    Int: (coordinate, chance) => {
      if (coordinate.endsWith('.first')) return 1 + chance.below(3)
      return /Year|from$|to$/i.test(coordinate) ? new Date().getUTCFullYear() - chance.below(2) : 1 + chance.below(8)
    },
    Date: (_, chance) => day(chance),
    DateTime: (_, chance) => `${day(chance)}T12:00:00.000Z`,
    Boolean: (_, chance) => chance.chance(0.5),
    Float: () => 0.95,
    Fraction: () => '0.95',
    Decimal: () => '0.95',
    Currency: () => 'USD',
    CountryCode: () => 'LU',
    ISIN: (_, chance) => isin(chance.below(world.fundOf.length)),
    LEI: () => '5493001KJTIIGC8Y1R12',
    String: () => 'marked-navs',
  }
  return (coordinate, type, chance, asker) => {
    const value = values[type]
    if (!value) throw new Error(`${coordinate}: expected a type whose values are known; got ${type}`)
    return value(coordinate, chance, asker)
  }
}

async function schemaFor(graph: MarkedGraph, token: string): Promise<GraphQLSchema> {
  const response = await fetch(`${graph.gateway}/schema.graphql`, { headers: { authorization: `Bearer ${token}` } })
  return buildSchema(await response.text())
}
