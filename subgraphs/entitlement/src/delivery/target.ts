import type { GrantSet, Taking, Target } from '../store/outbox.ts'

/** A holder of the grants besides the ledger. */
export interface DeliveryTarget {
  readonly name: Target
  readonly taking: Taking
  /**
   * Resolves when the target durably has the grant sets, which are of one tenant and in the order of their epochs.
   * The same set may come again; one that is older than what the target has must not replace it.
   */
  deliver(sets: readonly GrantSet[]): Promise<void>
  /** The newest epoch that the target holds of each tenant. */
  held(): Promise<ReadonlyMap<string, number>>
}
