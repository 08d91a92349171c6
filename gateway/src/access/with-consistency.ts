import { type Change, readConsistencyToken } from '@fundmesh/platform/grants/consistency-token'
import { decidable } from '@fundmesh/platform/grants/decidable'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import { Undecided } from '@fundmesh/platform/grants/undecided'
import { codedError } from '../errors/catalogue.ts'
import type { Answer } from '../http/http.ts'
import type { GraphQLRequest } from '../operation/request.ts'

/**
 * Answers a request that carries a consistency token (of an entitlement mutation's receipt) by what is known of the
 * caller's tenant after that change, or not at all: it waits for our replica of the grants, and has the passports say
 * what every subgraph has to wait for. A token of another tenant changes nothing: it is no secret, and no lever.
 */
export function withConsistency(answer: Answer, grants: Pick<GrantsReplica, 'ready' | 'whenAtLeast'>): Answer {
  return async (request, asking) => {
    const { tenant } = asking.caller
    const epochs = tokensOf(request).map((change) => (change.tenant === tenant ? change.epoch : 0))
    const epoch = Math.max(asking.atLeastEpoch, ...epochs)
    if (epoch > 0) await reach({ tenant, epoch })
    return answer(request, { ...asking, atLeastEpoch: epoch })
  }

  async function reach(change: Change): Promise<void> {
    try {
      await decidable(grants, change)
    } catch (error) {
      throw error instanceof Undecided ? codedError(error.code) : error
    }
  }
}

/** The header's token and the one of the request's extensions, which works over sockets too. */
function tokensOf({ consistency, extensions }: GraphQLRequest): readonly Change[] {
  const given = {
    'x-fundmesh-consistency': consistency,
    'extensions.consistency': (extensions as { consistency?: unknown } | null | undefined)?.consistency,
  }
  return Object.entries(given).flatMap(([name, text]) => {
    if (text === undefined || text === null) return []
    const change = typeof text === 'string' ? readConsistencyToken(text) : undefined
    if (!change)
      throw codedError('BAD_REQUEST', `${name}: expected the consistencyToken of a receipt; got something else`)
    return [change]
  })
}
