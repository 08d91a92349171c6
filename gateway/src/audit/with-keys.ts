import { type FragmentDefinitionNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql'
import type { Permit, PermittedOperation } from '../access/permit.ts'
import { keySelection, type ResourceTypes } from './resources.ts'

/** Permits the same, and lets what is planned ask for the keys of what will be delivered. */
export function withKeys(
  permit: Permit,
  { schemaOf, resources }: { schemaOf: (view: string) => GraphQLSchema; resources: ResourceTypes },
): Permit {
  const keyed = keySelection(schemaOf, resources)
  return (asking, operation, rights) => {
    const permitted = permit(asking, operation, rights)
    const document = keyed(permitted.view, permitted.document)
    const definition = document.definitions.find(
      (node): node is OperationDefinitionNode =>
        node.kind === Kind.OPERATION_DEFINITION && node.name?.value === permitted.definition.name?.value,
    )!
    const fragments = Object.fromEntries(
      document.definitions
        .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
        .map((node) => [node.name.value, node]),
    )
    return { ...permitted, document, definition, fragments } as PermittedOperation
  }
}
