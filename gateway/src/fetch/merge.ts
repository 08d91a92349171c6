/**
 * Merges what a subgraph answered into what is there already: in place and deep, objects by name, lists by index.
 *
 * Two subgraphs that both have a field should agree on it. Where they do not, nothing is lost that was there: a null does
 * not replace a value, and an object or list stays what it was when something else, or a list of another length, comes
 * (other fetches may be about to merge into what stands in it). Of two different scalars the later one stays.
 */
import { type Data, own, set } from './data.ts'

/** What an object's type is called, where subgraphs differ in that. */
export interface TypeNaming {
  /** The response names under which `__typename` was asked for. */
  readonly names: readonly string[]
  /** The names of the graph's interfaces: how a subgraph with an interface object calls every entity. */
  readonly interfaces: ReadonlySet<string>
}

/** Merges an answer, which is JSON just read: it has own properties only. */
export function merge(target: Data, source: Data, naming: TypeNaming): void {
  for (const name in source) {
    const value = source[name]
    if (value === undefined) continue
    const before = own(target, name)
    if (before === undefined || before === null) set(target, name, value)
    else if (value === null || value === before) continue
    else if (typeof before === 'object') mergeBelow(before, value, naming)
    else if (typeof value !== 'object' && !isVaguer(name, value, naming)) set(target, name, value)
  }
}

function mergeBelow(before: object, value: unknown, naming: TypeNaming): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(before)) {
    if (!Array.isArray(value)) merge(before as Data, value as Data, naming)
    return
  }
  if (!Array.isArray(value) || value.length !== before.length) return
  for (let index = 0; index < before.length; index += 1) {
    const item = before[index]
    if (item === null) before[index] = value[index]
    else if (typeof item === 'object') mergeBelow(item, value[index], naming)
    else if (value[index] !== null && typeof value[index] !== 'object') before[index] = value[index]
  }
}

/** Whether a type's name is an interface's: whatever name is there already is no vaguer. */
const isVaguer = (name: string, value: unknown, { names, interfaces }: TypeNaming): boolean =>
  typeof value === 'string' && interfaces.has(value) && names.includes(name)
