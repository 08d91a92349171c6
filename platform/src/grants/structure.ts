/** To which fund each share class belongs, by their numbers: which share classes the grant of a fund opens, and back. */

interface Membership {
  /** Undefined: what was told cannot be read, and nothing follows from the fund. */
  readonly fund: number | undefined
  readonly sequence: number
}

export class Structure {
  readonly #memberships = new Map<number, Membership>()
  readonly #classes = new Map<number, Set<number>>()
  #version = 0

  /** Grows with each change. */
  get version(): number {
    return this.#version
  }

  /** Returns the funds that the share class left or joined; none where what we have is as new or newer, or the same. */
  put(shareClass: number, fund: number | undefined, sequence: number): readonly number[] {
    const before = this.#memberships.get(shareClass)
    // What could not be read may be told again at the same sequence.
    if (before && (before.fund === undefined ? before.sequence > sequence : before.sequence >= sequence)) return []
    this.#memberships.set(shareClass, { fund, sequence })
    if (before?.fund === fund) return []
    if (before?.fund !== undefined) this.#classes.get(before.fund)?.delete(shareClass)
    if (fund !== undefined) {
      const classes = this.#classes.get(fund)
      if (classes) classes.add(shareClass)
      else this.#classes.set(fund, new Set([shareClass]))
    }
    this.#version += 1
    return [before?.fund, fund].filter((one) => one !== undefined)
  }

  /** Nothing follows from the fund of this share class until it is told anew. */
  forget(shareClass: number): readonly number[] {
    const before = this.#memberships.get(shareClass)
    if (before?.fund === undefined) return []
    this.#memberships.set(shareClass, { fund: undefined, sequence: before.sequence })
    this.#classes.get(before.fund)?.delete(shareClass)
    this.#version += 1
    return [before.fund]
  }

  /** Takes over what a second reading of everything found; what is missing in it or older is forgotten. Returns the funds that it touched. */
  renew(reading: Structure): ReadonlySet<number> {
    const touched = new Set<number>()
    for (const shareClass of [...this.#memberships.keys()]) {
      const found = reading.#memberships.get(shareClass)
      if (found?.fund !== undefined && found.sequence >= this.#memberships.get(shareClass)!.sequence) continue
      for (const fund of this.forget(shareClass)) touched.add(fund)
    }
    for (const [shareClass, { fund, sequence }] of reading.#memberships) {
      if (fund === undefined) continue
      for (const one of this.put(shareClass, fund, sequence)) touched.add(one)
    }
    return touched
  }

  fundOf(shareClass: number): number | undefined {
    return this.#memberships.get(shareClass)?.fund
  }

  classesOf(fund: number): Iterable<number> {
    return this.#classes.get(fund) ?? []
  }
}
