import type { TrustedDocument } from '@fundmesh/contracts/operations'
import { Kind, parse } from 'graphql'

/** What an app's developers need to ask by id: Apollo's persisted query manifest, which client tools read. */
export function operationsManifest(documents: readonly TrustedDocument[]): string {
  const operations = documents.map(({ id, name, text }) => {
    const operation = parse(text).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
    if (!operation?.name) throw new Error(`operations/${name}: expected an operation with a name; got none`)
    return { id, name: operation.name.value, type: operation.operation, body: text }
  })
  return `${JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }, null, 2)}\n`
}
