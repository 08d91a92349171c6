/** The whole graph in one schema, executed by graphql-js: what the gateway's answers must be. */
import { type DocumentNode, defaultFieldResolver, type ExecutionResult, execute, type GraphQLSchema } from 'graphql'
import type { Thing, World } from './data.ts'
import { fieldsOf } from './model.ts'

/** `schema` is the graph as its clients know it. */
export async function monolithAnswer(
  world: World,
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
): Promise<ExecutionResult> {
  const result = await execute({
    schema,
    document,
    variableValues,
    typeResolver: (value) => (value as Thing).__typename,
    fieldResolver(source, args, context, info) {
      const { name: type } = info.parentType
      if (type === 'Query') {
        const root = world.model.roots.find(({ name }) => name === info.fieldName)
        if (root) return world.root(root, args)
      }
      const field = fieldsOf(world.model, type).find(({ name }) => name === info.fieldName)
      return field ? world.read(source as Thing, field, args) : defaultFieldResolver(source, args, context, info)
    },
  })
  return JSON.parse(JSON.stringify(result))
}
