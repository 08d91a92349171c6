/** The SDL of each subgraph of a generated graph. */
import { colours, type Model, type ModelField, type ModelObject, typeText } from './model.ts'

export function sdlOf(model: Model, subgraph: string): string {
  const field = (one: ModelField, sharedBy: number, directives = '') => {
    const shared = sharedBy > 1 ? ' @shareable' : ''
    const requires = one.requires ? ` @requires(fields: ${JSON.stringify(one.requires.fields)})` : ''
    const provides = one.provides?.[subgraph] ? ` @provides(fields: ${JSON.stringify(one.provides[subgraph])})` : ''
    const override = one.overridden && one.overridden !== subgraph ? ` @override(from: "${one.overridden}")` : ''
    const hidden = one.inaccessible ? ' @inaccessible' : ''
    const argument = one.argument ? `(${one.argument})` : ''
    return `  ${one.name}${argument}: ${typeText(one.type)}${shared}${requires}${provides}${override}${hidden}${directives}`
  }
  const lines: string[] = []

  const roots = model.roots.filter(({ owners }) => owners.includes(subgraph))
  if (roots.length > 0) lines.push('type Query {', ...roots.map((one) => field(one, one.owners.length)), '}')

  const providedBy = (object: ModelObject) => new Set(Object.values(object.external).flat())
  for (const object of model.objects) {
    const keys = object.keys[subgraph]
    if (!keys) continue
    const interfaces = object.interfaces.filter((name) =>
      model.interfaces.some((one) => one.name === name && one.fields[subgraph]),
    )
    const external = object.external[subgraph] ?? []
    const inKeys = keys.map(({ fields }) => fields).join(' ')
    const isKey = (name: string) => new RegExp(`\\b${name}\\b`).test(inKeys)
    const has = object.fields.filter(({ name, owners }) => owners.includes(subgraph) || external.includes(name))
    // An empty value would not be there.
    const own = object.fields.filter(({ overridden }) => overridden === subgraph)
    const provided = providedBy(object)
    lines.push(
      `type ${object.name}${interfaces.length > 0 ? ` implements ${interfaces.join(' & ')}` : ''}${keys
        .map(({ fields, resolvable }) => ` @key(fields: "${fields}"${resolvable ? '' : ', resolvable: false'})`)
        .join('')} {`,
      ...has.map((one) => {
        if (!one.owners.includes(subgraph)) return field({ ...one, ...without }, 1, ' @external')
        const shareable = one.owners.length > 1 || provided.has(one.name) || object.kind === 'value'
        return field(one, shareable && !isKey(one.name) ? 2 : 1)
      }),
      ...own.map((one) => field({ ...one, ...without }, 1)),
      '}',
    )
    if (isKey('inner')) lines.push(`type Inner${object.name} @shareable { no: Int! of: String! }`)
  }

  for (const { name, fields, keyed, implementations, objectIn } of model.interfaces) {
    const here = fields[subgraph]
    if (here) {
      const like = (one: string) =>
        fieldsOfAny(model, implementations)
          .filter(({ name: own }) => own === one)
          .map((known) => `  ${one}${known.argument ? `(${known.argument})` : ''}: ${typeText(known.type)}`)[0]!
      lines.push(`interface ${name}${keyed === subgraph ? ' @key(fields: "id")' : ''} {`, ...here.map(like), '}')
    }
    if (objectIn?.subgraph === subgraph) {
      lines.push(
        `type ${name} @interfaceObject @key(fields: "id") {`,
        '  id: ID!',
        ...objectIn.fields.map((one) => field(one, 1)),
        '}',
      )
    }
  }
  for (const { name, members } of model.unions) {
    if (members[subgraph]) lines.push(`union ${name} = ${members[subgraph].join(' | ')}`)
  }
  const text = lines.join('\n')
  return [
    text,
    ...(/\bColour\b/.test(text) ? [`enum Colour { ${colours.join(' ')} }`] : []),
    ...(/\bBlob\b/.test(text) ? ['scalar Blob'] : []),
  ].join('\n')
}

/** What whoever only names a field, or has given it away, does not say of it. */
const without = { requires: undefined, provides: undefined, overridden: undefined } as unknown as Partial<ModelField>

const fieldsOfAny = ({ objects }: Model, names: readonly string[]): readonly ModelField[] =>
  objects.filter(({ name }) => names.includes(name)).flatMap(({ fields }) => fields)
