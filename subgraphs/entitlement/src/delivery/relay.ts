/**
 * Brings the outbox to one target, at least once and in order of epochs for each tenant. A tenant that fails waits
 * longer and longer and does not hold up the others; a new change of it is tried at once.
 *
 *     idle ──change──▶ pending ──a place is free──▶ in flight ──confirmed──▶ idle
 *                         ▲                             │
 *                         └──pause over, or a change── backing off
 */
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Ledger } from '../store/ledger.ts'
import { confirm, pendingGrantSets, pendingTenants } from '../store/outbox.ts'
import type { DeliveryTarget } from './target.ts'

export interface Relay {
  /** Something changed: of one tenant, or perhaps of any. */
  wake(tenantId?: string): void
  /** Stops delivering and lets what is in flight finish. Idempotent. */
  stop(): Promise<void>
}

/** Tenants in flight at once: the Data API takes some tens of statements a second. */
const PLACES = 4
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
/** Looks into the outbox though nobody said a word, should a notification have been lost. */
const LOOK_MS = 2_000

interface Pause {
  readonly attempts: number
  /** By performance.now(). */
  readonly until: number
}

/** Begins to deliver at once. */
export function startRelay(ledger: Ledger, target: DeliveryTarget, log: Logger): Relay {
  const inFlight = new Map<string, Promise<void>>()
  const pauses = new Map<string, Pause>()
  let stopping = false
  let woken = false
  let ring: (() => void) | undefined

  const wake = (tenantId?: string) => {
    if (tenantId !== undefined) {
      const pause = pauses.get(tenantId)
      if (pause) pauses.set(tenantId, { ...pause, until: 0 })
    }
    woken = true
    ring?.()
  }

  /** Resolves when woken, or when the next pause is over. */
  async function rest(): Promise<void> {
    if (!woken) {
      const now = performance.now()
      const ends = [...pauses.values()].map(({ until }) => until).filter((until) => until > now)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(LOOK_MS, ...ends.map((until) => until - now + 1)))
        ring = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      ring = undefined
    }
    woken = false
  }

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        for (const tenantId of await pendingTenants(ledger, target.name)) {
          if (inFlight.size >= PLACES || stopping) break
          if (inFlight.has(tenantId) || (pauses.get(tenantId)?.until ?? 0) > performance.now()) continue
          inFlight.set(
            tenantId,
            deliver(tenantId).finally(() => {
              inFlight.delete(tenantId)
              wake()
            }),
          )
        }
      } catch (error) {
        log.error({ target: target.name, err: error }, 'cannot read the outbox')
      }
      await rest()
    }
    await Promise.all(inFlight.values())
  }

  async function deliver(tenantId: string): Promise<void> {
    try {
      const sets = await pendingGrantSets(ledger, target.name, tenantId, target.taking)
      const last = sets.at(-1)
      if (!last) return
      await target.deliver(sets)
      await confirm(ledger, target.name, tenantId, last.epoch)
      pauses.delete(tenantId)
      log.info({ target: target.name, tenantId, epoch: last.epoch }, 'delivered grants')
    } catch (error) {
      const attempts = (pauses.get(tenantId)?.attempts ?? 0) + 1
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS)
      pauses.set(tenantId, { attempts, until: performance.now() + pause })
      log.error({ target: target.name, tenantId, attempts, pauseMs: pause, err: error }, 'cannot deliver grants')
    }
  }

  const running = run()
  return {
    wake,
    stop() {
      stopping = true
      wake()
      return running
    },
  }
}
