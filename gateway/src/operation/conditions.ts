import {
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql'
import { codedError } from '../errors/catalogue.ts'
import type { Operation } from './operation.ts'

type Conditional = Pick<Operation, 'definition' | 'fragments' | 'variables'>

/** By operation, the variables that its `@skip` and `@include` ask. */
const asked = new WeakMap<OperationDefinitionNode, readonly string[]>()

/**
 * What `@skip` and `@include` leave of an operation, as a key: equal where the same selections are left. Throws
 * BAD_USER_INPUT where a variable that may be null, and has a default, was given as null for a condition.
 */
export function conditionsKey({ definition, fragments, variables }: Conditional): string {
  let names = asked.get(definition)
  if (!names) {
    names = conditionVariables({ definition, fragments })
    asked.set(definition, names)
  }
  let key = ''
  for (const name of names) {
    const value = variables[name]
    if (typeof value !== 'boolean')
      throw codedError('BAD_USER_INPUT', `$${name}: expected a Boolean for @skip or @include; got ${value}`)
    key += value ? '1' : '0'
  }
  return key
}

function conditionVariables({ definition, fragments }: Pick<Conditional, 'definition' | 'fragments'>) {
  const names = new Set<string>()
  const spread = new Set<string>()
  const read = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments[name.value]
        if (!fragment || spread.has(name.value)) return
        spread.add(name.value)
        read(fragment)
      },
      Directive({ name, arguments: given }) {
        if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return
        for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
      },
    })
  }
  read(definition)
  return [...names]
}
