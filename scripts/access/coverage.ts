/** Whether something decides about each field of a supergraph: a policy, a scope, or the word that it is public. */
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql'

interface Marked {
  readonly directives?: readonly ConstDirectiveNode[] | undefined
}

/**
 * What keeps callers away. An empty list of alternatives does not, nor an empty alternative; @authenticated alone does
 * not: every client of the graph is.
 */
const protects = (node: Marked | undefined): boolean =>
  node?.directives?.some(
    ({ name, arguments: given }) =>
      (name.value === 'policy' || name.value === 'requiresScopes') &&
      given?.some(
        ({ value }) =>
          value.kind === Kind.LIST &&
          value.values.length > 0 &&
          value.values.every((names) => names.kind === Kind.LIST && names.values.length > 0),
      ),
  ) ?? false

/** Whether it says that it is public, and why. */
const isPublic = (node: Marked): boolean =>
  node.directives?.some(
    ({ name, arguments: given }) =>
      name.value === 'public' && given?.some(({ value }) => value.kind === Kind.STRING && value.value.trim() !== ''),
  ) ?? false

/**
 * The scopes of those who administer and audit, each with the tags by which audiences.yaml keeps what needs it from
 * everybody else's view: a partner should not even learn that it is there.
 */
const hiddenBy: Readonly<Record<string, readonly string[]>> = {
  'entitlement:admin': ['internal'],
  'audit:read-all': ['internal'],
  'audit:read': ['internal', 'audit'],
}

/** One of which has to keep it from view; none: a caller without any of those scopes may have it. */
function hidingTags(node: Marked | undefined): readonly string[] {
  const alternatives = valuesOf(node, 'requiresScopes', 'scopes')
    .flatMap((value) => (value.kind === Kind.LIST ? value.values : []))
    .map((names) => (names.kind === Kind.LIST ? names.values : []).flatMap(textOf))
    .map((names) => names.flatMap((name) => hiddenBy[name] ?? []))
  return alternatives.every((tags) => tags.length > 0) ? alternatives.flat() : []
}

const tagsOf = (node: Marked): readonly string[] => valuesOf(node, 'tag', 'name').flatMap(textOf)

const valuesOf = (node: Marked | undefined, directive: string, argument: string): readonly ConstValueNode[] =>
  (node?.directives ?? [])
    .filter(({ name }) => name.value === directive)
    .flatMap(({ arguments: given }) => given?.find(({ name }) => name.value === argument)?.value ?? [])

const textOf = (value: ConstValueNode): readonly string[] => (value.kind === Kind.STRING ? [value.value] : [])

export interface Coverage {
  readonly fields: number
  /** What is wrong, with the coordinate and the file. */
  readonly findings: readonly string[]
}

/** What to do about a field that nothing decides about. */
export const remedy = (policyNames: Iterable<string>): string =>
  `Put on the field, or on its type: @policy(policies: [["…"]]) with one of ${[...policyNames].sort().join(', ')}; ` +
  `@requiresScopes(scopes: [["…"]]); or, where no tenant's data is in it, @public(reason: "…"), imported from ` +
  'https://fundmesh.example/access/v1.0 as in fund.graphql. A mutation or a stream needs it on the field.'

/**
 * A field is decided by its own directive or its type's. What it returns also decides, where that is protected: nobody gets
 * the field without it. That a type is public says nothing of the fields that lead there. Mutations and streams are decided
 * by themselves: what they do, they do before anything is returned.
 */
export function coverage(supergraphSdl: string): Coverage {
  const { definitions } = parse(supergraphSdl)
  const types = new Map(definitions.flatMap((node) => ('name' in node && node.name ? [[node.name.value, node]] : [])))
  const roots = new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION
        ? node.operationTypes.map(({ operation, type }) => [type.name.value, operation] as const)
        : [],
    ),
  )

  const isDecided = (type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): boolean => {
    if ([type, field].some((node) => protects(node) || isPublic(node))) return true
    const operation = roots.get(type.name.value) ?? 'query'
    return operation === 'query' && protects(types.get(namedType(field.type)) as Marked | undefined)
  }

  const objects = definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  const fieldsOf = objects.flatMap((type) => (type.fields ?? []).map((field) => ({ type, field })))
  const undecided = fieldsOf
    .filter(({ type, field }) => !isDecided(type, field))
    .map(
      ({ type, field }) =>
        `${type.name.value}.${field.name.value} (${filesOf(type, field)}): expected a right that opens it, or a public mark; found neither`,
    )
  // What lies within a type that is kept from view is reached by nobody else.
  const shown = fieldsOf.flatMap(({ type, field }) => {
    const wanted = [field, types.get(namedType(field.type)) as Marked | undefined].flatMap(hidingTags)
    if (wanted.length === 0 || hidingTags(type).length > 0) return []
    if ([type, field].flatMap(tagsOf).some((tag) => wanted.includes(tag))) return []
    const names = [...new Set(wanted)].map((tag) => `@tag(name: "${tag}")`).join(' or ')
    return `${type.name.value}.${field.name.value} (${filesOf(type, field)}): expected ${names}, as its scope is not a partner's; found neither on it nor on its type`
  })
  const contradictory = [
    ...objects.map((type) => ({ coordinate: type.name.value, marked: type as Marked })),
    ...fieldsOf.map(({ type, field }) => ({ coordinate: `${type.name.value}.${field.name.value}`, marked: field })),
  ]
    .filter(({ marked }) => protects(marked) && isPublic(marked))
    .map(({ coordinate }) => `${coordinate}: expected a right or a public mark; found both`)
  return { fields: fieldsOf.length, findings: [...undecided, ...shown, ...contradictory] }
}

const namedType = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type))

/** The subgraphs' files that define a field: those of its @join__field, or else of its type. */
function filesOf(type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): string {
  const graphs = ({ directives }: Marked, name: string) =>
    (directives ?? [])
      .filter((directive) => directive.name.value === name)
      .flatMap(({ arguments: given }) => given?.find(({ name }) => name.value === 'graph')?.value ?? [])
      .flatMap((value) => (value.kind === Kind.ENUM ? [`contracts/graph/${value.value.toLowerCase()}.graphql`] : []))
  const own = graphs(field, 'join__field')
  return (own.length > 0 ? own : graphs(type, 'join__type')).join(', ')
}
