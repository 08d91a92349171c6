/**
 * Where in the merged data a fetch belongs: the plan's path, made into steps once. A path leads to as many objects as the
 * lists on it have items.
 */
import type { ResponsePath } from '@apollo/query-planner'
import { type Data, isData, own, type Path } from './data.ts'

export interface Step {
  /** A field's name in the merged data; undefined: each item of the list. */
  readonly name: string | undefined
  /** Only where the object that is reached is of one of these types; undefined: of any. */
  readonly types: readonly string[] | undefined
}

export type MergePath = readonly Step[]

/** An object of the merged data, where it stands, and the objects around it, from the root to itself. */
export interface Place {
  readonly object: Data
  readonly path: Path
  readonly around: readonly Data[]
}

/** The planner writes `@` for the items of a list, and `name|[A,B]` for objects of these types only. */
export const mergePath = (path: ResponsePath): MergePath =>
  path.map((element) => {
    const [name, types] = String(element).split('|[')
    return { name: name === '@' ? undefined : name, types: types?.replace(/\]$/, '').split(',') }
  })

/** Gathers the objects at a path. What is not as the path expects it is passed over: a subgraph may answer anything. */
export function gather(value: unknown, path: MergePath, at: number, found: Data[]): void {
  let here = value
  for (let index = at; index < path.length; index += 1) {
    const { name, types } = path[index]!
    if (name === undefined) {
      if (!Array.isArray(here)) return
      for (let item = 0; item < here.length; item += 1) {
        if (types === undefined || isOfTypes(here[item], types)) gather(here[item], path, index + 1, found)
      }
      return
    }
    if (!isData(here)) return
    // The planner's first element may be a condition on the root alone.
    if (name !== '') here = own(here, name)
    if (types !== undefined && !isOfTypes(here, types)) return
  }
  if (isData(here)) found.push(here)
}

/** The same objects with where they stand: for what is rare, an error or a context. */
export function placesAt(root: Data, path: MergePath): readonly Place[] {
  const found: Place[] = []
  const walk = (value: unknown, index: number, trail: Path, around: readonly Data[]): void => {
    const within = isData(value) ? [...around, value] : around
    const step = path[index]
    if (!step) {
      if (isData(value)) found.push({ object: value, path: trail, around: within })
      return
    }
    const { name, types } = step
    const enter = (below: unknown, next: Path) => {
      if (types === undefined || isOfTypes(below, types)) walk(below, index + 1, next, name === '' ? around : within)
    }
    if (name === undefined) {
      if (Array.isArray(value)) for (const [item, below] of value.entries()) enter(below, [...trail, item])
    } else if (isData(value)) {
      if (name === '') enter(value, trail)
      else enter(own(value, name), [...trail, name])
    }
  }
  walk(root, 0, [], [])
  return found
}

/** What is known of the path where there is no object: as far as the first list. */
export function pathBefore(path: MergePath): Path {
  const names: string[] = []
  for (const { name } of path) {
    if (name === undefined) break
    if (name !== '') names.push(name)
  }
  return names
}

const isOfTypes = (value: unknown, types: readonly string[]): boolean => {
  if (!isData(value)) return false
  const { __typename: type } = value
  return type === undefined || types.includes(type as string)
}
