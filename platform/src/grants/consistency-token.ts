/**
 * A consistency token names a change of a tenant's entitlements: an answer to a question that carries it knows of the
 * change. Opaque to clients. It is not signed: what a forged one can do is make its sender wait.
 */

/** Which tenant's change, and at which of its epochs. */
export interface Change {
  readonly tenant: string
  readonly epoch: number
}

/** The HTTP header that carries a token; `extensions.consistency` of a request does as well. */
export const CONSISTENCY_HEADER = 'x-fundmesh-consistency'

export const consistencyToken = ({ tenant, epoch }: Change): string =>
  Buffer.from(JSON.stringify([tenant, epoch])).toString('base64url')

/** What a token names; undefined where the text is none. */
export function readConsistencyToken(text: string): Change | undefined {
  try {
    const [tenant, epoch, ...rest] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    const isToken = typeof tenant === 'string' && Number.isSafeInteger(epoch) && epoch > 0 && rest.length === 0
    return isToken ? { tenant, epoch } : undefined
  } catch {
    return undefined
  }
}
