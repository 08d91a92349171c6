import type { Data } from './data.ts'
import type { ObjectWriter } from './representations.ts'

/** The entities of one question: each representation once, and who stands behind it. */
export interface Batch {
  /** Representations as JSON text, no two equal. */
  readonly texts: readonly string[]
  /** Objects of the merged data, and at the same index the place of each one's representation in `texts`. */
  readonly targets: readonly Data[]
  readonly indexes: readonly number[]
}

/** Objects that lack what must be said of them are passed over: why they lack it has been told already. */
export function batch(found: readonly Data[], writer: ObjectWriter): Batch {
  const texts: string[] = []
  const targets: Data[] = []
  const indexes: number[] = []
  let known: Map<string, number> | undefined
  for (let at = 0; at < found.length; at += 1) {
    const target = found[at]!
    const text = writer.says(target.__typename) ? writer.write(target) : undefined
    if (text === undefined) continue
    let index = known?.get(text)
    if (index === undefined) {
      index = texts.length
      texts.push(text)
      if (found.length > 1) {
        known ??= new Map()
        known.set(text, index)
      }
    }
    targets.push(target)
    indexes.push(index)
  }
  return { texts, targets, indexes }
}
