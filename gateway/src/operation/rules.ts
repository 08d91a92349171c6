import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'

/** As graphql-js 17 has it: 16 lets an operation pass for which the schema has no root type. */
const knownOperationTypes: ValidationRule = (context: ValidationContext) => ({
  OperationDefinition: (node) => {
    if (!context.getSchema().getRootType(node.operation))
      context.reportError(
        new GraphQLError(`The ${node.operation} operation is not supported by the schema.`, { nodes: node }),
      )
  },
})

/** What an operation must keep to. */
export const rules: readonly ValidationRule[] = [...specifiedRules, knownOperationTypes]
/** And where the schema itself may not be asked for. */
export const rulesWithoutIntrospection = [...rules, NoSchemaIntrospectionCustomRule]
