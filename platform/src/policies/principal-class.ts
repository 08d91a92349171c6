import type { Channel, FieldSet } from '../grants/reading.ts'
import type { GrantsReplica } from '../grants/replica.ts'
import { type Caller, isAnonymous } from '../identity/caller.ts'

/** A class of callers to whom the same rights belong, and how they ask: everything that a policy may look at. */
export interface PrincipalClass {
  /** Empty for anonymous callers. */
  readonly tenant: string
  readonly authenticated: boolean
  /** Whether the entitlement service knows the tenant. */
  readonly registered: boolean
  readonly region?: string | undefined
  readonly scopes: ReadonlySet<string>
  readonly roles: ReadonlySet<string>
  readonly channel: Channel
  /** What the tenant's grants open now on the channel, in the region. */
  readonly fieldSets: ReadonlySet<FieldSet>
}

/** What the policies need to know of the grants. */
type Grants = Pick<GrantsReplica, 'epoch' | 'fieldSets' | 'roles'>

const none: ReadonlySet<never> = new Set()

/** The class of a caller at an instant. Without grants (undefined) no tenant is registered. */
export function principalClassOf(
  caller: Pick<Caller, 'tenant' | 'subject' | 'scopes' | 'region'>,
  channel: Channel,
  grants: Grants | undefined,
  at: Date,
): PrincipalClass {
  const { tenant, subject, region, scopes } = caller
  const authenticated = !isAnonymous(caller)
  const known = authenticated ? grants : undefined
  return {
    tenant,
    authenticated,
    registered: (known?.epoch(tenant) ?? 0) > 0,
    region,
    scopes,
    roles: known?.roles(tenant, subject) ?? none,
    channel,
    fieldSets: known?.fieldSets(tenant, channel, region, at) ?? none,
  }
}
