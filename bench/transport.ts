/**
 * What one small fetch costs the gateway's process, by the client that sends it: `npm run bench:transport`. Each client asks
 * the same server in another process, turn by turn; medians of requests a second and of CPU for each. Method and last
 * figures: bench/README.md.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { Agent, request } from 'undici'
import { type Exchange, type Reply, replyOf } from '../gateway/src/fetch/transport/exchange.ts'
import { openSubgraphs } from '../gateway/src/fetch/transport/open-subgraphs.ts'
import { pipeliningExchange } from '../gateway/src/fetch/transport/pipelining/pipelining-exchange.ts'
import { undiciExchange } from '../gateway/src/fetch/transport/undici-exchange.ts'
import { retryBudget, withRetry } from '../gateway/src/fetch/transport/with-retry.ts'

const rounds = Number(process.env.BENCH_ROUNDS ?? 5)
const requests = Number(process.env.BENCH_REQUESTS ?? 20_000)
/** Fetches that are open at once. */
const together = 50

const answers: Readonly<Record<string, string>> = {
  small: JSON.stringify({ data: { product: { upc: '1', name: 'Table', price: 899, weight: 100 } } }),
  large: JSON.stringify({
    data: { products: Array.from({ length: 300 }, (_, id) => ({ id: String(id), name: `Product ${id}`, price: id })) },
  }),
}

/** The least that a server can do: it finds where requests end, and answers all that came in one write. */
function serve() {
  const responses = Object.fromEntries(
    Object.entries(answers).map(([size, body]) => [
      size,
      Buffer.from(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: keep-alive\r\n\r\n${body}`,
      ),
    ]),
  )
  const server = createServer((socket) => {
    let text = ''
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const said: Buffer[] = []
      for (;;) {
        const head = text.indexOf('\r\n\r\n')
        if (head < 0) break
        const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1])
        if (text.length < head + 4 + length) break
        said.push(responses[text.startsWith('POST /large') ? 'large' : 'small']!)
        text = text.slice(head + 4 + length)
      }
      if (said.length > 0) socket.write(Buffer.concat(said))
    })
  })
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as { port: number }).port))
}

interface Client {
  readonly name: string
  fetch(id: number): Promise<unknown>
  close(): Promise<void>
}

const query = 'query Product__products__1($id: ID!) { product(id: $id) { upc name price weight } }'

function ofExchange(name: string, exchange: Exchange): Client {
  return {
    name,
    async fetch(id) {
      const body = JSON.stringify({ query, variables: { id } })
      const post = { body, passport: undefined, repeatable: true, party: '' }
      const { json } = await new Promise<Reply>((replied, failed) => void exchange.send(post, { replied, failed }))
      return json
    },
    close: () => exchange.close(),
  }
}

function clients(url: string): readonly Client[] {
  const log = createLogger('bench', 'error')
  const agent = new Agent({ connections: 64 })
  const whole = (pipelining: 'on' | 'off'): Client => {
    const subgraphs = openSubgraphs({
      urls: new Map([['s', url]]),
      timeoutMs: 10_000,
      pipelining,
      coalescing: true,
      log,
    })
    const client = subgraphs.clients.get('s')!
    return {
      name: `ask, pipelining ${pipelining}`,
      fetch: (id) =>
        client.ask({
          query,
          operationName: 'Product__products__1',
          variables: { id },
          passport: undefined,
          flight: '',
          signal: new AbortController().signal,
        }),
      close: () => subgraphs.close(),
    }
  }
  const elsewhere = undiciExchange(url)
  return [
    {
      name: 'undici request',
      async fetch(id) {
        const { body, statusCode } = await request(url, {
          dispatcher: agent,
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify({ query, variables: { id } }),
        })
        return replyOf(statusCode, await body.text()).json
      },
      close: () => agent.close(),
    },
    ofExchange('undici dispatch', undiciExchange(url)),
    // What it displaces goes elsewhere.
    ofExchange(
      'pipelining',
      withRetry(pipeliningExchange({ name: 's', url, elsewhere, log }), elsewhere, retryBudget()),
    ),
    whole('off'),
    whole('on'),
  ]
}

async function measure(client: Client, count: number) {
  let next = 0
  const worker = async () => {
    while (next < count) await client.fetch(next++)
  }
  const cpu = process.cpuUsage()
  const start = performance.now()
  await Promise.all(Array.from({ length: together }, worker))
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: count / seconds, cpuMicroseconds: (user + system) / count }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

async function main(server: ChildProcess) {
  const [port] = (await once(server, 'message')) as [number]
  for (const size of Object.keys(answers)) {
    const all = clients(`http://127.0.0.1:${port}/${size}`)
    const count = size === 'large' ? requests / 4 : requests
    const figures = new Map(all.map(({ name }) => [name, [] as Awaited<ReturnType<typeof measure>>[]]))
    for (const client of all) await measure(client, count / 2)
    for (let round = 0; round < rounds; round++)
      for (const client of all) figures.get(client.name)!.push(await measure(client, count))
    console.log(
      `\n${size}: ${answers[size]!.length} bytes, ${together} at once, medians of ${rounds} rounds of ${count}`,
    )
    for (const [name, measured] of figures)
      console.log(
        `| ${name} | ${Math.round(median(measured.map(({ perSecond }) => perSecond)))} | ${median(measured.map(({ cpuMicroseconds }) => cpuMicroseconds)).toFixed(1)} |`,
      )
    for (const client of all) await client.close()
  }
}

if (process.send) serve()
else {
  const server = fork(fileURLToPath(import.meta.url))
  await main(server)
  server.kill()
}
