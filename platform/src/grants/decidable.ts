import type { Change } from './consistency-token.ts'
import type { GrantsReplica } from './replica.ts'
import { Undecided } from './undecided.ts'

/** Milliseconds for which a question waits, at each place that must know of the change it names. */
export const REACH_MS = 2_000

/**
 * Resolves when it can be decided what a tenant may read: at once where the grants are known and are to be known as of
 * no change (epoch 0), else when that change has come. Rejects with Undecided, or with the reason of `signal`.
 */
export async function decidable(
  grants: Pick<GrantsReplica, 'ready' | 'whenAtLeast'>,
  { tenant, epoch }: Change,
  signal?: AbortSignal,
): Promise<void> {
  if (!grants.ready()) throw new Undecided('SERVICE_UNAVAILABLE', 'the grants are not known')
  if (epoch <= 0) return
  signal?.throwIfAborted()
  const limit = new AbortController()
  const cancel = () => limit.abort(signal?.reason)
  signal?.addEventListener('abort', cancel, { once: true })
  const timer = setTimeout(() => limit.abort(), REACH_MS)
  try {
    await grants.whenAtLeast(tenant, epoch, limit.signal)
  } catch (error) {
    signal?.throwIfAborted()
    if (!limit.signal.aborted) throw error
    throw new Undecided('CONSISTENCY_TIMEOUT', `the grants are not known as of epoch ${epoch}`)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
}
