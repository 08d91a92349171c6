/** A random world of funds, share classes, tenants and their grants, and what each caller may see of it: worked out here,
 * from the grants alone, without any of the code under test. */
import type { Channel, FieldSet } from '@fundmesh/platform/grants/reading'
import { type Random, random } from '@fundmesh/platform/testing/random'
import { idMark, type Mark, valueMark } from './marks.ts'

export interface Grant {
  /** As the ledger named it. */
  id: string
  readonly tenant: number
  readonly resource: { readonly kind: 'FUND' | 'SHARE_CLASS'; readonly number: number }
  readonly validFrom: Date
  readonly validTo: Date | null
  readonly channels: readonly Channel[] | null
  readonly fieldSets: readonly FieldSet[] | null
  readonly regions: readonly string[] | null
  readonly embargoDays: number
  /** Suspended, or ended for good: it opens nothing. */
  state: 'IN_FORCE' | 'SUSPENDED' | 'ENDED'
  /** The contract whose line it comes from. */
  readonly contract?: string
}

export interface World {
  /** By the number of the share class, the number of its fund. */
  readonly fundOf: readonly number[]
  readonly funds: number
  readonly tenants: number
  readonly grants: Grant[]
}

/** Someone who asks: a tenant's client, from somewhere. */
export interface Asker {
  readonly tenant: number
  readonly region: string | undefined
}

export const tenantId = (number: number): string => idMark('tenant', number)
export const fundId = (number: number): string => `mk:${idMark('fund', number)}`
export const shareClassId = (number: number): string => `mk:${idMark('class', number)}`
export const portfolioId = (tenant: number): string => `portfolio-${idMark('tenant', tenant)}`
export const grantId = (tenant: number, count: number): string => `grant-${valueMark('tenant', tenant)}-${count}`

/** The share classes that a tenant holds in its portfolio; whether it may see them, its grants decide. */
export const heldShareClasses = (world: World, tenant: number): readonly number[] =>
  [0, 1, 2].map((held) => (tenant * 3 + held * 5) % world.fundOf.length)

/** An International Securities Identification Number of a share class, with its check digit (ISO 6166). */
export function isin(shareClass: number): string {
  const body = `LU${String(shareClass).padStart(9, '0')}`
  const digits = [...body].flatMap((letter) => [...String(Number.parseInt(letter, 36))].map(Number)).reverse()
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? digit * 2 : digit
    return total + Math.floor(doubled / 10) + (doubled % 10)
  }, 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

const dayMs = 86_400_000
const channelSets: readonly (readonly Channel[] | null)[] = [
  null,
  null,
  null,
  ['GRAPHQL'],
  ['STREAM'],
  ['GRAPHQL', 'STREAM'],
]
const fieldSetSets: readonly (readonly FieldSet[] | null)[] = [
  null,
  null,
  ['NAV'],
  ['PERFORMANCE'],
  ['RISK', 'NAV'],
  ['REFERENCE'],
]

export function makeWorld(seed: number, now = new Date()): World {
  const chance = random(seed)
  const funds = 16
  const fundOf = Array.from({ length: 24 }, (_, number) => (number < funds ? number : chance.below(funds)))
  const world: World = { fundOf, funds, tenants: 8, grants: [] }
  for (let tenant = 0; tenant < world.tenants; tenant++) {
    // The last one holds nothing at all.
    const count = tenant === world.tenants - 1 ? 0 : 5 + chance.below(8)
    // Two hold nothing of some field sets, whatever they were granted.
    const only = new Map<number, readonly FieldSet[]>([
      [world.tenants - 2, ['NAV']],
      [world.tenants - 3, ['PERFORMANCE']],
    ]).get(tenant)
    for (let index = 0; index < count; index++) {
      const grant = randomGrant(world, chance, tenant, index, now)
      world.grants.push(only ? { ...grant, fieldSets: only } : grant)
    }
  }
  return world
}

