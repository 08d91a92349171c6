/** The documents that may be asked for by name, as they stand in contracts/operations. */
import { operationsFolder, readTrustedDocuments } from '@fundmesh/contracts/operations'
import type { Random } from '@fundmesh/platform/testing/random'
import { type NamedTypeNode, parse, type TypeNode } from 'graphql'
import type { Pools } from './operations.ts'
import type { Asker } from './world.ts'

export interface TrustedDocument {
  readonly id: string
  /** Whether it belongs to an app of the tenants' audience. */
  readonly isForTenants: boolean
  draw(random: Random, asker: Asker): Record<string, unknown>
}

const tenantsApps = ['dashboard']

export function trustedDocuments(pools: Pools): readonly TrustedDocument[] {
  return readTrustedDocuments(operationsFolder).flatMap(({ id, app, name, text }) => {
    const [definition] = parse(text).definitions
    // A stream is asked in other ways.
    if (definition?.kind !== 'OperationDefinition' || definition.operation === 'subscription') return []
    const variables = definition.variableDefinitions ?? []
    return {
      id,
      isForTenants: tenantsApps.includes(app),
      draw: (random, asker) =>
        Object.fromEntries(
          variables.map(({ variable, type }) => [
            variable.name.value,
            drawn(type, (named) => pools(`${name}.${variable.name.value}`, named.name.value, random, asker)),
          ]),
        ),
    }
  })
}

function drawn(type: TypeNode, named: (type: NamedTypeNode) => unknown): unknown {
  if (type.kind === 'NonNullType') return drawn(type.type, named)
  return type.kind === 'ListType' ? [drawn(type.type, named)] : named(type)
}
