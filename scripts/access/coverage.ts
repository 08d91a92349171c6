/** Whether something decides about each field of a supergraph: a policy, a scope, or the word that it is public. */
import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
} from 'graphql'

interface Marked {
  readonly directives?: readonly ConstDirectiveNode[] | undefined
}

/** What keeps callers away. @authenticated alone does not: every client of the graph is. */
const PROTECTS = ['policy', 'requiresScopes']
const DECIDES = [...PROTECTS, 'public']

export interface Coverage {
  readonly fields: number
  /** What is wrong, with the coordinate, the file and what to do. */
  readonly findings: readonly string[]
}

/**
 * A field is decided by its own directive or its type's. What it returns also decides, where that is protected: nobody gets
 * the field without it. That a type is public says nothing of the fields that lead there. Mutations and streams are decided
 * by themselves: what they do, they do before anything is returned.
 */
export function coverage(supergraphSdl: string, policyNames: Iterable<string>): Coverage {
  const { definitions } = parse(supergraphSdl)
  const types = new Map(definitions.flatMap((node) => ('name' in node && node.name ? [[node.name.value, node]] : [])))
  const roots = new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION
        ? node.operationTypes.map(({ operation, type }) => [type.name.value, operation] as const)
        : [],
    ),
  )
  const protects = (returned: string) => isMarked(types.get(returned) as Marked | undefined, PROTECTS)

  const isDecided = (type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): boolean => {
    if (isMarked(field, DECIDES) || isMarked(type, DECIDES)) return true
    return (roots.get(type.name.value) ?? 'query') === 'query' && protects(namedType(field.type))
  }

  const names = [...policyNames].sort().join(', ')
  const objects = definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  const fieldsOf = objects.flatMap((type) => (type.fields ?? []).map((field) => ({ type, field })))
  const undecided = fieldsOf
    .filter(({ type, field }) => !isDecided(type, field))
    .map(({ type, field }) => {
      const coordinate = `${type.name.value}.${field.name.value}`
      const places = roots.has(type.name.value) ? 'the field' : `the field, or on type ${type.name.value}`
      return (
        `${coordinate} (${filesOf(type, field)}): expected a right that opens it, or a public mark; found neither. ` +
        `Put on ${places}: @policy(policies: [["…"]]) with one of ${names}; @requiresScopes(scopes: [["…"]]); or, where ` +
        `no tenant's data is in it, @public(reason: "…"), imported from https://fundmesh.example/access/v1.0 as in fund.graphql`
      )
    })
  const contradictory = [
    ...objects.map((type) => ({ coordinate: type.name.value, marked: type as Marked })),
    ...fieldsOf.map(({ type, field }) => ({ coordinate: `${type.name.value}.${field.name.value}`, marked: field })),
  ]
    .filter(({ marked }) => isMarked(marked, PROTECTS) && isMarked(marked, ['public']))
    .map(({ coordinate }) => `${coordinate}: expected a right or a public mark; found both`)
  return { fields: fieldsOf.length, findings: [...undecided, ...contradictory] }
}

const isMarked = (node: Marked | undefined, names: readonly string[]): boolean =>
  node?.directives?.some(({ name }) => names.includes(name.value)) ?? false

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
