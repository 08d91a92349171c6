import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { freePort } from '@fundmesh/platform/testing/port'
import { buildSchema } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { type HttpListener, listen } from './http-listener.ts'
import { type IdentityProvider, startIdentityProvider } from './identity/provider.ts'

/** As much of the graph as the command asks for. */
const schema = buildSchema(/* GraphQL */ `
  type Query { none: Int }
  type Subscription { navUpdates(shareClassIds: [ID!]): NavStreamEvent! }
  union NavStreamEvent = NavSnapshot | NavUpdate
  type ShareClass { name: String! }
  interface NavTick { shareClassId: ID! sequence: Int! navDate: String! navPrice: String! priceCurrency: String! shareClass: ShareClass }
  type NavSnapshot implements NavTick { shareClassId: ID! sequence: Int! navDate: String! navPrice: String! priceCurrency: String! shareClass: ShareClass }
  type NavUpdate implements NavTick { shareClassId: ID! sequence: Int! navDate: String! navPrice: String! priceCurrency: String! shareClass: ShareClass }
`)

interface Asked {
  readonly tenant: unknown
  readonly shareClassIds: readonly string[] | undefined
}

let folder: string
let identity: IdentityProvider
let child: ChildProcess | undefined
let gateway: { readonly url: string; readonly asked: readonly Asked[]; close(): Promise<void> } | undefined

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'watch-'))
  const keysFile = path.join(folder, 'keys.json')
  const log = createLogger('identity', 'silent')
  identity = await startIdentityProvider({ host: '127.0.0.1', port: 0, keysFile, log })
})

afterAll(async () => {
  await identity.close()
  await rm(folder, { recursive: true })
})

afterEach(async () => {
  if (child?.exitCode === null) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await gateway?.close()
  gateway = undefined
})

const tick = (__typename: string, sequence: number) => ({
  __typename,
  shareClassId: 'tsp:c-fund',
  sequence,
  navDate: '2024-01-16',
  navPrice: '74.1234',
  priceCurrency: 'USD',
  shareClass: { name: 'C Fund' },
})

/** A gateway that gives a snapshot and an update, and then does as `ending` says. */
async function startGateway(port: number, ending: () => Promise<void> | void, admit = () => true) {
  const server = createServer()
  const sockets = new WebSocketServer({ server, path: '/graphql' })
  const asked: Asked[] = []
  const disposable = useServer(
    {
      schema,
      onConnect: admit,
      context: ({ connectionParams }) => connectionParams as { authorization: string },
      subscribe: async function* ({ contextValue, variableValues }: never) {
        const { authorization } = contextValue as { authorization: string }
        const { shareClassIds } = variableValues as { shareClassIds?: string[] }
        asked.push({ tenant: decodeJwt(authorization.replace('Bearer ', '')).tenant, shareClassIds })
        yield { data: { navUpdates: tick('NavSnapshot', 41) } }
        yield { data: { navUpdates: tick('NavUpdate', 42) } }
        await ending()
      } as never,
    },
    sockets,
  )
  const listener: HttpListener = await listen(server, { host: '127.0.0.1', port, what: 'The gateway' })
  return {
    url: `${listener.url.replace('http', 'ws')}/graphql`,
    asked,
    async close() {
      await disposable.dispose()
      await listener.close()
    },
  }
}

function watch(gatewayUrl: string, ...args: string[]) {
  const script = path.join(import.meta.dirname, 'watch.ts')
  child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', script, ...args], {
    env: { ...process.env, IDENTITY_URL: identity.issuer, GATEWAY_URL: gatewayUrl },
  })
  const output = { stdout: '', stderr: '' }
  for (const way of ['stdout', 'stderr'] as const) {
    child[way]!.on('data', (chunk) => {
      output[way] += chunk
    })
  }
  const exit = once(child, 'close').then(([code]) => code as number)
  return {
    output,
    exit,
    says: (text: string) => expect.poll(() => output.stdout + output.stderr).toContain(text),
  }
}

