import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql'
import { restoreName } from '../operation/aliases.ts'
import type { Operation } from '../operation/operation.ts'

/** Fields of every graph's query root, about the graph itself. */
export const isIntrospection = (field: string): boolean => field === '__schema' || field === '__type'

/** Answers one of them, as JSON, from the schema that is seen: graphql-js can do that, and nothing is fetched. */
export function introspection(
  schema: GraphQLSchema,
  definition: OperationDefinitionNode,
  fragments: Operation['fragments'],
  nodes: readonly FieldNode[],
): (variables: Operation['variables']) => string {
  const { document, variableNames } = alone(definition, fragments, nodes)
  const name = restoreName((nodes[0]!.alias ?? nodes[0]!.name).value)
  return (variables) => {
    const variableValues = Object.fromEntries(variableNames.map((variable) => [variable, variables[variable]]))
    const { data } = executeSync({ schema, document, variableValues })
    return JSON.stringify(data?.[name] ?? null)
  }
}

/** A document of these fields alone, in the client's names, with the fragments and the variables that they use. */
function alone(
  definition: OperationDefinitionNode,
  fragments: Operation['fragments'],
  nodes: readonly FieldNode[],
): { document: DocumentNode; variableNames: readonly string[] } {
  const used = new Map<string, FragmentDefinitionNode>()
  const variableNames = new Set<string>()
  const restored = <Node extends FieldNode | FragmentDefinitionNode>(node: Node): Node =>
    visit(node, {
      Variable: ({ name }) => void variableNames.add(name.value),
      FragmentSpread({ name }) {
        const fragment = fragments[name.value]
        if (!fragment || used.has(name.value)) return
        used.set(name.value, fragment)
        used.set(name.value, restored(fragment))
      },
      Field: {
        leave: (field) =>
          field.alias && { ...field, alias: { kind: Kind.NAME, value: restoreName(field.alias.value) } },
      },
    })
  const selections = nodes.map(restored)
  const operation: OperationDefinitionNode = {
    ...definition,
    directives: [],
    variableDefinitions: (definition.variableDefinitions ?? []).filter(({ variable }) =>
      variableNames.has(variable.name.value),
    ),
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  }
  return {
    document: { kind: Kind.DOCUMENT, definitions: [operation, ...used.values()] },
    variableNames: [...variableNames],
  }
}
