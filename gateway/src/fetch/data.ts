/** Merged data: what subgraphs answered, as JSON gives it. Nothing in it has been checked against a schema. */
export type Data = Record<string, unknown>

/** A place in an answer: names and the indexes of lists. */
export type Path = readonly (string | number)[]

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A property of the object's own: a response name may be one that every object inherits (`constructor`, `__proto__`). */
export function own(data: Data, name: string): unknown {
  const value = data[name]
  return typeof value === 'function' || name === '__proto__' ? (Object.hasOwn(data, name) ? value : undefined) : value
}

/** A copy that shares nothing. */
export function copyOf<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf) as Value
  const copy: Data = {}
  for (const name in value) set(copy, name, copyOf((value as Data)[name]))
  return copy as Value
}

/** Sets an own property. Assigning to `__proto__` would set the prototype instead. */
export function set(data: Data, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(data, name, { value, enumerable: true, configurable: true, writable: true })
  else data[name] = value
}
