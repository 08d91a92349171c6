/**
 * Makes a graph by chance. Every subgraph can reach all of an entity: one has all of the entity's keys (its home), the
 * others at least one of them, and whoever refers to it names a key; so what composes can be answered.
 */
import { random } from '@fundmesh/platform/testing/random'
import { leafTypes, type Model, type ModelField, type ModelKey, type Requires, type TypeUse } from './model.ts'

type Draft<T> = { -readonly [K in keyof T]: T[K] }
type FieldDraft = Draft<ModelField>
interface ObjectDraft {
  readonly kind: 'entity' | 'value'
  readonly name: string
  readonly fields: FieldDraft[]
  readonly keys: Record<string, ModelKey[]>
  readonly interfaces: string[]
  readonly external: Record<string, string[]>
  readonly home: string
  /** Subgraphs that have fields of it, not only its keys. */
  readonly participants: readonly string[]
}
interface InterfaceDraft {
  readonly name: string
  readonly implementations: readonly string[]
  readonly usedIn: Set<string>
  keyed?: string
  objectFields?: FieldDraft[]
}
interface UnionDraft {
  readonly name: string
  readonly all: readonly string[]
  readonly members: Record<string, string[]>
}

const secondKeys = ['code', 'one two', 'inner { no }', 'id inner { of }']
const keyFieldTypes: Readonly<Record<string, string>> = { id: 'ID', code: 'String', one: 'Int', two: 'String' }

