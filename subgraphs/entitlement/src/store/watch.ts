/**
 * The service's one connection that listens. It hears of every process's commits, and it competes for the leadership:
 * of all processes on a ledger, the one that holds the advisory lock delivers. Lock and connection end together.
 *
 *     connecting ──▶ following ──lock won──▶ leading
 *         ▲              │                      │
 *         └──────────── connection lost ◀───────┘
 */
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import pg from 'pg'
import { CONFIRMED, RECORDED } from './channels.ts'

interface WatchEvents {
  /** A tenant's change was recorded. */
  recorded: [tenantId: string]
  /** A target confirmed changes of a tenant. */
  confirmed: [tenantId: string]
  /** Leadership was won or lost. */
  leading: [boolean]
}

export interface Watch {
  readonly events: EventEmitter<WatchEvents>
  /** Whether it hears the ledger now. */
  hears(): boolean
  close(): Promise<void>
}

/** How often a follower tries to take over, and a lost connection is opened again. */
const RETRY_MS = 500

/** Resolves at once; a database that cannot be reached is tried again and again. Listeners have to be there before the next tick. */
export function openWatch(databaseUrl: string, log: Logger): Watch {
  const events = new EventEmitter<WatchEvents>()
  // Each waiting mutation is a listener.
  events.setMaxListeners(0)
  const closing = new AbortController()
  let connection: pg.Client | undefined
  let leading = false
  let hearing = false

  const setLeading = (now: boolean) => {
    if (now === leading) return
    leading = now
    log.info(now ? 'delivers changes of grants' : 'no longer delivers changes of grants')
    events.emit('leading', now)
  }

  /** Lives as long as one connection. Rejects when it is lost. */
  async function follow(): Promise<void> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'entitlement watch',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    })
    connection = client
    try {
      const lost = new Promise<never>((_, reject) => {
        client.on('error', reject)
        client.on('end', () => reject(new Error('the connection ended')))
      })
      lost.catch(() => {})
      client.on('notification', ({ channel, payload }) => {
        events.emit(channel === RECORDED ? 'recorded' : 'confirmed', payload ?? '')
      })
      await client.connect()
      await client.query(`listen ${RECORDED}; listen ${CONFIRMED}`)
      for (;;) {
        if (!leading) {
          const { rows } = await client.query<{ won: boolean }>(
            `select pg_try_advisory_lock(hashtext('entitlement delivery')) as won`,
          )
          setLeading(rows[0]!.won)
          hearing = true
        } else {
          // Finds out that the other side is gone where nothing else would.
          await client.query('select 1')
        }
        await Promise.race([lost, sleep(RETRY_MS, undefined, { signal: closing.signal })])
      }
    } finally {
      connection = undefined
      hearing = false
      await client.end().catch(() => {})
      setLeading(false)
    }
  }

  const life = (async () => {
    await sleep(0)
    while (!closing.signal.aborted) {
      try {
        await follow()
      } catch (error) {
        if (closing.signal.aborted) return
        log.warn({ reason: (error as Error).message }, 'does not hear the ledger; connecting again')
        await sleep(RETRY_MS, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
  })()

  return {
    events,
    hears: () => hearing,
    async close() {
      closing.abort()
      await connection?.end().catch(() => {})
      await life
    },
  }
}
