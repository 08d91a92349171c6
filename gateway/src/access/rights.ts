/**
 * What a caller may ask for, before anything of what it asked is looked at. Policies are Cedar's (contracts/access); they
 * are evaluated once for each class of callers and version of the tenant's grants, and remembered: who comes after finds
 * sets.
 */
import { createHash } from 'node:crypto'
import type { Channel } from '@fundmesh/platform/grants/reading'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import { type Caller, isAnonymous } from '@fundmesh/platform/identity/caller'
import type { PolicyEngine } from '@fundmesh/platform/policies/engine'
import { principalClassOf } from '@fundmesh/platform/policies/principal-class'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { LRUCache } from 'lru-cache'
import { codedError } from '../errors/catalogue.ts'

export interface Rights {
  /** Whether a token was verified: what `@authenticated` asks. */
  readonly authenticated: boolean
  /** What `@requiresScopes` asks. */
  readonly scopes: ReadonlySet<string>
  /** The names in `@policy(policies: …)` that hold for the caller now. */
  readonly policies: ReadonlySet<string>
  /** The epoch of the tenant's grants that was looked at; 0 where there are none. */
  readonly grantsVersion: number
  /** Equal, within this process, exactly where the same bytes may go to both. */
  readonly fingerprint: string
}

/** Throws SERVICE_UNAVAILABLE where the rights of an authenticated caller cannot be known now. */
export type RightsOf = (caller: Caller, channel: Channel) => Rights

/** What rights need to know of the grants. */
export type GrantsForRights = Pick<
  GrantsReplica,
  'ready' | 'epoch' | 'fieldSets' | 'roles' | 'nextBoundary' | 'onChange'
>

export interface RightsOptions {
  readonly engine: PolicyEngine
  /** Undefined: a gateway without an event log, for which every tenant holds nothing. */
  readonly grants: GrantsForRights | undefined
  readonly log: Logger
  readonly clock?: () => number
}

interface Snapshot {
  readonly rights: Rights
  /** When time alone may change it, in milliseconds. */
  readonly until: number
}

const rememberedTenants = 5_000
const rememberedClasses = 32

const none: ReadonlySet<never> = new Set()

/** Makes the snapshots' memory. A tenant's are forgotten when its grants change, and each when a window opens or closes. */
export function rightsOf({ engine, grants, log, clock = Date.now }: RightsOptions): RightsOf {
  const tenants = new LRUCache<string, LRUCache<string, Snapshot>>({ max: rememberedTenants })
  /** Some changes leave the epoch as it is: a share class that moves to another fund, a record that cannot be read. */
  const changes = new Map<string, number>()
  grants?.onChange((tenant) => {
    changes.set(tenant, (changes.get(tenant) ?? 0) + 1)
    tenants.delete(tenant)
  })
  const reported = new Set<string>()

  const report = (policy: string, errors: readonly string[]) => {
    if (errors.length === 0 || reported.has(policy)) return
    reported.add(policy)
    log.error({ policy, errors }, 'a policy cannot be evaluated: it is denied to everyone whom it fails')
  }

  const evaluate = (caller: Caller, channel: Channel, now: number): Snapshot => {
    const at = new Date(now)
    const principal = principalClassOf(caller, channel, grants, at)
    const { tenant, authenticated, region, scopes } = principal
    const held = authenticated ? grants : undefined
    const grantsVersion = held?.epoch(tenant) ?? 0
    const until = held?.nextBoundary(tenant, at)?.getTime() ?? Infinity
    const policies = new Set<string>()
    for (const name of engine.names) {
      const { allowed, errors } = engine.decide(name, principal)
      if (allowed) policies.add(name)
      report(name, errors)
    }
    const grantsState = [grantsVersion, changes.get(tenant), until]
    const facts = [tenant, authenticated, region, channel, sorted(scopes), sorted(policies), grantsState]
    const fingerprint = createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
    return { rights: { authenticated, scopes, policies, grantsVersion, fingerprint }, until }
  }

  const ofTenant: RightsOf = (caller, channel) => {
    if (grants && !isAnonymous(caller) && !grants.ready()) throw codedError('SERVICE_UNAVAILABLE')
    const now = clock()
    const roles = grants?.roles(caller.tenant, caller.subject) ?? none
    const classes = tenants.get(caller.tenant) ?? new LRUCache<string, Snapshot>({ max: rememberedClasses })
    tenants.set(caller.tenant, classes)
    const key = JSON.stringify([isAnonymous(caller), channel, caller.region, sorted(caller.scopes), sorted(roles)])
    const known = classes.get(key)
    if (known && now < known.until) return known.rights
    const snapshot = evaluate(caller, channel, now)
    classes.set(key, snapshot)
    return snapshot.rights
  }

  /** Where nothing can be granted, a caller's rights are what it is: no time and no change of grants touches them. */
  const unchanging = new WeakMap<Caller, Map<Channel, Rights>>()
  return (caller, channel) => {
    if (grants && !isAnonymous(caller)) return ofTenant(caller, channel)
    const known = unchanging.get(caller)?.get(channel)
    if (known) return known
    const rights = ofTenant(caller, channel)
    unchanging.set(caller, (unchanging.get(caller) ?? new Map<Channel, Rights>()).set(channel, rights))
    return rights
  }
}

const sorted = (set: ReadonlySet<string>) => [...set].sort()
