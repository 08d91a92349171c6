import { type FieldNode, Kind, parse, type SelectionNode } from 'graphql'
import { isAuditName } from '../audit/resources.ts'

/** Errors that one failed fetch may add to an answer. */
const maxErrors = 20

type Path = readonly (string | number)[]

/**
 * Where a fetch that failed leaves holes, in the fetch's own terms: each root field, or each field of each entity
 * (`_entities`, index, field). Which of a union's fields were meant is not known; the hole is then the entity.
 */
export function failurePaths(query: string, variables: Readonly<Record<string, unknown>>): readonly Path[] {
  const [operation] = parse(query, { noLocation: true }).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return []
  const roots = operation.selectionSet.selections.filter((node) => node.kind === Kind.FIELD)
  const entities = roots.find((field) => field.name.value === '_entities')
  if (!entities) return roots.map((field) => [responseName(field)]).slice(0, maxErrors)

  const representations = Array.isArray(variables.representations) ? variables.representations : []
  return representations
    .flatMap((representation, index) => {
      const fields = fieldsOf(entities.selectionSet?.selections ?? [], representation?.__typename)
      return fields.length > 0 ? fields.map((name) => ['_entities', index, name]) : [['_entities', index]]
    })
    .slice(0, maxErrors)
}

const responseName = (field: FieldNode) => field.alias?.value ?? field.name.value

const fieldsOf = (selections: readonly SelectionNode[], typename: unknown): string[] =>
  selections.flatMap((node) => {
    if (node.kind !== Kind.INLINE_FRAGMENT || node.typeCondition?.name.value !== typename) return []
    return node.selectionSet.selections.flatMap((inner) =>
      inner.kind === Kind.FIELD && inner.name.value !== '__typename' && !isAuditName(responseName(inner))
        ? [responseName(inner)]
        : [],
    )
  })
