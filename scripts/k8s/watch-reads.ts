/** An object that remembers which of its properties, at any depth, were looked at. */
export function watchReads<T extends object>(object: T): { value: T; reads: ReadonlySet<string> } {
  const reads = new Set<string>()
  return { value: watched(object, '', reads), reads }
}

/** The topmost paths of `object` that `reads` does not have; elements of lists are not told apart from their list. */
export function unreadPaths(object: unknown, reads: ReadonlySet<string>, path = ''): string[] {
  if (typeof object !== 'object' || object === null) return []
  return Object.entries(object).flatMap(([key, value]) => {
    const own = Array.isArray(object) ? `${path}[${key}]` : `${path}.${key}`
    return reads.has(own) ? unreadPaths(value, reads, own) : [own]
  })
}

function watched<T extends object>(object: T, path: string, reads: Set<string>): T {
  const isList = Array.isArray(object)
  return new Proxy(object, {
    get(target, key) {
      const value = Reflect.get(target, key)
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return value
      const own = isList ? `${path}[${key}]` : `${path}.${key}`
      reads.add(own)
      return typeof value === 'object' && value !== null ? watched(value, own, reads) : value
    },
  })
}
