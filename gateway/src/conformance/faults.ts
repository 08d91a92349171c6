/**
 * What goes wrong in a generated graph, only where the specifications say what must come of it: no field that another
 * takes as its input, and no entity that might be passed on the way to another subgraph.
 */
import type { Random } from '@fundmesh/platform/testing/random'
import { type Faults, keyFields, thingsOfEach } from './data.ts'
import type { Model } from './model.ts'

export const noFaults: Faults = { failing: new Set(), unknown: new Set() }

export function faultsOf(model: Model, chance: Random): Faults {
  const failing = new Set<string>()
  const unknown = new Set<string>()
  const required = new Set(
    model.objects.flatMap(({ name, fields }) =>
      fields.flatMap(({ requires }) =>
        (requires?.reads ?? []).flatMap(({ field, below }) => [
          `${name} ${field}`,
          ...below.map((inner) => `${fields.find((one) => one.name === field)!.type.name} ${inner}`),
        ]),
      ),
    ),
  )
  const isFree = (type: string, field: string) => !keyFields.includes(field) && !required.has(`${type} ${field}`)

  for (const { name, fields, external, keys } of model.objects) {
    for (const field of fields.filter((one) => isFree(name, one.name))) {
      if (chance.chance(0.12)) failing.add(`${name} ${chance.below(thingsOfEach)} ${field.name}`)
    }
    const externals = new Set(Object.values(external).flat())
    for (const subgraph of Object.keys(keys)) {
      const own = fields.filter(({ name: field, owners }) => owners.includes(subgraph) && !keyFields.includes(field))
      const isAlone = own.every(
        (field) =>
          field.owners.length === 1 && isFree(name, field.name) && !externals.has(field.name) && !field.overridden,
      )
      const hasOneKey = fields.filter((field) => keyFields.includes(field.name)).length === 1
      const isKeyed = model.interfaces.some(
        ({ keyed, implementations }) => keyed === subgraph && implementations.includes(name),
      )
      if (own.length > 0 && isAlone && hasOneKey && !isKeyed && chance.chance(0.2))
        unknown.add(`${subgraph} ${name} ${chance.below(thingsOfEach)}`)
    }
  }
  for (const { implementations, objectIn } of model.interfaces) {
    for (const { name } of objectIn?.fields ?? []) {
      if (chance.chance(0.2)) failing.add(`${chance.pick(implementations)} ${chance.below(thingsOfEach)} ${name}`)
    }
  }
  for (const { name } of model.roots) if (chance.chance(0.08)) failing.add(`Query 0 ${name}`)
  return { failing, unknown }
}
