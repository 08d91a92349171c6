/** Changes rights between questions, with streams open: from the receipts on, all that is judged is judged by the new rights. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '@fundmesh/platform/testing/random'
import type { Judge } from './judge.ts'
import { type Changed, changes } from './ledger.ts'
import type { MarkedGraph } from './marked-graph.ts'
import { type HttpQuestion, http, openSocket } from './transports.ts'
import { type Asker, tenantId, type World } from './world.ts'

export interface Churned {
  readonly changes: readonly Changed[]
  readonly violations: readonly string[]
  /** Events that open streams got after the changes, and that were their readers' to get. */
  readonly ownEvents: number
}

const followed = `subscription { navUpdates { __typename ... on NavTick { shareClassId navPrice shareClass { id name } } } }`
/** Streams have got what was published when nothing has come for so long; what never comes is waited for no longer. */
const quietMs = 250
const patienceMs = 5_000

export async function churn(graph: MarkedGraph, world: World, judge: Judge, chance: Random): Promise<Churned> {
  const streams = await Promise.all(
    Array.from({ length: world.tenants }, async (_, tenant) => {
      const asker: Asker = { tenant, region: chance.pick([undefined, 'LU']) }
      const socket = await openSocket(graph.gateway, await graph.token(asker))
      const frames: string[] = []
      socket.follow({ query: followed }, (text) => frames.push(text))
      return { asker, socket, frames }
    }),
  )
  try {
    await untilQuiet(streams)
    const done: Changed[] = []
    for (let count = 3; count > 0; count--) {
      const changed = await chance.pick(changes)(graph, world, chance)
      if (changed) done.push(changed)
    }
    for (const changed of done) await untilKnown(graph, changed)
    const since = new Date()
    for (const { frames } of streams) frames.length = 0
    await graph.publishPrices()
    await untilQuiet(streams)
    const violations: string[] = []
    let ownEvents = 0
    for (const { asker, frames } of streams) {
      const text = frames.join('\n')
      const verdict = judge({
        asker,
        channel: 'STREAM',
        mayAnswer: true,
        sent: followed,
        operation: undefined,
        variables: {},
        text,
        moments: [since, new Date()],
      })
      ownEvents += verdict.ownMarks
      const said = done.map((one) => one.said).join(', ')
      violations.push(
        ...verdict.violations.map(
          (what) => `an open stream of ${tenantId(asker.tenant)} ${what} after: ${said}\n  ${text}`,
        ),
      )
    }
    return { changes: done, violations, ownEvents }
  } finally {
    for (const { socket } of streams) socket.close()
  }
}

/** Waits for the gateway's replica by a question that carries the receipt's token. */
async function untilKnown(graph: MarkedGraph, { tenant, consistencyToken }: Changed): Promise<void> {
  const question: HttpQuestion = {
    url: `${graph.gateway}/graphql`,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await graph.token({ tenant, region: undefined })}`,
      'x-fundmesh-consistency': consistencyToken,
    },
    body: JSON.stringify({ query: '{ __typename }' }),
  }
  // A gateway that has not heard of the change says so after a while; on a busy machine more than once.
  for (let turn = 1; ; turn++) {
    const reply = await http(question)
    if (reply.status === 200 && !reply.text.includes('CONSISTENCY_TIMEOUT')) return
    if (turn === 30) throw new Error(`expected an answer that knows of the change; got ${reply.text}`)
  }
}

async function untilQuiet(streams: readonly { readonly frames: readonly string[] }[]): Promise<void> {
  const count = () => streams.reduce((sum, { frames }) => sum + frames.length, 0)
  const began = Date.now()
  for (let before = 0, since = began; Date.now() - began < patienceMs; await sleep(25)) {
    if (count() !== before) [before, since] = [count(), Date.now()]
    else if (before > 0 && Date.now() - since >= quietMs) return
  }
}