const forEver = () => new Promise<void>(() => {})

describe('the watch command', () => {
  it('prints a line an event as the tenant, and ends cleanly at Ctrl-C', async () => {
    gateway = await startGateway(0, forEver)
    const { output, says, exit } = watch(
      gateway.url,
      'cedar',
      '--share-class',
      'tsp:c-fund',
      '--share-class',
      'tsp:i-fund',
    )
    await says('#42')
    child!.kill('SIGINT')
    expect(await exit).toBe(0)
    expect(gateway.asked).toEqual([{ tenant: 'cedar', shareClassIds: ['tsp:c-fund', 'tsp:i-fund'] }])
    expect(output.stdout.replaceAll(/\d\d:\d\d:\d\d/g, 'hh:mm:ss')).toBe(
      'hh:mm:ss  tsp:c-fund    C Fund        2024-01-16     74.1234  USD      #41  snapshot\n' +
        'hh:mm:ss  tsp:c-fund    C Fund        2024-01-16     74.1234  USD      #42  update\n',
    )
    expect(output.stderr).toBe(`Following the NAVs of Cedar Family Office at ${gateway.url}; Ctrl-C ends.\n`)
  })

  it('asks for every share class where none is named', async () => {
    gateway = await startGateway(0, forEver)
    await watch(gateway.url, 'alder').says('#42')
    expect(gateway.asked).toEqual([{ tenant: 'alder', shareClassIds: undefined }])
  })

  it('says that the gateway went away, once, and follows it again when it is back', async () => {
    const port = await freePort()
    gateway = await startGateway(port, forEver)
    const { output, says } = watch(gateway.url, 'alder')
    await says('#42')
    await gateway.close()
    await says('The gateway is going away (1001, Going away). Trying again every 2 s.')
    await new Promise((resolve) => setTimeout(resolve, 4_500))
    gateway = await startGateway(port, forEver)
    await says('Connected again.')
    await expect.poll(() => output.stdout.match(/#42/g)?.length).toBe(2)
    expect(output.stderr.match(/Trying again/g)).toHaveLength(1)
  })

  it('explains the loss of a right and ends with exit code 1', async () => {
    gateway = await startGateway(0, () => {
      throw Object.assign(new Error('A right has ended.'), { extensions: { code: 'ENTITLEMENT_REVOKED' } })
    })
    const { output, exit } = watch(gateway.url, 'dogwood')
    expect(await exit).toBe(1)
    expect(output.stderr).toMatch(/\nA right has ended \(ENTITLEMENT_REVOKED\)\.\n$/)
  })

  it('does not knock again where its token is refused', async () => {
    gateway = await startGateway(0, forEver, () => false)
    const { output, exit } = watch(gateway.url, 'alder')
    expect(await exit).toBe(1)
    expect(output.stderr).toBe('The gateway does not take the token (4403, Forbidden).\n')
  })

  it('says how to start the graph where no gateway answers', async () => {
    const { output, exit } = watch(`ws://127.0.0.1:${await freePort()}/graphql`, 'alder')
    expect(await exit).toBe(1)
    expect(output.stderr).toMatch(/^No gateway answers \(.*ECONNREFUSED.*\); `npm start` starts the graph\.\n$/)
  })

  it.each([
    [['elm'], 'There is no demo tenant "elm"; there are alder, birch, cedar, dogwood, house.'],
    [[], 'Name one tenant: npm run watch -- <tenant> [--share-class <id>]….'],
    [['alder', '--fund', 'x'], "Unknown option '--fund'."],
  ])('answers %j with one sentence and exit code 1', async (args, sentence) => {
    const { output, exit } = watch('ws://127.0.0.1:4000/graphql', ...args)
    expect(await exit).toBe(1)
    expect(output).toEqual({ stdout: '', stderr: `${sentence}\n` })
  })
})
