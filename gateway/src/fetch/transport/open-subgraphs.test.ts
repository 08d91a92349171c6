import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { afterEach, describe, expect, it } from 'vitest'
import { setDeadline } from '../deadline.ts'
import type { SubgraphRequest } from '../subgraph-client.ts'
import { openSubgraphs, type Subgraphs } from './open-subgraphs.ts'
import { chunked, type Heard, type RawServer, rawServer, requestsOf, response } from './testing.ts'

/** What a subgraph does with a request: says the bytes, or something of its own. */
type Behaviour = (request: Heard, socket: import('node:net').Socket) => string | undefined

const opened: { subgraphs: Subgraphs; server: RawServer }[] = []
afterEach(async () => {
  for (const { subgraphs, server } of opened.splice(0)) {
    await subgraphs.close()
    await server.close()
  }
})

async function subgraph(
  behave: Behaviour,
  options: { timeoutMs?: number; coalescing?: boolean; halfOpenAfterMs?: number } = {},
) {
  const heard: Heard[] = []
  const lines: string[] = []
  const server = await rawServer((socket) =>
    requestsOf(socket, (request) => {
      heard.push(request)
      const said = behave(request, socket)
      if (said !== undefined) socket.write(said)
    }),
  )
  const subgraphs = openSubgraphs({
    urls: new Map([['fund', server.url]]),
    timeoutMs: 20_000,
    pipelining: 'off',
    coalescing: true,
    log: createLogger('test', 'info', { write: (line) => void lines.push(line) }),
    ...options,
  })
  opened.push({ subgraphs, server })
  const client = subgraphs.clients.get('fund')!
  return {
    heard,
    server,
    records: () => lines.map((line) => JSON.parse(line)),
    ask: (asked: Partial<SubgraphRequest> = {}) =>
      client.ask({
        query: '{ fund { id } }',
        operationName: undefined,
        variables: {},
        passport: 'sealed',
        signal: new AbortController().signal,
        ...asked,
      }),
  }
}

const fine = response('{"data":{"fund":null}}')
const never = () => undefined
const unavailable = { code: 'SUBGRAPH_UNAVAILABLE' }
const invalid = { code: 'SUBGRAPH_INVALID_RESPONSE' }

describe('a fetch from a subgraph', () => {
  it('carries the document, the variables, the event and the passport', async () => {
    const { ask, heard } = await subgraph(() => fine)
    await ask({
      query: 'subscription Q { fund { id } }',
      operationName: 'Q',
      variables: { a: 'ü' },
      event: { fund: { id: '1' } },
    })
    expect(JSON.parse(Buffer.from(heard[0]!.body, 'latin1').toString())).toEqual({
      query: 'subscription Q { fund { id } }',
      operationName: 'Q',
      variables: { a: 'ü' },
      extensions: { event: { fund: { id: '1' } } },
    })
    expect(heard[0]!.head).toContain('x-fundmesh-passport: sealed')
  })

  it('says nothing of who asks where there is no passport', async () => {
    const { ask, heard } = await subgraph(() => fine)
    await ask({ passport: undefined })
    expect(heard[0]!.head).not.toContain('passport')
  })

  it("leaves nothing behind on the asker's signal, which may live as long as a stream", async () => {
    const { ask } = await subgraph(() => fine)
    const asker = new AbortController()
    for (let turn = 0; turn < 3; turn++)
      expect(await ask({ signal: asker.signal, flight: turn === 1 ? 'shared' : undefined })).toMatchObject({
        data: { fund: null },
      })
    expect(getEventListeners(asker.signal, 'abort')).toEqual([])
    const dependants = Object.getOwnPropertySymbols(asker.signal).find(
      ({ description }) => description === 'kDependantSignals',
    )
    expect(dependants && (asker.signal as unknown as Record<symbol, Set<unknown>>)[dependants]?.size).toBeFalsy()
  })

  it('ends when its time is over', async () => {
    const { ask } = await subgraph(never, { timeoutMs: 50 })
    await expect(ask()).rejects.toMatchObject({ code: 'SUBGRAPH_TIMEOUT' })
  })

  it('ends when its time is over though something comes all the while', async () => {
    const { ask } = await subgraph(
      (_, socket) => {
        const drip = setInterval(() => socket.write(' '), 5)
        socket.on('close', () => clearInterval(drip))
        return 'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'
      },
      { timeoutMs: 100 },
    )
    await expect(ask()).rejects.toMatchObject({ code: 'SUBGRAPH_TIMEOUT' })
  })

  it('ends with whoever asks, and lets go of its connection', async () => {
    const { ask, server, heard } = await subgraph(never)
    const asker = new AbortController()
    const asked = ask({ signal: asker.signal })
    while (heard.length === 0) await sleep(1)
    asker.abort()
    await expect(asked).rejects.toMatchObject(unavailable)
    await expect(ask({ signal: asker.signal })).rejects.toMatchObject(unavailable)
    while (server.sockets.size > 0) await sleep(1)
    expect(heard).toHaveLength(1)
  })

  it("is too late when the whole request's time is over, also for what is asked then", async () => {
    const { ask, heard } = await subgraph(never)
    const asker = new AbortController()
    setDeadline(asker.signal, 50)
    const others = ask({ flight: 'a' })
    others.catch(() => {})
    await expect(ask({ signal: asker.signal, flight: 'a' })).rejects.toMatchObject({ code: 'SUBGRAPH_TIMEOUT' })
    await expect(ask({ signal: asker.signal })).rejects.toMatchObject({ code: 'SUBGRAPH_TIMEOUT' })
    expect(heard.length).toBeLessThanOrEqual(1)
    expect(getEventListeners(asker.signal, 'abort')).toEqual([])
  })
})

