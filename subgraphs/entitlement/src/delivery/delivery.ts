/** Delivery as a whole: one relay for each target while this process leads, and the answer to "is it there yet?". */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Ledger } from '../store/ledger.ts'
import { type Confirmation, confirmations, pendingTenants } from '../store/outbox.ts'
import { haveTargets } from '../store/targets.ts'
import type { Watch } from '../store/watch.ts'
import { reconcile } from './reconcile.ts'
import { type Relay, startRelay } from './relay.ts'
import type { DeliveryTarget } from './target.ts'

export interface Delivery {
  /** Waits until every target has the change, for as long as the bound at the most, and tells what each said. */
  confirmed(tenantId: string, epoch: number): Promise<readonly Confirmation[]>
  /**
   * Resolves once every target has been seen with all there was to deliver. Rejects until then, for START_MS at the
   * most: a target that is down does not keep the ledger from being read.
   */
  caughtUp(): Promise<void>
  /** Lets what is in flight finish. Idempotent. */
  close(): Promise<void>
}

export interface DeliveryOptions {
  readonly ledger: Ledger
  readonly watch: Watch
  readonly targets: readonly DeliveryTarget[]
  readonly log: Logger
  /** How long a change waits for its confirmations, in milliseconds. */
  readonly confirmationMs: number
}

/** What this process does while it leads. */
interface Term {
  readonly relays: readonly Relay[]
  readonly led: readonly (Promise<void> | undefined)[]
  readonly end: AbortController
}

/** How often targets are compared with the ledger, and how soon again where that failed. */
const COMPARE_MS = 60_000
const COMPARE_AGAIN_MS = 2_000
const START_MS = 15_000

export function openDelivery({ ledger, watch, targets, log, confirmationMs }: DeliveryOptions): Delivery {
  let term: Term | undefined
  let ended: Promise<unknown> = Promise.resolve()
  /** Targets that have not been compared with the ledger in this term. */
  const unsettled = new Set<DeliveryTarget>()
  const names = targets.map(({ name }) => name)
  let started = false
  const openedAt = performance.now()

  const onLeading = (leading: boolean) => {
    if (!leading) return endTerm()
    const end = new AbortController()
    for (const target of targets) unsettled.add(target)
    const led = targets.map((target) => target.lead?.(end.signal))
    term = { relays: targets.map((target) => startRelay(ledger, target, log)), led, end }
    for (const [index, target] of targets.entries()) void compare(target, term.relays[index]!, end.signal)
  }
  const endTerm = () => {
    if (!term) return
    term.end.abort()
    unsettled.clear()
    ended = Promise.all([ended, ...term.led, ...term.relays.map((relay) => relay.stop())])
    term = undefined
  }
  const onRecorded = (tenantId: string) => {
    for (const relay of term?.relays ?? []) relay.wake(tenantId)
  }

  /** Beside the relay, which does not wait for it: a revocation is more urgent than what a target may have lost. */
  async function compare(target: DeliveryTarget, relay: Relay, signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      let pause = COMPARE_MS
      try {
        if (unsettled.has(target)) await haveTargets(ledger, names)
        await reconcile(ledger, target, log, round)
        unsettled.delete(target)
        relay.wake()
      } catch (error) {
        log.error({ target: target.name, err: error }, 'cannot compare the target with the ledger; trying again')
        pause = COMPARE_AGAIN_MS
      }
      await sleep(pause, undefined, { signal }).catch(() => {})
    }
  }

  async function known(tenantId: string, epoch: number): Promise<readonly Confirmation[]> {
    try {
      return await confirmations(ledger, tenantId, epoch)
    } catch (error) {
      // The change is stored: its receipt is due, without a claim.
      log.error({ tenantId, epoch, err: error }, 'cannot read the confirmations of a change')
      return targets.map(({ name }) => ({ target: name, confirmedAt: null }))
    }
  }

  async function confirmed(tenantId: string, epoch: number): Promise<readonly Confirmation[]> {
    const deadline = performance.now() + confirmationMs
    for (;;) {
      const news = nextConfirmation(watch, tenantId, deadline - performance.now())
      try {
        const found = await known(tenantId, epoch)
        const complete = found.every(({ confirmedAt }) => confirmedAt !== null)
        if (complete || performance.now() >= deadline) return found
        await news.heard
      } finally {
        news.stop()
      }
    }
  }

  async function caughtUp(): Promise<void> {
    if (started) return
    const waiting = new Set([...unsettled].map(({ name }) => name))
    for (const { name } of targets) {
      if ((await pendingTenants(ledger, name)).length > 0) waiting.add(name)
    }
    if (waiting.size > 0 && performance.now() - openedAt < START_MS) {
      throw new Error(`changes of grants wait for ${[...waiting].join(' and ')}`)
    }
    if (waiting.size > 0) log.warn({ waiting: [...waiting] }, 'serves, though changes of grants are not delivered')
    started = true
  }

  watch.events.on('leading', onLeading)
  watch.events.on('recorded', onRecorded)
  return {
    confirmed,
    caughtUp,
    async close() {
      watch.events.off('leading', onLeading)
      watch.events.off('recorded', onRecorded)
      endTerm()
      await ended
    },
  }
}

/** Listens from now on, so that nothing said during the look into the outbox is missed. */
function nextConfirmation(
  watch: Watch,
  tenantId: string,
  withinMs: number,
): { heard: Promise<void>; stop: () => void } {
  let stop = () => {}
  const heard = new Promise<void>((resolve) => {
    const onConfirmed = (confirmedTenant: string) => {
      if (confirmedTenant === tenantId) resolve()
    }
    const timer = setTimeout(resolve, Math.max(0, withinMs))
    watch.events.on('confirmed', onConfirmed)
    stop = () => {
      clearTimeout(timer)
      watch.events.off('confirmed', onConfirmed)
    }
  })
  return { heard, stop }
}
