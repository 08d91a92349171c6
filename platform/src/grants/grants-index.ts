/** Who may read what, in memory: a look-up by tenant and resource, and a window of time. Pure: no clock, no log. */
import type { EntitlementGrants } from '@fundmesh/contracts/generated/events'

/** A kind of resource and the id of one. */
export type Resource = readonly [kind: string, id: string]

/** In microseconds since 1970, which are safe integers until the year 2255. */
interface Window {
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

interface Held {
  readonly epoch: number
  /** False: what the tenant holds is not known, and nothing is allowed. */
  readonly known: boolean
  readonly windows: ReadonlyMap<string, readonly Window[]>
  /** When a window begins or ends, ascending. */
  readonly boundaries: readonly number[]
}

export class GrantsIndex {
  readonly #tenants = new Map<string, Held>()

  /** Takes all grants of one tenant as of their epoch. False where what we have is as new or newer. */
  put(grants: EntitlementGrants): boolean {
    const before = this.#tenants.get(grants.tenantId)
    // What cannot be trusted at an epoch may be told again at the same.
    if (before && (before.known ? before.epoch >= grants.epoch : before.epoch > grants.epoch)) return false
    this.#tenants.set(grants.tenantId, held(grants))
    return true
  }

  /** Refuses the tenant everything until its grants are told anew. */
  forget(tenant: string): void {
    this.#tenants.set(tenant, nothing(this.epoch(tenant)))
  }

  /**
   * Takes over what a second reading of everything found, and returns the tenants for which that made a difference.
   * A tenant of which we knew more is forgotten: the source has lost something, perhaps a revocation.
   */
  renew(reading: GrantsIndex): readonly string[] {
    const changed: string[] = []
    for (const tenant of new Set([...this.#tenants.keys(), ...reading.#tenants.keys()])) {
      const before = this.#tenants.get(tenant)
      const found = reading.#tenants.get(tenant)
      const after = found && found.epoch >= (before?.epoch ?? 0) ? found : nothing(before?.epoch ?? 0)
      this.#tenants.set(tenant, after)
      if (before?.epoch !== after.epoch || before.known !== after.known) changed.push(tenant)
    }
    return changed
  }

  /** Whether a grant of any one of the resources is in force at that instant. */
  mayRead(tenant: string, resources: Iterable<Resource>, at: Date): boolean {
    const windows = this.#tenants.get(tenant)?.windows
    if (!windows) return false
    const now = at.getTime() * 1_000
    for (const [kind, id] of resources) {
      if (windows.get(keyOf(kind, id))?.some(({ from, to }) => from <= now && now < to)) return true
    }
    return false
  }

  /** 0 for a tenant that we have not heard of. */
  epoch(tenant: string): number {
    return this.#tenants.get(tenant)?.epoch ?? 0
  }

  /** When the next window begins or ends after that instant, in whole milliseconds: at it, the change has happened. */
  nextBoundary(tenant: string, after: Date): Date | undefined {
    const now = after.getTime() * 1_000
    const next = this.#tenants.get(tenant)?.boundaries.find((boundary) => boundary > now)
    return next === undefined ? undefined : new Date(Math.ceil(next / 1_000))
  }
}

const keyOf = (kind: string, id: string) => `${kind}\0${id}`

const nothing = (epoch: number): Held => ({ epoch, known: false, windows: new Map(), boundaries: [] })

function held({ epoch, grants }: EntitlementGrants): Held {
  const windows = new Map<string, Window[]>()
  const boundaries = new Set<number>()
  for (const { resourceKind, resourceId, validFrom, validTo } of grants) {
    const window = { from: microseconds(validFrom), to: validTo === null ? Infinity : microseconds(validTo) }
    const key = keyOf(resourceKind, resourceId)
    const same = windows.get(key)
    if (same) same.push(window)
    else windows.set(key, [window])
    boundaries.add(window.from)
    if (window.to !== Infinity) boundaries.add(window.to)
  }
  return { epoch, known: true, windows, boundaries: [...boundaries].sort((a, b) => a - b) }
}

/** Of an instant `2024-01-16T18:00:00.000001Z`, with no more than six decimals. */
function microseconds(instant: string): number {
  return Date.parse(`${instant.slice(0, 19)}Z`) * 1_000 + Number(instant.slice(20, -1).padEnd(6, '0'))
}
