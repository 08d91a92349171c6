/** Numbers in place of ids, so that what thousands of tenants hold fits into memory and is compared in nanoseconds. */
import type { ResourceKind } from '@fundmesh/contracts/generated/events'

/** A kind of resource and the id of one. */
export interface Resource {
  readonly kind: ResourceKind
  readonly id: string
}

/** The ids of one kind in their order, and the place of each number in it. */
export interface Order {
  readonly ids: readonly string[]
  /** By number; -1 for those of another kind. */
  readonly places: Int32Array
}

/** Only grows: with the ids that were ever granted or published, not with what is asked for. */
export class ResourceNumbers {
  readonly #numbers: Readonly<Record<ResourceKind, Map<string, number>>> = { FUND: new Map(), SHARE_CLASS: new Map() }
  readonly #resources: Resource[] = []
  readonly #orders = new Map<ResourceKind, Order>()

  /** The number of a resource, a new one where it has none. */
  of(kind: ResourceKind, id: string): number {
    const known = this.#numbers[kind].get(id)
    if (known !== undefined) return known
    const number = this.#resources.push({ kind, id }) - 1
    this.#numbers[kind].set(id, number)
    this.#orders.clear()
    return number
  }

  /** Undefined where nobody ever held it and nothing was told of it. */
  find({ kind, id }: Resource): number | undefined {
    return this.#numbers[kind].get(id)
  }

  resource(number: number): Resource {
    return this.#resources[number]!
  }

  /** Made when it is first asked for after a new id: sorting thousands of texts takes milliseconds. */
  order(kind: ResourceKind): Order {
    const known = this.#orders.get(kind)
    if (known) return known
    const ids = [...this.#numbers[kind].keys()].sort()
    const places = new Int32Array(this.#resources.length).fill(-1)
    for (const [place, id] of ids.entries()) places[this.#numbers[kind].get(id)!] = place
    const order = { ids, places }
    this.#orders.set(kind, order)
    return order
  }
}
