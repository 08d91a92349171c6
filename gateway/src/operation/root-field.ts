import { type FieldNode, type GraphQLSchema, getArgumentValues, Kind, type SelectionNode } from 'graphql'
import { included } from './included.ts'
import type { Operation } from './operation.ts'

/** The one root field of a subscription with its arguments, or undefined where @skip and @include leave none. */
export function subscriptionField(schema: GraphQLSchema, { definition, fragments, variables }: Operation) {
  const fields = (selections: readonly SelectionNode[]): FieldNode[] =>
    selections.flatMap((node) => {
      if (!included(node, variables)) return []
      if (node.kind === Kind.FIELD) return [node]
      const selected = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]
      return selected ? fields(selected.selectionSet.selections) : []
    })
  const [field] = fields(definition.selectionSet.selections)
  const declared = field && schema.getSubscriptionType()?.getFields()[field.name.value]
  return declared && { name: declared.name, arguments: getArgumentValues(declared, field, variables) }
}
