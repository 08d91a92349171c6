import { readFileSync } from 'node:fs'
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals'
import type { GraphQLSchema } from 'graphql'

/** The schema that clients see, from the committed supergraph. */
export const loadApiSchema = (): GraphQLSchema =>
  Supergraph.build(readFileSync(new URL('../contracts/graph/supergraph.graphql', import.meta.url), 'utf8'), {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  })
    .apiSchema()
    .toGraphQLJSSchema()