export function generateModel(seed: number): Model {
  const chance = random(seed)
  const subgraphs = ['a', 'b', 'c', 'd'].slice(0, 2 + chance.below(3))
  const some = <T>(all: readonly T[], probability: number) => all.filter(() => chance.chance(probability))

  const objects: ObjectDraft[] = []
  const interfaces: InterfaceDraft[] = []
  const unions: UnionDraft[] = []

  const entities = Array.from({ length: 2 + chance.below(3) }, (_, i) => `E${i}`)
  const implementing = new Set<string>()
  for (let i = 0; i < chance.below(3); i++) {
    const implementations = some(entities, 0.6)
    if (implementations.length === 0) continue
    interfaces.push({ name: `I${i}`, implementations, usedIn: new Set() })
    for (const name of implementations) implementing.add(name)
  }
  for (const name of entities) {
    const home = chance.pick(subgraphs)
    const others = some(
      subgraphs.filter((one) => one !== home),
      0.6,
    )
    const second = chance.chance(0.6) ? chance.pick(secondKeys) : undefined
    const id: ModelKey = { fields: 'id', resolvable: true }
    const both = second ? [id, { fields: second, resolvable: true }] : [id]
    const keys: Record<string, ModelKey[]> = { [home]: chance.chance(0.5) ? both : [...both].reverse() }
    for (const other of others) {
      if (!second || chance.chance(0.4)) keys[other] = [id]
      else if (implementing.has(name) || chance.chance(0.5)) keys[other] = [{ fields: second, resolvable: false }, id]
      else keys[other] = [{ fields: second, resolvable: true }]
    }
    objects.push({
      kind: 'entity',
      name,
      fields: [],
      keys,
      interfaces: [],
      external: {},
      home,
      participants: [home, ...others],
    })
  }
  for (let i = 0; i < chance.below(3); i++) {
    objects.push({
      kind: 'value',
      name: `V${i}`,
      fields: [],
      keys: {},
      interfaces: [],
      external: {},
      home: '',
      participants: [],
    })
  }
  const objectNamed = (name: string) => objects.find((one) => one.name === name)!
  for (const { name, implementations } of interfaces) {
    for (const one of implementations) objectNamed(one).interfaces.push(name)
  }
  if (chance.chance(0.6)) {
    unions.push({
      name: 'U0',
      all: [chance.pick(objects).name, ...some(objects, 0.5).map(({ name }) => name)],
      members: {},
    })
  }

  /** Lets a subgraph refer to a type. */
  const ensure = (name: string, subgraph: string): void => {
    const object = objects.find((one) => one.name === name)
    if (object) {
      if (object.keys[subgraph]) return
      object.keys[subgraph] = object.kind === 'value' ? [] : [{ fields: 'id', resolvable: chance.chance(0.5) }]
      for (const { type } of object.fields) if (object.kind === 'value') ensure(type.name, subgraph)
      return
    }
    const face = interfaces.find((one) => one.name === name)
    if (face && !(face.keyed && subgraph === 'x')) {
      face.usedIn.add(subgraph)
      if (!face.implementations.some((one) => objectNamed(one).keys[subgraph]))
        ensure(chance.pick(face.implementations), subgraph)
    }
    const union = unions.find((one) => one.name === name)
    if (union && !union.members[subgraph]) {
      const members = [...new Set([union.all[0]!, ...some(union.all, 0.6)])]
      union.members[subgraph] = members
      for (const member of members) ensure(member, subgraph)
    }
  }

  const typeUse = (name: string, lists = chance.pick([0, 0, 1, 1, 2])): TypeUse => ({
    name,
    nonNull: Array.from({ length: 1 + lists }, () => chance.chance(0.3)),
  })
  const composites = () => [...objects, ...interfaces, ...unions].map(({ name }) => name)
  const anyField = (name: string, owners: readonly string[], leafOnly = false): FieldDraft => {
    const leaf = leafOnly || chance.chance(0.55)
    const type = leaf ? typeUse(chance.pick(leafTypes), chance.pick([0, 0, 0, 1])) : typeUse(chance.pick(composites()))
    for (const owner of owners) ensure(type.name, owner)
    return { name, type, candidates: [], owners, ...(leaf && chance.chance(0.25) && { argument: 'x: Int = 2' }) }
  }
  const owning = (all: readonly string[]) => {
    const owner = chance.pick(all)
    return chance.chance(0.15) ? [...new Set([owner, chance.pick(all)])] : [owner]
  }

  // Before anything refers to them: whoever has a value has what it refers to.
  for (const object of objects.filter(({ kind }) => kind === 'value')) {
    for (let i = 0; i <= chance.below(3); i++) {
      const name = chance.chance(0.2) ? chance.pick(entities) : chance.pick(leafTypes)
      object.fields.push({ name: `v${i}`, type: typeUse(name, 0), candidates: [], owners: [] })
    }
  }
  for (const { name, implementations } of interfaces) {
    const label: FieldDraft = { name: `of${name}`, type: typeUse('String', 0), candidates: [], owners: [] }
    for (const one of implementations)
      objectNamed(one).fields.push({ ...label, owners: owning(objectNamed(one).participants) })
  }
  for (const object of objects.filter(({ kind }) => kind === 'entity')) {
    for (let i = 0; i < 1 + chance.below(4); i++) object.fields.push(anyField(`f${i}`, owning(object.participants)))
  }

  const keyed = chance.chance(0.4) ? interfaces[0] : undefined
  if (keyed) {
    keyed.keyed = chance.pick(subgraphs)
    keyed.usedIn.add(keyed.keyed)
    for (const one of keyed.implementations) {
      const object = objectNamed(one)
      const here = object.keys[keyed.keyed]
      const rest = (here ?? []).filter(({ fields }) => fields !== 'id')
      object.keys[keyed.keyed] = [...rest, { fields: 'id', resolvable: true }]
    }
    keyed.objectFields = Array.from({ length: 1 + chance.below(3) }, (_, i): FieldDraft => {
      // One that leads on is enough: the planner looks at every combination of the ways that each could take.
      const leaf = i > 0 || chance.chance(0.6)
      return {
        name: `x${i}`,
        type: leaf ? typeUse(chance.pick(leafTypes), 0) : typeUse(keyed.name, chance.below(2)),
        candidates: [],
        owners: ['x'],
        ...(leaf && chance.chance(0.3) && { argument: 'x: Int = 2' }),
      }
    })
  }

  const roots: FieldDraft[] = []
  for (const subgraph of subgraphs) {
    for (let i = 0; i <= chance.below(3); i++) {
      const owners = chance.chance(0.15) ? [...new Set([subgraph, chance.pick(subgraphs)])] : [subgraph]
      roots.push(anyField(`${subgraph}${i}`, owners))
    }
  }
  if (!roots.some(({ type }) => !leafTypes.includes(type.name))) {
    const [owner] = subgraphs
    const type = typeUse(entities[0]!, 1)
    ensure(type.name, owner!)
    roots.push({ name: 'all', type, candidates: [], owners: [owner!] })
  }
  if (keyed) roots.push({ name: 'x0', type: typeUse(keyed.name), candidates: [], owners: ['x'] })

  const values = objects.filter(({ kind }) => kind === 'value')
  const leafFieldsOf = (name: string) => objectNamed(name).fields.filter(({ type }) => leafTypes.includes(type.name))
  const canBeTaken = ({ type }: FieldDraft) =>
    leafTypes.includes(type.name) ||
    (values.some(({ name }) => name === type.name) && leafFieldsOf(type.name).length > 0)

  for (const object of objects.filter(({ kind }) => kind === 'entity')) {
    for (let i = 0; i < chance.below(3); i++) {
      const subgraph = chance.pick(object.participants)
      const taken = object.fields.filter((one) => !one.owners.includes(subgraph) && canBeTaken(one))
      if (taken.length === 0) continue
      const reads = [...new Set([chance.pick(taken), chance.pick(taken)])].map((one): Requires['reads'][number] => {
        ensure(one.type.name, subgraph)
        const args: Readonly<Record<string, unknown>> = one.argument ? { x: chance.below(3) } : {}
        const below = leafTypes.includes(one.type.name) ? [] : [chance.pick(leafFieldsOf(one.type.name)).name]
        return { field: one.name, args, below }
      })
      for (const { field } of reads) nameExternal(object, subgraph, field)
      const fields = reads
        .map(
          ({ field, args, below }) =>
            `${field}${'x' in args ? `(x: ${args.x})` : ''}${below.length > 0 ? ` { ${below.join(' ')} }` : ''}`,
        )
        .join(' ')
      object.fields.push({
        name: `r${i}`,
        type: typeUse('String', 0),
        candidates: [],
        owners: [subgraph],
        requires: { fields, reads },
      })
    }
  }

  for (const field of [...roots, ...objects.flatMap((one) => (one.kind === 'entity' ? one.fields : []))]) {
    const entity = objects.find(({ name, kind }) => name === field.type.name && kind === 'entity')
    const [owner] = field.owners
    if (!entity || !owner || !chance.chance(0.3)) continue
    const given = entity.fields.filter(
      (one) => !one.owners.includes(owner) && leafTypes.includes(one.type.name) && !one.requires && !one.argument,
    )
    if (given.length === 0) continue
    const { name } = chance.pick(given)
    nameExternal(entity, owner, name)
    field.provides = { [owner]: name }
  }

  for (const object of objects.filter(({ kind }) => kind === 'entity')) {
    for (const field of object.fields) {
      const [owner] = field.owners
      const from = object.participants.filter((one) => one !== owner && !object.external[one]?.includes(field.name))
      const isAlone = field.owners.length === 1 && leafTypes.includes(field.type.name) && !field.requires
      const isFree = !Object.values(object.external).some((names) => names.includes(field.name))
      if (isAlone && isFree && from.length > 0 && !field.name.startsWith('of') && chance.chance(0.12))
        field.overridden = chance.pick(from)
      else if (isFree && leafTypes.includes(field.type.name) && !field.name.startsWith('of') && chance.chance(0.05))
        field.inaccessible = true
    }
  }

  // What follows from who has which type in the end.
  for (const object of objects) {
    if (object.kind === 'value') {
      for (const field of object.fields) field.owners = Object.keys(object.keys)
      continue
    }
    for (const name of ['id', 'code', 'one', 'two', 'inner']) {
      const owners = Object.keys(object.keys).filter((one) =>
        object.keys[one]!.some(({ fields }) => new RegExp(`\\b${name}\\b`).test(fields)),
      )
      if (owners.length === 0) continue
      const type = { name: keyFieldTypes[name] ?? `Inner${object.name}`, nonNull: [true] }
      const inaccessible = name === 'code' && chance.chance(0.3)
      object.fields.unshift({ name, type, candidates: [], owners, ...(inaccessible && { inaccessible }) })
    }
  }
  const has = (name: string, subgraph: string) => objectNamed(name).keys[subgraph] !== undefined
  const candidates = ({ type, owners }: FieldDraft): readonly string[] => {
    const face = interfaces.find(({ name }) => name === type.name)
    if (face) return face.implementations.filter((one) => owners.every((owner) => owner === 'x' || has(one, owner)))
    const union = unions.find(({ name }) => name === type.name)
    if (union) return union.all.filter((one) => owners.every((owner) => union.members[owner]!.includes(one)))
    return objects.some(({ name }) => name === type.name) ? [type.name] : []
  }
  for (const field of [...roots, ...objects.flatMap(({ fields }) => fields), ...(keyed?.objectFields ?? [])]) {
    field.candidates = candidates(field)
    const isAbstract = [...interfaces, ...unions].some(({ name }) => name === field.type.name)
    if (isAbstract && field.candidates.length === 0) {
      field.owners = field.owners.slice(0, 1)
      field.candidates = candidates(field)
    }
  }
  return {
    seed,
    subgraphs: keyed ? [...subgraphs, 'x'] : subgraphs,
    objects,
    interfaces: interfaces
      .filter(({ usedIn }) => usedIn.size > 0)
      .map((one) => ({
        name: one.name,
        implementations: one.implementations,
        fields: Object.fromEntries(
          [...one.usedIn].map((subgraph) => {
            const here = one.implementations.map(objectNamed).filter(({ keys }) => keys[subgraph])
            const label = here.every(({ fields }) =>
              fields.some(({ name, owners }) => name === `of${one.name}` && owners.includes(subgraph)),
            )
            return [subgraph, label ? ['id', `of${one.name}`] : ['id']]
          }),
        ),
        ...(one.keyed && { keyed: one.keyed, objectIn: { subgraph: 'x', fields: one.objectFields ?? [] } }),
      })),
    unions: unions.filter(({ members }) => Object.keys(members).length > 0),
    roots,
  }
}

function nameExternal({ external }: ObjectDraft, subgraph: string, field: string): void {
  external[subgraph] = [...new Set([...(external[subgraph] ?? []), field])]
}
