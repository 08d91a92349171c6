import { LRUCache } from 'lru-cache'

/** Documents that clients taught a view by asking them once with their hash (Apollo's automatic persisted queries). */
export interface AutomaticDocuments {
  get(hash: string): string | undefined
  keep(hash: string, text: string): void
}

const mostDocuments = 1_000
/** Characters of all of them. */
const mostText = 8 * 1024 * 1024

/** Bounded: what was not asked for the longest is forgotten, and its client teaches it again. */
export function automaticDocuments(): AutomaticDocuments {
  const texts = new LRUCache<string, string>({
    max: mostDocuments,
    maxSize: mostText,
    sizeCalculation: (text) => text.length,
  })
  return { get: (hash) => texts.get(hash), keep: (hash, text) => void texts.set(hash, text) }
}