export function randomGrant(world: World, chance: Random, tenant: number, count: number, now: Date): Grant {
  const isFund = chance.chance(0.4)
  const days = (number: number) => new Date(now.getTime() + number * dayMs)
  const [validFrom, validTo] = chance.pick([
    [days(-400), null],
    [days(-400), null],
    [days(-400), null],
    [days(-400), null],
    [days(-400), days(300)],
    [days(-400), days(-1)],
    [days(30), null],
  ] as const)
  return {
    id: grantId(tenant, count),
    tenant,
    resource: isFund
      ? { kind: 'FUND', number: chance.below(world.funds) }
      : { kind: 'SHARE_CLASS', number: chance.below(world.fundOf.length) },
    validFrom,
    validTo,
    channels: chance.pick(channelSets),
    fieldSets: chance.pick(fieldSetSets),
    regions: chance.chance(0.2) ? ['LU'] : null,
    embargoDays: chance.chance(0.3) ? 5 + chance.below(10) : 0,
    state: 'IN_FORCE',
  }
}

/** What an asker may see through a channel at an instant. */
export interface Sight {
  mayHold(mark: Mark): boolean
  /** Whether figures of a field set may be told of a share class. */
  opens(shareClass: number, fieldSet: FieldSet): boolean
  /** Whether figures of a field set may be told of anything at all. */
  opensAny(fieldSet: FieldSet): boolean
}

/** The instants between which an answer was made: what was open at either may be in it. */
export function sight(world: World, asker: Asker, channel: Channel, moments: readonly Date[]): Sight {
  const opens = (classNumber: number, fieldSet: FieldSet, day?: number) =>
    moments.some((at) =>
      world.grants.some(
        (grant) =>
          isOpen(grant, asker, channel, fieldSet, at) &&
          covers(world, grant, classNumber) &&
          (day === undefined || isPastEmbargo(grant, day, at)),
      ),
    )
  const opensFund = (fundNumber: number) =>
    moments.some((at) =>
      world.grants.some(
        (grant) => isOpen(grant, asker, channel, 'REFERENCE', at) && fundOfGrant(world, grant) === fundNumber,
      ),
    )
  return {
    opens,
    opensAny: (fieldSet) =>
      moments.some((at) => world.grants.some((grant) => isOpen(grant, asker, channel, fieldSet, at))),
    mayHold({ kind, number, day }) {
      if (kind === 'tenant') return number === asker.tenant
      if (kind === 'fund') return opensFund(number)
      if (kind === 'class') return opens(number, 'REFERENCE')
      return opens(number, 'NAV', day)
    },
  }
}

const fundOfGrant = (world: World, { resource }: Grant) =>
  resource.kind === 'FUND' ? resource.number : world.fundOf[resource.number]

const covers = (world: World, { resource }: Grant, classNumber: number) =>
  resource.kind === 'SHARE_CLASS' ? resource.number === classNumber : resource.number === world.fundOf[classNumber]

function isOpen(grant: Grant, asker: Asker, channel: Channel, fieldSet: FieldSet, at: Date): boolean {
  return (
    grant.tenant === asker.tenant &&
    grant.validFrom <= at &&
    (grant.validTo === null || at < grant.validTo) &&
    grant.state === 'IN_FORCE' &&
    (grant.channels === null || grant.channels.includes(channel)) &&
    (grant.regions === null || (asker.region !== undefined && grant.regions.includes(asker.region))) &&
    (fieldSet === 'REFERENCE' || grant.fieldSets === null || grant.fieldSets.includes(fieldSet))
  )
}

/** `day` is the last three digits of the day counted from 1970; the fixture has no older prices than some weeks. */
function isPastEmbargo({ embargoDays }: Grant, day: number, at: Date): boolean {
  if (embargoDays === 0) return true
  const today = Math.floor(at.getTime() / dayMs)
  const age = ((((today % 1_000) - day) % 1_000) + 1_000) % 1_000
  return age >= embargoDays
}
