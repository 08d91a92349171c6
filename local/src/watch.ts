/**
 * `npm run watch -- <tenant>`: the live NAV stream in the terminal, one line an event on stdout, until Ctrl-C.
 * Everything else that is said goes to stderr. GATEWAY_URL and IDENTITY_URL say where the two are, if not where
 * `npm start` puts them.
 *
 *     connect ─▶ follow ─▶ ended, and asking again may help ─▶ wait ─▶ connect
 *        │         └─────▶ ended for good: one sentence, exit 1
 *        └─ never connected before: one sentence, exit 1
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { addressFrom, CommandError, readArguments, runCommand } from './command-line.ts'
import { type DemoTenant, tenantById } from './demo-tenants.ts'
import { DEFAULT_IDENTITY_URL, NoIdentityProvider, requestToken } from './identity/token-request.ts'
import { COMPLETED, type Ending, endingOf } from './watch/ending.ts'
import { eventLines, NAV_EVENTS, type NavEvent } from './watch/event-line.ts'

const USAGE = 'npm run watch -- <tenant> [--share-class <id>]…'
const DEFAULT_GATEWAY_URL = 'ws://127.0.0.1:4000/graphql'
const RETRY_MS = 2_000
/** The longest that the provider gives: the stream is followed for as long as the token is good. */
const TOKEN_SECONDS = 3600

const line = eventLines()
const stop = new AbortController()

await runCommand(async () => {
  const { values, positionals } = readArguments({
    'share-class': { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return tell(USAGE)
  const [id, ...more] = positionals
  if (!id || more.length > 0) throw new CommandError(`Name one tenant: ${USAGE}.`)
  const tenant = tenantById(id)
  const gateway = addressFrom('GATEWAY_URL', DEFAULT_GATEWAY_URL)
  const identityUrl = addressFrom('IDENTITY_URL', DEFAULT_IDENTITY_URL)
  gateway.protocol = gateway.protocol.replace('http', 'ws')

  process.once('SIGINT', () => stop.abort())
  process.once('SIGTERM', () => stop.abort())
  // `npm run watch | head` closes the pipe; that is an end like Ctrl-C.
  process.stdout.once('error', () => stop.abort())
  const shareClassIds = values['share-class']
  await followForEver({ tenant, gateway, identityUrl, variables: shareClassIds ? { shareClassIds } : {} })
})

interface Subscription {
  readonly tenant: DemoTenant
  readonly gateway: URL
  readonly identityUrl: URL
  readonly variables: { readonly shareClassIds?: string[] }
}

async function followForEver(subscription: Subscription): Promise<void> {
  const { tenant, gateway } = subscription
  let everConnected = false
  while (!stop.signal.aborted) {
    let connected = false
    const ending = await follow(subscription, () => {
      tell(everConnected ? 'Connected again.' : `Following the NAVs of ${tenant.name} at ${gateway}; Ctrl-C ends.`)
      connected = everConnected = true
    })
    if (stop.signal.aborted) return
    // A token that the gateway refuses from the start is not mended by another of the same kind.
    const helps = { wait: everConnected, 'new token': connected, none: false }
    if (!helps[ending.remedy]) throw new CommandError(ending.sentence)
    if (connected) tell(`${ending.sentence} Trying again every ${RETRY_MS / 1000} s.`)
    await delay(RETRY_MS, undefined, { signal: stop.signal }).catch(() => {})
  }
}

/** One connection with one token, from its opening to its end. */
async function follow(
  { tenant, gateway, identityUrl, variables }: Subscription,
  connected: () => void,
): Promise<Ending> {
  let client: Client | undefined
  const close = () => void client?.dispose()
  stop.signal.addEventListener('abort', close, { once: true })
  try {
    const token = await requestToken({ tenant, identityUrl, ttl: TOKEN_SECONDS, signal: stop.signal })
    client = createClient({
      url: gateway.href,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      on: { connected },
    })
    for await (const { data, errors } of client.iterate<{ navUpdates: NavEvent }>({ query: NAV_EVENTS, variables })) {
      for (const error of errors ?? []) tell(`An event came with an error: ${error.message}`)
      if (data?.navUpdates) process.stdout.write(`${line(data.navUpdates, new Date())}\n`)
    }
    return COMPLETED
  } catch (thrown) {
    if (thrown instanceof NoIdentityProvider) return { sentence: thrown.message, remedy: 'wait' }
    if (thrown instanceof CommandError) throw thrown
    return endingOf(thrown)
  } finally {
    stop.signal.removeEventListener('abort', close)
    await client?.dispose()
  }
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
