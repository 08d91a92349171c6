/**
 * Who may read what, in memory. Pure: no clock, no log.
 *
 * A tenant's grants are two rows of numbers: the resources, ascending, and beside each the terms of its grant, which the
 * grants of one contract line share. So a check is a binary search, and 8 bytes hold a grant. A grant of a fund opens the
 * fund and its share classes; a grant of a share class opens that, and of its fund the REFERENCE facts.
 */
import type { ActiveGrant, EntitlementGrants, FundStructure, ResourceKind } from '@fundmesh/contracts/generated/events'
import type { Channel, FieldSet, Reading } from './reading.ts'
import { type Resource, ResourceNumbers } from './resource-numbers.ts'
import { Structure } from './structure.ts'
import {
  dateOf,
  dayOf,
  EVERY_DAY,
  inForce,
  lastDay,
  NO_DAY,
  suits,
  type Terms,
  termsKey,
  termsOf,
  today,
} from './terms.ts'
import { VisibleLists } from './visible-lists.ts'

interface Held {
  readonly epoch: number
  /** False: what the tenant holds is not known, and nothing is allowed. */
  readonly known: boolean
  /** Numbers of the granted resources, ascending; one with two grants stands twice. */
  readonly resources: Uint32Array
  /** Beside each resource, the place of its grant's terms. */
  readonly places: Uint32Array
  readonly terms: readonly Terms[]
  /** When terms begin or end, in microseconds, ascending. */
  readonly boundaries: readonly number[]
  /** Roles by subject. */
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>
}

const FIELD_SETS: readonly FieldSet[] = ['REFERENCE', 'NAV', 'PERFORMANCE', 'RISK']
const NO_ROLES: ReadonlySet<string> = new Set()

export class GrantsIndex {
  readonly #numbers: ResourceNumbers
  readonly #structure = new Structure()
  readonly #tenants = new Map<string, Held>()
  readonly #lists = new VisibleLists<Held>()

  /** `beside`: an index that this one will renew; both then give a resource the same number. */
  constructor(beside?: GrantsIndex) {
    this.#numbers = beside ? beside.#numbers : new ResourceNumbers()
  }

  /** Takes all grants of one tenant as of their epoch. False where what we have is as new or newer. */
  put(grants: EntitlementGrants): boolean {
    const before = this.#tenants.get(grants.tenantId)
    // What cannot be trusted at an epoch may be told again at the same.
    if (before && (before.known ? before.epoch >= grants.epoch : before.epoch > grants.epoch)) return false
    this.#tenants.set(grants.tenantId, this.#held(grants))
    return true
  }

  /** Refuses the tenant everything until its grants are told anew. */
  forget(tenant: string): void {
    this.#tenants.set(tenant, nothing(this.epoch(tenant)))
  }

  /** Takes the fund of a share class. Returns the tenants for which that makes a difference. */
  putStructure({ shareClassId, fundId, sequence }: FundStructure): readonly string[] {
    const shareClass = this.#numbers.of('SHARE_CLASS', shareClassId)
    const touched = this.#structure.put(shareClass, this.#numbers.of('FUND', fundId), sequence)
    return this.#holders(new Set([...touched, ...(touched.length > 0 ? [shareClass] : [])]))
  }

  /** The share class is opened by grants of itself alone until its fund is told anew. Returns the tenants that lose by it. */
  forgetStructure(shareClassId: string): readonly string[] {
    const shareClass = this.#numbers.of('SHARE_CLASS', shareClassId)
    const touched = this.#structure.forget(shareClass)
    return this.#holders(new Set([...touched, ...(touched.length > 0 ? [shareClass] : [])]))
  }

