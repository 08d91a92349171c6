import { accessPolicies } from '@fundmesh/contracts/access'
import type { Channel, FieldSet } from '@fundmesh/platform/grants/reading'
import { anonymous, type Caller } from '@fundmesh/platform/identity/caller'
import { type PolicyEngine, policyEngine } from '@fundmesh/platform/policies/engine'
import { readPolicies } from '@fundmesh/platform/policies/files'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type GrantsForRights, type RightsOf, rightsOf } from './rights.ts'

const real = policyEngine(readPolicies(accessPolicies))
const log = { error: vi.fn() } as unknown as Logger & { error: ReturnType<typeof vi.fn> }
const callerOf = (tenant: string, scopes: readonly string[] = [], more: Partial<Caller> = {}): Caller => ({
  tenant,
  subject: `${tenant}-client`,
  client: `${tenant}-client`,
  scopes: new Set(scopes),
  expiresAt: new Date(8.64e15),
  ...more,
})

/** Grants as a test sets them; `change` tells the listeners. */
function grantsOf() {
  const listeners = new Set<(tenant: string) => void>()
  const state = {
    ready: true,
    epoch: 1,
    fieldSets: ['REFERENCE', 'NAV'] as readonly FieldSet[],
    roles: [] as readonly string[],
    boundary: undefined as number | undefined,
  }
  const grants: GrantsForRights = {
    ready: () => state.ready,
    epoch: () => state.epoch,
    fieldSets: () => new Set(state.fieldSets),
    roles: () => new Set(state.roles),
    nextBoundary: () => (state.boundary === undefined ? undefined : new Date(state.boundary)),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const change = (to: Partial<typeof state>, tenant = 'alder') => {
    Object.assign(state, to)
    for (const listener of listeners) listener(tenant)
  }
  return { grants, state, change }
}

describe('rights', () => {
  let world: ReturnType<typeof grantsOf>
  let engine: PolicyEngine & { decide: ReturnType<typeof vi.fn> }
  let rights: RightsOf
  let now = 0
  beforeEach(() => {
    world = grantsOf()
    engine = { names: real.names, decide: vi.fn(real.decide) }
    log.error.mockClear()
    now = 1_000
    rights = rightsOf({ engine, grants: world.grants, log, clock: () => now })
  })
  const policies = (caller = callerOf('alder'), channel: Channel = 'GRAPHQL') =>
    [...rights(caller, channel).policies].sort()

  it('are what the policies say of the tenant’s grants, scopes and roles', () => {
    expect(policies()).toEqual(['read-entitlement', 'read-nav', 'read-portfolio', 'read-reference'])
    world.change({ fieldSets: [], roles: ['market-data'] })
    expect(policies()).toEqual(['read-entitlement', 'read-reference'])
    world.change({ epoch: 0, fieldSets: [] })
    expect(policies()).toEqual([])
    expect(policies(callerOf('alder', ['audit:read-all']))).toEqual(['read-entitlement'])
  })

  it('are decided once for all callers of a class, and again when the tenant’s grants change', () => {
    const first = rights(callerOf('alder', ['a', 'b']), 'GRAPHQL')
    const decisions = engine.decide.mock.calls.length
    expect(decisions).toBe(real.names.size)
    expect(rights(callerOf('alder', ['b', 'a'], { subject: 'another' }), 'GRAPHQL')).toBe(first)
    expect(engine.decide).toHaveBeenCalledTimes(decisions)
    world.change({ fieldSets: ['REFERENCE'] }, 'birch')
    expect(rights(callerOf('alder', ['a', 'b']), 'GRAPHQL')).toBe(first)
    world.change({ epoch: 2 })
    const second = rights(callerOf('alder', ['a', 'b']), 'GRAPHQL')
    expect(second.policies.has('read-nav')).toBe(false)
    expect(second.grantsVersion).toBe(2)
    expect(second.fingerprint).not.toBe(first.fingerprint)
  })

  it('are decided again at the moment at which a window opens or closes', () => {
    world.change({ boundary: 2_000 })
    const before = rights(callerOf('alder'), 'GRAPHQL')
    Object.assign(world.state, { fieldSets: ['REFERENCE'], boundary: undefined })
    now = 1_999
    expect(rights(callerOf('alder'), 'GRAPHQL')).toBe(before)
    now = 2_000
    const after = rights(callerOf('alder'), 'GRAPHQL')
    expect(after.policies.has('read-nav')).toBe(false)
    expect(after.fingerprint).not.toBe(before.fingerprint)
  })

  it('give another fingerprint after a change that leaves the epoch as it is', () => {
    const before = rights(callerOf('alder'), 'GRAPHQL').fingerprint
    world.change({})
    expect(rights(callerOf('alder'), 'GRAPHQL').fingerprint).not.toBe(before)
  })

  it('give two callers one fingerprint only where nothing that decides about bytes differs', () => {
    const text = fc.constantFrom('', 'a', 'b', 'a,b', '["a"]')
    const caller = fc.record({
      tenant: fc.constantFrom('alder', 'birch', 'a', 'a,b'),
      scopes: fc.uniqueArray(text, { maxLength: 2 }),
      region: fc.option(fc.constantFrom('', 'DE', 'FR'), { nil: undefined }),
      channel: fc.constantFrom<Channel>('GRAPHQL', 'STREAM'),
    })
    fc.assert(
      fc.property(caller, caller, (one, other) => {
        const [a, b] = [one, other].map(({ tenant, scopes, region, channel }) =>
          rights(callerOf(tenant, scopes, { region }), channel),
        )
        const same = (x: typeof one) => JSON.stringify([x.tenant, [...x.scopes].sort(), x.region ?? null, x.channel])
        expect(a!.fingerprint === b!.fingerprint).toBe(same(one) === same(other))
      }),
    )
  })

  it('cannot be known while the grants are not: an authenticated caller waits, an anonymous one has none', () => {
    world.state.ready = false
    expect(() => rights(callerOf('alder'), 'GRAPHQL')).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }) }),
    )
    const nobody = rights(anonymous, 'GRAPHQL')
    expect(nobody).toMatchObject({ authenticated: false, grantsVersion: 0 })
    expect([...nobody.policies]).toEqual([])
  })

  it('of a gateway without an event log come from the token alone', () => {
    const alone = rightsOf({ engine: real, grants: undefined, log })
    expect([...alone(callerOf('alder', ['entitlement:admin']), 'GRAPHQL').policies].sort()).toEqual([
      'read-entitlement',
      'read-portfolio',
    ])
    expect(alone(anonymous, 'GRAPHQL').authenticated).toBe(false)
  })

  it('do not hold what cannot be decided, and say so once', () => {
    engine.decide.mockImplementation((name: string) => ({ allowed: false, policies: [], errors: [`${name} broke`] }))
    expect(policies()).toEqual([])
    expect(policies(callerOf('birch'))).toEqual([])
    expect(log.error).toHaveBeenCalledTimes(real.names.size)
  })
})
