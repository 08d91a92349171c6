/**
 * Progressive `@override`: a field moves from one subgraph to another for those operations for which its label is on. A
 * label `percent(x)` is on for x of a hundred callers; any other only where it is configured. A caller stays where it is
 * from one operation to the next, and all labels of an operation are decided by one lot: whoever has moved with
 * `percent(10)` has also moved with `percent(20)`, and a plan is made for as many cases as there are labels, not for each
 * of their combinations. Who is nobody draws a lot for each operation.
 */
import { createHash } from 'node:crypto'
import { isInterfaceType, isObjectType, JOIN_VERSIONS, type Schema } from '@apollo/federation-internals'
import { type Caller, isAnonymous } from '@fundmesh/platform/identity/caller'
import type { Planner } from './planner.ts'

/** The labels of a supergraph's overrides. */
export function overrideLabels(schema: Schema): readonly string[] {
  const joinField = schema.coreFeatures!.getByIdentity(JOIN_VERSIONS.identity)!.directiveNameInSchema('field')
  const labels = new Set<string>()
  for (const type of schema.types()) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of type.fields()) {
      for (const applied of field.appliedDirectivesOf(joinField)) {
        const { overrideLabel } = applied.arguments()
        if (typeof overrideLabel === 'string') labels.add(overrideLabel)
      }
    }
  }
  return [...labels].sort()
}

export function withOverrides(
  planner: Planner,
  { labels, on }: { readonly labels: readonly string[]; readonly on: readonly string[] },
): Planner {
  if (labels.length === 0) return planner
  const always = labels.filter((label) => on.includes(label))
  const shares = labels.flatMap((label) => {
    const percent = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label)?.[1]
    return percent === undefined || always.includes(label) ? [] : [{ label, percent: Number(percent) }]
  })
  return {
    plan(operation) {
      const lot = shares.length > 0 ? lotOf(operation.caller) : 0
      const moved = shares.filter(({ percent }) => lot < percent).map(({ label }) => label)
      return planner.plan(operation, [...always, ...moved])
    },
  }
}

/** From 0 to below 100. */
function lotOf(caller: Caller): number {
  if (isAnonymous(caller)) return Math.random() * 100
  const digest = createHash('sha256')
    .update(JSON.stringify([caller.tenant, caller.subject]))
    .digest()
  return (digest.readUInt32BE() / 2 ** 32) * 100
}