  /**
   * Takes over what a second reading of everything found (into an index made beside this one), and returns the tenants
   * for which that made a difference. A tenant of which we knew more is forgotten: the source has lost something, perhaps
   * a revocation.
   */
  renew(reading: GrantsIndex): readonly string[] {
    const changed = new Set<string>()
    for (const tenant of new Set([...this.#tenants.keys(), ...reading.#tenants.keys()])) {
      const before = this.#tenants.get(tenant)
      const found = reading.#tenants.get(tenant)
      const after = found && found.epoch >= (before?.epoch ?? 0) ? found : nothing(before?.epoch ?? 0)
      this.#tenants.set(tenant, after)
      if (before?.epoch !== after.epoch || before.known !== after.known) changed.add(tenant)
    }
    const touched = this.#structure.renew(reading.#structure)
    const resources = new Set([...touched].flatMap((fund) => [fund, ...this.#structure.classesOf(fund)]))
    for (const tenant of this.#holders(resources)) changed.add(tenant)
    return [...changed]
  }

  /**
   * Whether a grant opens the resource to the reading at that instant. With the date of a value: whether it opens that
   * value. Without one: whether it opens any.
   */
  mayRead(reading: Reading, resource: Resource, at: Date, valueDate?: string): boolean {
    const last = this.#lastDay(reading, resource, at)
    if (last === NO_DAY) return false
    return valueDate === undefined || last === EVERY_DAY || dayOf(valueDate) <= last
  }

  /** The latest date whose values the reading may see; null: whatever there is; undefined: not even the resource. */
  lastVisibleDate(reading: Reading, resource: Resource, at: Date): string | null | undefined {
    const last = this.#lastDay(reading, resource, at)
    if (last === NO_DAY) return undefined
    return last === EVERY_DAY ? null : dateOf(last)
  }

  /** The ids of all resources of the kind for which `mayRead` holds, in the order of their characters. */
  visible(reading: Reading, kind: ResourceKind, at: Date): readonly string[] {
    const held = this.#tenants.get(reading.tenant)
    if (!held?.known) return []
    const order = this.#numbers.order(kind)
    const until = () => (this.nextBoundary(reading.tenant, at) ?? new Date(8.64e15)).getTime()
    const state = { held, order, structure: this.#structure.version }
    return this.#lists.take(reading, kind, at, state, until, () => {
      const marks = this.#mark(held, reading, kind, order.places, order.ids.length, at)
      return order.ids.filter((_, place) => marks[place] === 1)
    })
  }

  /** The field sets that anything is open in, through the channel and from the region. */
  fieldSets(tenant: string, channel: Channel, region: string | undefined, at: Date): ReadonlySet<FieldSet> {
    const terms = this.#tenants.get(tenant)?.terms.filter((one) => inForce(one, at)) ?? []
    return new Set(FIELD_SETS.filter((fieldSet) => terms.some((one) => suits(one, { channel, region, fieldSet }))))
  }

  /** What the subject is within its tenant. */
  roles(tenant: string, subject: string): ReadonlySet<string> {
    return this.#tenants.get(tenant)?.roles.get(subject) ?? NO_ROLES
  }

  /** The fund of a share class, where it is known. */
  fundOf(shareClassId: string): string | undefined {
    const number = this.#numbers.find({ kind: 'SHARE_CLASS', id: shareClassId })
    const fund = number === undefined ? undefined : this.#structure.fundOf(number)
    return fund === undefined ? undefined : this.#numbers.resource(fund).id
  }

  /** The share classes that are known of a fund, in no order. */
  shareClassesOf(fundId: string): readonly string[] {
    const number = this.#numbers.find({ kind: 'FUND', id: fundId })
    return number === undefined
      ? []
      : [...this.#structure.classesOf(number)].map((one) => this.#numbers.resource(one).id)
  }

  /** 0 for a tenant that we have not heard of. */
  epoch(tenant: string): number {
    return this.#tenants.get(tenant)?.epoch ?? 0
  }

  /** Whether what the tenant holds is known as of that epoch at least. */
  knows(tenant: string, epoch: number): boolean {
    const held = this.#tenants.get(tenant)
    return epoch <= 0 || (held?.known === true && held.epoch >= epoch)
  }

  /** When time alone next changes what is open after that instant, in whole milliseconds: at it, the change has happened. */
  nextBoundary(tenant: string, after: Date): Date | undefined {
    const held = this.#tenants.get(tenant)
    if (!held) return undefined
    const now = after.getTime() * 1_000
    const next = held.boundaries.find((boundary) => boundary > now)
    // With each new day, an embargo opens the values of one more.
    const embargoed = held.terms.some((terms) => terms.embargoDays > 0 && terms.to > now)
    const instants = [
      ...(next === undefined ? [] : [Math.ceil(next / 1_000)]),
      ...(embargoed ? [Date.parse(`${dateOf(today(after) + 1)}T00:00:00Z`)] : []),
    ]
    return instants.length === 0 ? undefined : new Date(Math.min(...instants))
  }

  /** The last day whose values are open; NO_DAY: the resource is not. */
  #lastDay(reading: Reading, resource: Resource, at: Date): number {
    const held = this.#tenants.get(reading.tenant)
    const number = this.#numbers.find(resource)
    if (!held || number === undefined) return NO_DAY
    let last = lastDayOf(held, number, reading, at)
    if (resource.kind === 'SHARE_CLASS') {
      const fund = this.#structure.fundOf(number)
      if (fund !== undefined) last = Math.max(last, lastDayOf(held, fund, reading, at))
    } else if (reading.fieldSet === 'REFERENCE' && last === NO_DAY) {
      for (const one of this.#structure.classesOf(number)) last = Math.max(last, lastDayOf(held, one, reading, at))
    }
    return last
  }

  /** A mark at the place of each visible resource. */
  #mark(held: Held, reading: Reading, kind: ResourceKind, places: Int32Array, count: number, at: Date): Uint8Array {
    const marks = new Uint8Array(count)
    const open = held.terms.map((terms) => inForce(terms, at) && suits(terms, reading))
    const { resources, places: termsOfResource } = held
    // Counted and not iterated: pairs for thousands of grants would cost as much as all the rest.
    for (let index = 0; index < resources.length; index += 1) {
      if (!open[termsOfResource[index]!]) continue
      const number = resources[index]!
      if (this.#numbers.resource(number).kind === kind) marks[places[number]!] = 1
      else if (kind === 'SHARE_CLASS') for (const one of this.#structure.classesOf(number)) marks[places[one]!] = 1
      else if (reading.fieldSet === 'REFERENCE') {
        const fund = this.#structure.fundOf(number)
        if (fund !== undefined) marks[places[fund]!] = 1
      }
    }
    return marks
  }

  /** The tenants that hold a grant of any of the resources, in whatever state. */
  #holders(resources: ReadonlySet<number>): readonly string[] {
    if (resources.size === 0) return []
    const holds = ({ resources: own }: Held) =>
      resources.size < 16
        ? [...resources].some((number) => own[firstOf(own, number)] === number)
        : own.some((number) => resources.has(number))
    return [...this.#tenants].filter(([, held]) => holds(held)).map(([tenant]) => tenant)
  }

  #held({ epoch, grants, principals }: EntitlementGrants): Held {
    const terms: Terms[] = []
    const placeOf = new Map<string, number>()
    const entries = grants.map((grant: ActiveGrant): readonly [resource: number, place: number] => {
      const own = termsOf(grant)
      const key = termsKey(own)
      let place = placeOf.get(key)
      if (place === undefined) {
        place = terms.push(own) - 1
        placeOf.set(key, place)
      }
      return [this.#numbers.of(grant.resourceKind, grant.resourceId), place]
    })
    entries.sort(([a], [b]) => a - b)
    const boundaries = new Set(terms.flatMap(({ from, to }) => (to === Infinity ? [from] : [from, to])))
    return {
      epoch,
      known: true,
      resources: Uint32Array.from(entries, ([resource]) => resource),
      places: Uint32Array.from(entries, ([, place]) => place),
      terms,
      boundaries: [...boundaries].sort((a, b) => a - b),
      roles: new Map(principals.map(({ subject, roles }) => [subject, new Set(roles)])),
    }
  }
}

const NONE = new Uint32Array(0)

const nothing = (epoch: number): Held => ({
  epoch,
  known: false,
  resources: NONE,
  places: NONE,
  terms: [],
  boundaries: [],
  roles: new Map(),
})

/** The last day whose values the grants of this very resource open; NO_DAY: none does. */
function lastDayOf(held: Held, number: number, reading: Reading, at: Date): number {
  const { resources, places, terms } = held
  let last = NO_DAY
  for (let index = firstOf(resources, number); resources[index] === number; index += 1) {
    const own = terms[places[index]!]!
    if (inForce(own, at) && suits(own, reading)) last = Math.max(last, lastDay(own, reading.fieldSet, at))
  }
  return last
}

/** Where the number stands first in the ascending row, or would. */
function firstOf(row: Uint32Array, number: number): number {
  let low = 0
  let high = row.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (row[middle]! < number) low = middle + 1
    else high = middle
  }
  return low
}