describe('a subgraph that answers wrongly', () => {
  const secret = 'inner-secret'
  it.each<[string, string, object]>([
    ['HTML', response(`<html>${secret}</html>`), invalid],
    ['half a JSON', response(`{"data":{"fund":"${secret}`), invalid],
    ['nothing', response(''), invalid],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', invalid],
    ['a number', response('42'), invalid],
    ['null', response('null'), invalid],
    ['a list', response('[{"data":{}}]'), invalid],
    ['data that is a list', response('{"data":[]}'), invalid],
    ['data that is a text', response(`{"data":"${secret}"}`), invalid],
    ['errors that are none', response(`{"data":null,"errors":"${secret}"}`), invalid],
    ['neither data nor errors', response('{"extensions":{}}'), invalid],
    ['401', response('{"errors":[{"message":"passport"}]}', 401), unavailable],
    ['500 in GraphQL', response(`{"errors":[{"message":"${secret}"}]}`, 500), unavailable],
    ['500 in HTML', response(`<h1>${secret}</h1>`, 500), unavailable],
    ['503 without a body', response('', 503), unavailable],
    ['a redirect', response('{"data":{}}', 302, 'location: http://127.0.0.1:9/\r\n'), invalid],
    ['an encoding that was not asked for', response('\x1f\x8b', 200, 'content-encoding: gzip\r\n'), invalid],
    ['no HTTP', `${secret}\r\n\r\n`, invalid],
  ])('gives no answer with %s, and nothing of its text goes on', async (_, bytes, failure) => {
    const { ask, records } = await subgraph(() => bytes)
    const failed = await ask().catch((error) => error)
    expect(failed).toMatchObject({ name: 'SubgraphFailure', ...failure })
    expect(JSON.stringify([failed.message, records()])).not.toContain(secret)
  })

  it.each([
    ['text/plain', response('{"data":{"fund":null}}', 200, 'content-type: text/plain\r\n')],
    ['a byte order mark', response('\uFEFF{"data":{"fund":null}}')],
    ['chunks', chunked('{"dat', 'a":{"fund":n', 'ull}}')],
  ])('is understood with %s', async (_, bytes) => {
    const { ask } = await subgraph(() => bytes)
    expect(await ask()).toMatchObject({ data: { fund: null }, errors: [] })
  })

  it('keeps the data beside errors of any form', async () => {
    const errors = [
      null,
      7,
      {},
      { path: 'fund' },
      { path: [{}] },
      { message: [] },
      { message: 'm', path: ['fund', 0], extensions: { code: 'X' } },
    ]
    const { ask } = await subgraph(() => response(JSON.stringify({ data: { fund: 1 }, errors })))
    const none = { message: '', code: undefined, path: undefined }
    expect(await ask()).toMatchObject({
      data: { fund: 1 },
      errors: [none, none, none, none, none, none, { message: 'm', code: 'X', path: ['fund', 0] }],
    })
  })

  it('is read up to 32 MiB, said or not, and no further', async () => {
    const large = 'x'.repeat(21 * 1024 * 1024)
    const { ask } = await subgraph(({ body }, socket) => {
      if (body.includes('large')) return response(JSON.stringify({ data: { fund: large } }))
      if (body.includes('said')) return `HTTP/1.1 200 OK\r\ncontent-length: ${64 * 1024 * 1024}\r\n\r\n{`
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
      const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`
      const more = () => {
        while (!socket.destroyed && socket.write(chunk));
      }
      socket.on('drain', more)
      more()
      return undefined
    })
    expect((await ask({ query: '{ large }' })).data).toEqual({ fund: large })
    await expect(ask({ query: '{ said }' })).rejects.toMatchObject(invalid)
    await expect(ask({ query: '{ unsaid }' })).rejects.toMatchObject(invalid)
  })
})

describe('what was lost', () => {
  const dies = (times: number, answer = fine): Behaviour => {
    let left = times
    return (_, socket) => {
      if (left-- <= 0) return answer
      socket.resetAndDestroy()
      return undefined
    }
  }

  it('is asked once more where it only reads', async () => {
    const { ask, heard } = await subgraph(dies(1))
    expect(await ask()).toMatchObject({ data: { fund: null } })
    expect(heard).toHaveLength(2)
  })

  it('is asked once more and not twice', async () => {
    const { ask, heard } = await subgraph(dies(9))
    await expect(ask()).rejects.toMatchObject(unavailable)
    expect(heard).toHaveLength(2)
  })

  it.each(['mutation { rename }', 'fragment F on Q { a } mutation { rename }'])(
    'is never asked again: %s',
    async (query) => {
      const { ask, heard } = await subgraph(dies(1))
      await expect(ask({ query })).rejects.toMatchObject(unavailable)
      expect(heard).toHaveLength(1)
    },
  )

  it.each([502, 503])('is asked once more after %i without GraphQL', async (status) => {
    let first = true
    const { ask } = await subgraph(() => {
      if (!first) return fine
      first = false
      return response('<h1>starting</h1>', status)
    })
    expect(await ask()).toMatchObject({ data: { fund: null } })
  })

  it('is not asked again after a refusal in GraphQL', async () => {
    const refusal = '{"errors":[{"message":"","extensions":{"code":"SERVICE_UNAVAILABLE"}}]}'
    const { ask, heard } = await subgraph(() => response(refusal, 503))
    await expect(ask()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(heard).toHaveLength(1)
  })
})

describe('the circuit of a subgraph', () => {
  it('opens when it fails, is not asked then, and closes when it answers again: each said once', async () => {
    let well = false
    const { ask, heard, records } = await subgraph(() => (well ? fine : response('down', 500)), { halfOpenAfterMs: 30 })
    for (let turn = 0; turn < 10; turn++) await expect(ask()).rejects.toMatchObject(unavailable)
    const before = heard.length
    await expect(ask()).rejects.toMatchObject({ ...unavailable, message: 'fund: its circuit is open' })
    expect(heard).toHaveLength(before)
    well = true
    while (!(await ask().catch(() => undefined))) await sleep(5)
    for (let turn = 0; turn < 12; turn++) await ask()
    expect(
      records()
        .filter(({ msg }) => msg.includes('circuit'))
        .map(({ level }) => level),
    ).toEqual(['error', 'info'])
  })

  it('stays closed for errors of GraphQL, whatever their status, and for askers who leave', async () => {
    const error = '{"errors":[{"message":"m"}]}'
    const { ask } = await subgraph(({ body }) =>
      body.includes('never')
        ? undefined
        : response(body.includes('fails') ? error : '{"data":{}}', body.includes('fails') ? 500 : 200),
    )
    for (let turn = 0; turn < 30; turn++) await expect(ask({ query: '{ fails }' })).rejects.toMatchObject(unavailable)
    for (let turn = 0; turn < 30; turn++) {
      const asker = new AbortController()
      const asked = ask({ query: '{ never }', signal: asker.signal })
      asker.abort()
      await expect(asked).rejects.toMatchObject(unavailable)
    }
    expect(await ask()).toMatchObject({ data: {} })
  })
})

describe('equal questions under way', () => {
  /** A subgraph that answers when it is told to. */
  async function held() {
    const waiting: (() => void)[] = []
    const asked = await subgraph((_, socket) => {
      waiting.push(() => socket.write(fine))
      return undefined
    })
    return {
      ...asked,
      async answerWhen(count: number) {
        while (waiting.length < count) await sleep(1)
        for (const answer of waiting.splice(0)) answer()
      },
      /** Answers what was asked last; what this question asks, where one is given, and waits for it. */
      async answerLast(ask?: () => Promise<unknown>) {
        const before = waiting.length
        const answered = ask?.()
        while (waiting.length === (ask ? before : 0)) await sleep(1)
        waiting.pop()!()
        await answered
      },
    }
  }

  it('are asked once, and each asker has an answer of its own', async () => {
    const { ask, heard, answerWhen } = await held()
    const all = Promise.all([
      ask({ flight: 'a' }),
      ask({ flight: 'a' }),
      ask({ flight: 'a', passport: 'another seal' }),
    ])
    await answerWhen(1)
    const [one, two] = await all
    expect(one).toEqual(two)
    expect(one!.data).not.toBe(two!.data)
    expect(heard).toHaveLength(1)
  })

  it.each<[string, Partial<SubgraphRequest>]>([
    ['whose rights differ', { flight: 'b' }],
    ['that are not to be shared', { flight: undefined }],
    ['whose variables differ', { variables: { id: 1 } }],
    ['whose documents differ', { query: '{ fund { name } }' }],
    ['that change something', { query: 'mutation { a }' }],
    ['of an event', { query: 'subscription { fund { id } }', event: { fund: {} } }],
  ])('are asked apart %s', async (_, other) => {
    const { ask, heard, answerWhen } = await held()
    const all = Promise.all([ask({ flight: 'a', ...other }), ask({ flight: 'a' }), ask({ flight: 'a', ...other })])
    const alike = other.flight === 'b' || other.variables || (other.query && !/^[ms]/.test(other.query)) ? 2 : 3
    await answerWhen(alike)
    await all
    expect(heard).toHaveLength(alike)
  })

  it('go on for the others when one leaves, and are given up with the last', async () => {
    const { ask, heard, server, answerWhen } = await held()
    const [one, two] = [new AbortController(), new AbortController()]
    const first = ask({ flight: 'a', signal: one.signal })
    const second = ask({ flight: 'a', signal: two.signal })
    while (heard.length === 0) await sleep(1)
    one.abort()
    await expect(first).rejects.toMatchObject(unavailable)
    await answerWhen(1)
    expect(await second).toMatchObject({ data: { fund: null } })

    const third = ask({ flight: 'a', signal: two.signal })
    while (heard.length === 1) await sleep(1)
    const asked = server.sockets.size
    two.abort()
    await expect(third).rejects.toMatchObject(unavailable)
    while (server.sockets.size === asked) await sleep(1)
  })

  it('are asked anew by whoever comes after a change', async () => {
    const { ask, heard, answerLast } = await held()
    const before = ask({ flight: 'a' })
    while (heard.length === 0) await sleep(1)
    await answerLast(() => ask({ query: 'mutation { a }' }))
    const after = ask({ flight: 'a' })
    await answerLast()
    await answerLast()
    expect(await Promise.all([before, after])).toHaveLength(2)
    expect(heard).toHaveLength(3)
  })

  it('are asked apart where sharing is switched off', async () => {
    const { ask, heard } = await subgraph(() => fine, { coalescing: false })
    await Promise.all([ask({ flight: 'a' }), ask({ flight: 'a' })])
    expect(heard).toHaveLength(2)
  })
})
