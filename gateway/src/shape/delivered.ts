import type { GraphQLError } from 'graphql'
import { partialError } from '../errors/catalogue.ts'
import type { Fetched } from '../fetch/executor.ts'
import type { Path, Run } from './run.ts'

/**
 * What an answer holds, as the audit and the budget read it: the merged data under the plan's names, with null where the
 * answer has it. Made where it is asked for: most data need no null.
 */
export class Delivered {
  private readonly fetched: Fetched
  private readonly run: Run
  private readonly isNull: boolean

  constructor(fetched: Fetched, run: Run, isNull: boolean) {
    this.fetched = fetched
    this.run = run
    this.isNull = isNull
  }

  get data(): unknown {
    return this.isNull ? null : withNulls(this.fetched.data, this.run.nulled)
  }

  get errors(): readonly GraphQLError[] {
    const { faults } = this.run
    return [
      ...this.fetched.errors,
      ...(faults.length > 0 ? uncovered(faults, this.fetched.errors) : []).map((path) =>
        partialError('SUBGRAPH_INVALID_RESPONSE', undefined, { path }),
      ),
    ]
  }
}

/** The faults that no error tells of yet: none is at their place, above it or below it. */
function uncovered(faults: readonly Path[], errors: readonly GraphQLError[]): readonly Path[] {
  if (errors.length === 0) return faults
  const places = new Set<string>()
  const above = new Set<string>()
  for (const { path } of errors) {
    const steps = prefixes(path ?? [])
    places.add(steps.at(-1)!)
    for (const step of steps) above.add(step)
  }
  return faults.filter((fault) => {
    const steps = prefixes(fault)
    return !above.has(steps.at(-1)!) && !steps.some((step) => places.has(step))
  })
}

/** Each place on the way to a path, from the root on. */
const prefixes = (path: Path): readonly string[] => {
  let place = ''
  const places = ['']
  for (const step of path) {
    place += `${JSON.stringify(step)} `
    places.push(place)
  }
  return places
}

/** Shares everything with the data but what is on the way to a null. */
function withNulls(data: unknown, places: readonly Path[]): unknown {
  if (places.length === 0) return data
  const copied = new Set<unknown>()
  const copy = (value: unknown) => {
    if (copied.has(value)) return value as Record<string | number, unknown>
    const own = Array.isArray(value) ? [...value] : Object.assign(Object.create(null), value)
    copied.add(own)
    return own as Record<string | number, unknown>
  }
  const root = copy(data)
  for (const path of places) {
    let parent: Record<string | number, unknown> | null = root
    for (const step of path.slice(0, -1)) {
      const below: unknown = parent[step]
      if (below === null || below === undefined) {
        parent = null
        break
      }
      parent = parent[step] = copy(below)
    }
    if (parent) parent[path.at(-1)!] = null
  }
  return root
}
