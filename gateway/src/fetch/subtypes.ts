import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql'

/** Whether an object of the type named first is one of the type named second, as a fragment's condition asks. */
export function isOf(schema: GraphQLSchema, typename: unknown, condition: string): boolean {
  if (typename === condition) return true
  const type = typeof typename === 'string' ? schema.getType(typename) : undefined
  const abstract = schema.getType(condition)
  return (isObjectType(type) || isInterfaceType(type)) && isAbstractType(abstract) && schema.isSubType(abstract, type)
}
