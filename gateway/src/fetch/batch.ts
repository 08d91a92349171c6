import { type Data, own } from './data.ts'
import type { ObjectWriter } from './representations.ts'

/** The entities of one lookup: each representation once, and who stands behind it. */
export interface Batch {
  /** Representations as JSON text, no two equal. */
  readonly texts: readonly string[]
  /** Objects of the merged data; at the same index the place of each one's representation in `texts`, and of its use. */
  readonly targets: readonly Data[]
  readonly indexes: readonly number[]
  readonly uses: readonly number[]
}

/** The objects found for one use of a lookup. */
export interface Found {
  readonly objects: readonly Data[]
  readonly writer: ObjectWriter
}

/** Objects that lack what must be said of them are passed over: why they lack it is told elsewhere. */
export function batch(found: readonly Found[]): Batch {
  const texts: string[] = []
  const targets: Data[] = []
  const indexes: number[] = []
  const uses: number[] = []
  const known = new Map<string, number>()
  for (let use = 0; use < found.length; use += 1) {
    const { objects, writer } = found[use]!
    const seen = new Seen(writer)
    for (let at = 0; at < objects.length; at += 1) {
      const target = objects[at]!
      let index = seen.indexOf(target)
      if (index === undefined) {
        const text = seen.says(target) ? writer.write(target) : undefined
        if (text === undefined) continue
        index = known.get(text)
        if (index === undefined) {
          index = texts.length
          texts.push(text)
          known.set(text, index)
        }
        seen.add(target, index)
      }
      targets.push(target)
      indexes.push(index)
      uses.push(use)
    }
  }
  return { texts, targets, indexes, uses }
}

/** Objects of one type that were seen, by one of the values that are said of them. */
interface OfType {
  readonly says: boolean
  readonly leaves: readonly string[] | undefined
  readonly by: string | undefined
  readonly objects: Map<unknown, { readonly object: Data; readonly index: number }>
}

/** Finds an object that says the same as one before, without writing it: lists repeat their entities many times. */
class Seen {
  readonly #writer: ObjectWriter
  readonly #types = new Map<unknown, OfType>()
  #type: unknown
  #ofType: OfType | undefined

  constructor(writer: ObjectWriter) {
    this.#writer = writer
  }

  says(object: Data): boolean {
    return this.#of(object.__typename).says
  }

  indexOf(object: Data): number | undefined {
    const { leaves, by, objects } = this.#of(object.__typename)
    if (leaves === undefined || by === undefined) return undefined
    const before = objects.get(own(object, by))
    if (before === undefined) return undefined
    for (const name of leaves) if (own(object, name) !== own(before.object, name)) return undefined
    return before.index
  }

  add(object: Data, index: number): void {
    const { by, objects } = this.#of(object.__typename)
    if (by !== undefined) objects.set(own(object, by), { object, index })
  }

  #of(type: unknown): OfType {
    if (this.#ofType !== undefined && this.#type === type) return this.#ofType
    let known = this.#types.get(type)
    if (!known) {
      const leaves = this.#writer.leavesOf(type)
      // Any will do that tells most of them apart.
      known = {
        says: this.#writer.says(type),
        leaves,
        by: leaves?.findLast((name) => name !== '__typename'),
        objects: new Map(),
      }
      this.#types.set(type, known)
    }
    this.#type = type
    this.#ofType = known
    return known
  }
}
