/** Random operations on a schema: all that clients write, and what only an ill-willed one does. */
import type { Random } from '@fundmesh/platform/testing/random'
import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
} from 'graphql'

export interface GeneratedOperation {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Names of answers that mean something elsewhere. */
const trickyNames = [
  'id',
  'code',
  'one',
  'f0',
  'constructor',
  'toString',
  '__proto__',
  'hasOwnProperty',
  '_',
  'r0',
  'x0',
]

/**
 * Fields of an interface object that lead to one again, within each other. Of more the planner makes so many plans to
 * choose from that it does not come to an end; in the product its thread has a limit, and plan/ tests that.
 */
const maxInterfaceObjects = 2
const isOfInterfaceObject = (field: string) => /^x\d+$/.test(field)

export function generateOperation(schema: GraphQLSchema, chance: Random): GeneratedOperation {
  const fragments: string[] = []
  const declared = new Map<string, string>()
  const variables: Record<string, unknown> = {}
  let aliases = 0
  let selections = 0

  const variable = (type: string, value: unknown, fallback?: string) => {
    const name = `v${declared.size}`
    declared.set(name, `$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`)
    if (fallback === undefined || chance.chance(0.5)) variables[name] = value
    return `$${name}`
  }
  const directives = () => {
    if (!chance.chance(0.12)) return ''
    const decided = chance.chance(0.6)
    const value = chance.chance(0.5)
      ? String(decided)
      : variable('Boolean!', decided, chance.pick([undefined, 'true', 'false']))
    return ` @${chance.pick(['skip', 'include'])}(if: ${value})`
  }
  const responseName = (field: string) => {
    if (!chance.chance(0.2)) return field
    if (chance.chance(0.25)) return `${chance.pick(trickyNames)}: ${field}`
    return `a${aliases++}: ${field}`
  }
  const argumentsFor = ({ args }: GraphQLField<unknown, unknown>) => {
    if (args.length === 0 || chance.chance(0.3)) return ''
    const value = chance.below(4)
    return `(x: ${chance.chance(0.5) ? value : variable('Int', chance.pick([value, null]), chance.pick([undefined, '1']))})`
  }

  const select = (type: GraphQLCompositeType, depth: number, interfaceObjects = 0): string => {
    const lines: string[] = []
    const fields = (isUnionType(type) ? [] : Object.values(type.getFields())).filter(
      ({ name }) => interfaceObjects < maxInterfaceObjects || !isOfInterfaceObject(name),
    )
    const count = 1 + chance.below(4)
    for (let i = 0; i < count && selections < 30; i++) {
      selections++
      const kind = chance.below(10)
      if (kind === 0 || (fields.length === 0 && kind < 3)) lines.push(`${responseName('__typename')}${directives()}`)
      else if (kind < 3 || fields.length === 0) {
        const possible = isObjectType(type) ? [type] : schema.getPossibleTypes(type)
        const wider = possible.flatMap((one) => [...one.getInterfaces(), one, one, one])
        const condition = chance.chance(0.15) ? type : chance.pick(wider)
        if (depth <= 0) continue
        const body = select(condition, depth - 1, interfaceObjects)
        if (chance.chance(0.4)) {
          const name = `F${fragments.length}`
          fragments.push('')
          fragments[Number(name.slice(1))] = `fragment ${name} on ${condition.name} ${body}`
          lines.push(`...${name}${directives()}`)
          if (chance.chance(0.2)) lines.push(`...${name}`)
        } else
          lines.push(
            `...${condition === type && chance.chance(0.5) ? '' : ` on ${condition.name}`}${directives()} ${body}`,
          )
      } else {
        const field = chance.pick(fields)
        const below = getNamedType(field.type)
        if (isCompositeType(below) && depth <= 0) continue
        const head = `${responseName(field.name)}${argumentsFor(field)}${directives()}`
        const within = interfaceObjects + Number(isOfInterfaceObject(field.name))
        lines.push(isCompositeType(below) ? `${head} ${select(below, depth - 1, within)}` : head)
      }
    }
    return `{ ${lines.length > 0 ? lines.join(' ') : '__typename'} }`
  }

  const query = schema.getQueryType()!
  let body = select(query, 2 + chance.below(3))
  if (chance.chance(0.05)) body = `${body.slice(0, -1)} ${introspection(schema, chance)} }`
  const head = declared.size > 0 ? `query (${[...declared.values()].join(', ')}) ` : ''
  return { query: [`${head}${body}`, ...fragments].join('\n'), variables }
}

function introspection(schema: GraphQLSchema, chance: Random): string {
  const types = Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('__'))
  return chance.chance(0.5)
    ? `about: __type(name: "${chance.pick(types)}") { kind name fields { name type { kind name } } possibleTypes { name } }`
    : '__schema { queryType { name } types { name __typename } }'
}
