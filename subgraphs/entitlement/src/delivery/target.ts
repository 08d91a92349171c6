import type { Instant } from '../domain/instant.ts'
import type { GrantSet, HeldGrant, Taking, Target } from '../store/outbox.ts'

/** The newest change of a tenant that a target holds. */
export interface HeldEpoch {
  readonly epoch: number
  /** Undefined where the target does not keep it. */
  readonly changedAt?: Instant
  /**
   * What it holds of the tenant, with the epoch: another one, where it got a newer change meanwhile. Undefined where it
   * does not keep the grants themselves.
   */
  readonly content?: () => Promise<HeldContent>
}

export interface HeldContent {
  readonly epoch: number
  readonly grants: readonly HeldGrant[]
}

/** A holder of the grants besides the ledger. */
export interface DeliveryTarget {
  readonly name: Target
  readonly taking: Taking
  /**
   * Resolves when the target durably has the grant sets, which are of one tenant and in the order of their epochs.
   * The same set may come again; one that is older than what the target has must not replace it.
   */
  deliver(sets: readonly GrantSet[]): Promise<void>
  /** What the target holds of each tenant. */
  held(): Promise<ReadonlyMap<string, HeldEpoch>>
  /** What has to be done besides, while this process leads; resolves when that has ended after the signal. Never rejects. */
  lead?(signal: AbortSignal): Promise<void>
}
