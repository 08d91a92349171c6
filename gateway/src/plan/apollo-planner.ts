import { operationFromDocument, type Schema, type Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { codedError } from '../errors/catalogue.ts'
import type { Planner } from './planner.ts'

/** Plans with Apollo's query planner. */
export function apolloPlanner(
  { supergraph, apiSchema }: { supergraph: Supergraph; apiSchema: Schema },
  log: Logger,
): Planner {
  const planner = new QueryPlanner(supergraph)
  return {
    async plan({ document, definition, hash }) {
      try {
        const operation = operationFromDocument(apiSchema, document, {
          ...(definition.name && { operationName: definition.name.value }),
        })
        return planner.buildQueryPlan(operation)
      } catch (error) {
        log.error({ err: error, operation: hash }, 'planning failed')
        throw codedError('OPERATION_PLANNING_FAILED')
      }
    },
  }
}
