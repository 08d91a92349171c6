import type { Lookup } from './asks.ts'
import { combined, type Sent } from './combined-document.ts'

/** What one request asks of entities. Lookups that find nobody to ask for are left out of it. */
export class Lookups {
  readonly all: readonly Lookup[]
  /** By the lookups that are left. */
  readonly #documents = new Map<string, Sent>()

  constructor(all: readonly Lookup[]) {
    this.all = all
  }

  /** The document that asks for some of them. */
  document(some: readonly Lookup[]): Sent {
    if (some.length === 1) return some[0]!.sent
    const key = some.map((lookup) => this.all.indexOf(lookup)).join(' ')
    const known = this.#documents.get(key)
    if (known) return known
    const document = combined(some.map(({ sent }) => sent))
    this.#documents.set(key, document)
    return document
  }
}
