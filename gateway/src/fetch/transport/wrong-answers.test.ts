/** Generated answers of a subgraph; `FUZZ_RUNS=100000` for as many, `FUZZ_SEED` for others. */
import { createLogger } from '@fundmesh/platform/telemetry/log'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isErrorCode } from '../../errors/catalogue.ts'
import { type SubgraphAnswer, SubgraphFailure } from '../subgraph-client.ts'
import { NoReply, replyOf } from './exchange.ts'
import { openSubgraphs } from './open-subgraphs.ts'
import { ResponseReader, Unusual } from './pipelining/response-reader.ts'
import { readAnswer } from './read-answer.ts'
import { chunked, rawServer, requestsOf, response } from './testing.ts'

const runs = Number(process.env.FUZZ_RUNS ?? 1_000)
const seed = Number(process.env.FUZZ_SEED ?? 1)
const timeout = 240_000 + 20 * runs
console.info(`wrong answers: seed ${seed}, ${runs} runs`)

/** Must not be met outside of data and of messages that go no further. */
const secret = 'inner-secret-7f3a'

const value = fc.oneof(
  fc.jsonValue(),
  fc.constant(secret),
  fc.constantFrom(null, [], {}, [[]], '', 0, -0, 1e308, true),
  fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'toString', 'fund', ''), fc.jsonValue()),
)
const anError = fc.oneof(
  value,
  fc.record({ message: value, path: value, locations: value, extensions: value }, { requiredKeys: [] }),
  fc.record({
    message: fc.constant(secret),
    path: fc.array(fc.oneof(fc.string(), fc.integer(), fc.double(), value)),
    extensions: fc.record({ code: fc.oneof(fc.constantFrom('SERVICE_UNAVAILABLE', 'FORBIDDEN'), value), stack: value }),
  }),
)
const json = fc
  .oneof(
    value,
    fc.record({ data: value, errors: value, extensions: value }, { requiredKeys: [] }),
    fc.record(
      { data: fc.oneof(fc.object(), fc.constant(null)), errors: fc.array(anError) },
      { requiredKeys: ['data'] },
    ),
  )
  .map((generated) => JSON.stringify(generated))
const text = fc.oneof(
  { weight: 5, arbitrary: json },
  { weight: 1, arbitrary: fc.tuple(json, fc.nat()).map(([whole, at]) => whole.slice(0, at % (whole.length + 1))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', `<html>${secret}</html>`, '\uFEFF{"data":{}}', '{"data":{}}{"data":{}}', 'NaN'),
  },
  { weight: 1, arbitrary: fc.nat({ max: 3_000 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)
const status = fc.constantFrom(200, 200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 429, 500, 502, 503)

/** What was read is as the executor may take it, or a failure that says nothing of the text. */
function expectRead(read: () => SubgraphAnswer): void {
  let answer: SubgraphAnswer
  try {
    answer = read()
  } catch (error) {
    expect(error).toBeInstanceOf(SubgraphFailure)
    expect(isErrorCode((error as SubgraphFailure).code)).toBe(true)
    expect((error as SubgraphFailure).message).not.toContain(secret)
    return
  }
  const { data, errors } = answer
  expect(typeof data === 'object' && !Array.isArray(data)).toBe(true)
  expect(data !== null || errors.length > 0).toBe(true)
  for (const { message, path } of errors) {
    expect(typeof message).toBe('string')
    const steps = path ?? []
    expect(steps.every((step) => typeof step === 'string' || Number.isSafeInteger(step))).toBe(true)
  }
}

describe('whatever a subgraph answers', { timeout }, () => {
  it('is an answer that can be taken, or a failure that says nothing of it', () => {
    fc.assert(
      fc.property(status, text, (status, text) => {
        expectRead(() => readAnswer('fund', replyOf(status, text)))
      }),
      { numRuns: runs, seed },
    )
  })

  it('is read to an end, or found to be none, in whatever bytes it comes', () => {
    const cut = fc.array(fc.nat({ max: 2_000 }), { maxLength: 6 })
    const flips = fc.array(fc.tuple(fc.nat({ max: 2_000 }), fc.nat({ max: 255 })), { maxLength: 3 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(status, text, fc.boolean()), { minLength: 1, maxLength: 3 }),
        flips,
        cut,
        (said, flips, cut) => {
          const bytes = Buffer.from(
            said.map(([status, text, inChunks]) => (inChunks ? chunked(text || ' ') : response(text, status))).join(''),
          )
          for (const [at, byte] of flips) bytes[at % bytes.length] = byte
          let taken = 0
          const reader = new ResponseReader({
            expects: () => taken < said.length,
            take(read) {
              taken += 1
              if (!(read instanceof NoReply)) expectRead(() => readAnswer('fund', read))
            },
          })
          const points = [...new Set([0, ...cut.map((point) => point % bytes.length), bytes.length])].sort(
            (a, b) => a - b,
          )
          try {
            for (const [index, point] of points.slice(1).entries()) reader.read(bytes.subarray(points[index], point))
          } catch (error) {
            expect(error).toBeInstanceOf(Unusual)
          }
          expect(taken).toBeLessThanOrEqual(said.length)
        },
      ),
      { numRuns: runs, seed },
    )
  })

  it.each(['on', 'off'] as const)(
    'over the wire, pipelining %s, no process ends and the next is answered',
    async (pipelining) => {
      let said = ''
      const fine = '{"data":{"fund":null}}'
      const server = await rawServer((socket) =>
        requestsOf(socket, ({ body }) => {
          socket.write(body.includes('fine') ? response(fine) : said)
        }),
      )
      const lines: string[] = []
      const subgraphs = openSubgraphs({
        urls: new Map([['fund', server.url]]),
        timeoutMs: 20_000,
        pipelining,
        coalescing: true,
        halfOpenAfterMs: 0,
        log: createLogger('test', 'info', { write: (line) => void lines.push(line) }),
      })
      const client = subgraphs.clients.get('fund')!
      const ask = (query: string) =>
        client.ask({
          query,
          operationName: undefined,
          variables: {},
          passport: undefined,
          signal: new AbortController().signal,
        })
      await fc.assert(
        fc.asyncProperty(status, text, fc.boolean(), async (status, text, inChunks) => {
          said =
            status === 204
              ? 'HTTP/1.1 204 No Content\r\n\r\n'
              : inChunks
                ? chunked(text || ' ')
                : response(text, status)
          const answered = await ask('{ any }').then(
            (answer) => () => answer,
            (error) => () => {
              throw error
            },
          )
          expectRead(answered)
          // The circuit may be open for a moment.
          while (!(await ask('{ fine }').catch(() => undefined))) await new Promise(setImmediate)
        }),
        { numRuns: Math.ceil(runs / 5), seed },
      )
      expect(lines.join('')).not.toContain(secret)
      await subgraphs.close()
      await server.close()
    },
  )
})
