/**
 * Whether the time of an answer tells "exists, but is not yours" from "does not exist". A thousand pairs of requests, through
 * the whole graph over one connection, the two of a pair one after the other in random order. They can be told apart
 * where Wilcoxon's signed-rank test says so (p < 0.001) and the middle difference is one that a network would not swallow:
 * measured by what an answer takes, since a slow machine stretches both alike.
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
/** Of what an answer takes, but a tenth of a millisecond at least. */
const smallestShare = 0.03

/** Texts of one length each, so that no byte more is sent or hashed. */
const questions = [
  { field: 'fund', foreign: 'tsp:g-fund', missing: 'tsp:x-fund' },
  { field: 'shareClass', foreign: 'tsp:g-fund', missing: 'tsp:x-fund' },
  { field: 'portfolio', foreign: 'alder-growth', missing: 'alder-growtx' },
  { field: 'tenant', foreign: 'alder', missing: 'aldex' },
] as const

interface Timed extends Difference {
  /** Milliseconds that an answer takes. */
  readonly typical: number
}

const canBeTold = ({ p, median, typical }: Timed) =>
  p < alpha && Math.abs(median) >= Math.max(0.1, smallestShare * typical)

describe('the time of an answer', () => {
  let mesh: TestMesh
  let token: string
  let answerMs = 0
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
  async function difference(extraMs = 0): Promise<Timed> {
    const differences: number[] = []
    const answers: number[] = []
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
      if (pair < 0) continue
      differences.push(ofForeign - ofMissing)
      answers.push(ofMissing)
    }
    const typical = answers.sort((one, other) => one - other)[pairs >> 1]!
    return { ...signedRank(differences), typical }
  }
  const say = (what: string, { p, median, typical }: Timed) => {
    const figures = `middle difference ${(median * 1_000).toFixed(0)} µs of ${(typical * 1_000).toFixed(0)}`
    console.log(`${what}: ${pairs} pairs, ${figures}, p = ${p.toPrecision(2)}`)
  }

  it('is the same for what is another tenant’s and for what does not exist', { timeout: 900_000 }, async () => {
    const found = await difference()
    answerMs = found.typical
    say('foreign and missing', found)
    expect(canBeTold(found), JSON.stringify(found)).toBe(false)
  })

  it('would be told by a millisecond, or by what that is on a slower machine', { timeout: 900_000 }, async () => {
    const planted = Math.max(1, answerMs / 5)
    const found = await difference(planted)
    say(`foreign, with ${planted.toFixed(1)} ms planted, and missing`, found)
    expect(canBeTold(found), JSON.stringify(found)).toBe(true)
  })
})
