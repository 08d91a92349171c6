/**
 * Whether the time of an answer tells "exists, but is not yours" from "does not exist". A thousand pairs of requests, through
 * the whole graph over one connection, the two of a pair one after the other in random order. They can be told apart
 * where Wilcoxon's signed-rank test says so (p < 0.001) and the middle difference is one that a network would not swallow.
 */
import { randomInt } from 'node:crypto'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestMesh, testMesh } from '../mesh.ts'
import { type Difference, signedRank } from './paired-differences.ts'

const pairs = 1_000
/** Of each of a pair the fastest of so many counts: what a busy machine adds is seldom added every time. */
const turns = 3
const alpha = 0.001
/** Milliseconds. */
const smallest = 0.1

/** Texts of one length each, so that no byte more is sent or hashed. */
const questions = [
  { field: 'fund', foreign: 'tsp:g-fund', missing: 'tsp:x-fund' },
  { field: 'shareClass', foreign: 'tsp:g-fund', missing: 'tsp:x-fund' },
  { field: 'portfolio', foreign: 'alder-growth', missing: 'alder-growtx' },
  { field: 'tenant', foreign: 'alder', missing: 'aldex' },
] as const

const canBeTold = ({ p, median }: Difference) => p < alpha && Math.abs(median) >= smallest

describe('the time of an answer', () => {
  let mesh: TestMesh
  let token: string
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  beforeAll(async () => {
    mesh = await testMesh()
    token = await mesh.token('cedar')
  })
  afterAll(async () => {
    agent.destroy()
    await mesh?.close()
  })

  /** Milliseconds from the question to the last byte of its answer. */
  const timed = (field: string, id: string, extraMs = 0) =>
    new Promise<number>((resolve, reject) => {
      const began = performance.now()
      const asked = request(
        `${mesh.urls.gateway}/graphql`,
        { agent, method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } },
        (response) => {
          response.resume().once('end', () => {
            const until = performance.now() + extraMs
            while (performance.now() < until);
            resolve(performance.now() - began)
          })
        },
      )
      asked.once('error', reject)
      asked.end(JSON.stringify({ query: `query ($id: ID!) { ${field}(id: $id) { id } }`, variables: { id } }))
    })

  /** What a foreign thing takes longer than one that is not there. */
  async function difference(extraMs = 0): Promise<Difference> {
    const differences: number[] = []
    for (let pair = -100; pair < pairs; pair++) {
      const { field, foreign, missing } = questions[Math.abs(pair) % questions.length]!
      let [ofForeign, ofMissing] = [Infinity, Infinity]
      for (let turn = 0; turn < turns; turn++) {
        const foreignFirst = randomInt(2) === 0
        if (foreignFirst) ofForeign = Math.min(ofForeign, await timed(field, foreign, extraMs))
        ofMissing = Math.min(ofMissing, await timed(field, missing))
        if (!foreignFirst) ofForeign = Math.min(ofForeign, await timed(field, foreign, extraMs))
      }
      // The first ones compile and fill caches.
      if (pair >= 0) differences.push(ofForeign - ofMissing)
    }
    return signedRank(differences)
  }
  const say = (what: string, { p, median }: Difference) =>
    console.log(`${what}: ${pairs} pairs, middle difference ${(median * 1_000).toFixed(0)} µs, p = ${p.toPrecision(2)}`)

  it('is the same for what is another tenant’s and for what does not exist', { timeout: 300_000 }, async () => {
    const found = await difference()
    say('foreign and missing', found)
    expect(canBeTold(found), JSON.stringify(found)).toBe(false)
  })

  it('would be told by a millisecond', { timeout: 300_000 }, async () => {
    const found = await difference(1)
    say('foreign, with a planted millisecond, and missing', found)
    expect(canBeTold(found), JSON.stringify(found)).toBe(true)
  })
})
