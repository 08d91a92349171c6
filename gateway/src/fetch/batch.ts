import type { Data } from './data.ts'
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

/** Objects that lack what must be said of them are passed over: why they lack it has been told already. */
export function batch(found: readonly Found[]): Batch {
  const texts: string[] = []
  const targets: Data[] = []
  const indexes: number[] = []
  const uses: number[] = []
  let known: Map<string, number> | undefined
  for (let use = 0; use < found.length; use += 1) {
    const { objects, writer } = found[use]!
    for (let at = 0; at < objects.length; at += 1) {
      const target = objects[at]!
      const text = writer.says(target.__typename) ? writer.write(target) : undefined
      if (text === undefined) continue
      let index = known?.get(text)
      if (index === undefined) {
        index = texts.length
        texts.push(text)
        if (objects.length > 1 || found.length > 1) {
          known ??= new Map()
          known.set(text, index)
        }
      }
      targets.push(target)
      indexes.push(index)
      uses.push(use)
    }
  }
  return { texts, targets, indexes, uses }
}
