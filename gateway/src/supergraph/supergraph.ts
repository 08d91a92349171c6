import { readFileSync } from 'node:fs'
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, type Schema, Supergraph } from '@apollo/federation-internals'
import { scalars } from '@fundmesh/platform/scalars/scalars'
import { type GraphQLSchema, isScalarType } from 'graphql'
import { type Stream, streamsOf } from './streams.ts'

/** A supergraph that was read, checked and made ready to serve. */
export interface LoadedSupergraph {
  readonly supergraph: Supergraph
  /** What clients see, as the planner's own schema and as graphql-js's. */
  readonly apiSchema: Schema
  readonly schema: GraphQLSchema
  /** The schema with the join directives, which merging needs to tell types apart. */
  readonly supergraphSchema: GraphQLSchema
  readonly subgraphUrls: ReadonlyMap<string, string>
  readonly streams: ReadonlyMap<string, Stream>
}

/** Reads a supergraph file. Throws an Error that names the file and the reason. */
export function loadSupergraph(file: string, urlOverrides: ReadonlyMap<string, string>): LoadedSupergraph {
  try {
    const supergraph = Supergraph.build(readFileSync(file, 'utf8'), {
      supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
    })
    const apiSchema = supergraph.apiSchema()
    const schema = apiSchema.toGraphQLJSSchema()
    teachScalars(schema)
    const subgraphUrls = new Map(
      supergraph.subgraphsMetadata().map(({ name, url }) => [name, urlOverrides.get(name) ?? url] as const),
    )
    for (const name of urlOverrides.keys()) {
      if (!subgraphUrls.has(name)) {
        throw new Error(
          `SUBGRAPH_URL_${name.toUpperCase()} names no subgraph of it: ${[...subgraphUrls.keys()].join(', ')}`,
        )
      }
    }
    return {
      supergraph,
      apiSchema,
      schema,
      supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
      subgraphUrls,
      streams: streamsOf(supergraph),
    }
  } catch (error) {
    throw new Error(`supergraph ${file}: ${(error as Error).message}`)
  }
}

/** Gives the graph's custom scalars their rules, so that a wrong value is refused before anything is fetched. */
function teachScalars(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const rule = isScalarType(type) ? scalars[type.name] : undefined
    if (rule && isScalarType(type)) {
      type.parseValue = rule.parseValue
      type.parseLiteral = rule.parseLiteral
    }
  }
}
