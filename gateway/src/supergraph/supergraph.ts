import { readFileSync } from 'node:fs'
import type { Supergraph } from '@apollo/federation-internals'
import type { GraphQLSchema } from 'graphql'
import { type AccessRules, accessRules } from '../access/rules.ts'
import { buildSupergraph } from './build.ts'
import { type Stream, streamsOf } from './streams.ts'

/** A supergraph that was read, checked and made ready to serve. */
export interface LoadedSupergraph {
  readonly text: string
  readonly supergraph: Supergraph
  /** The schema with the join directives, which merging needs to tell types apart. */
  readonly supergraphSchema: GraphQLSchema
  readonly subgraphUrls: ReadonlyMap<string, string>
  readonly streams: ReadonlyMap<string, Stream>
  /** Who may read which place of the graph. */
  readonly rules: AccessRules
}

/** Reads a supergraph file. Throws an Error that names the file and the reason. */
export function loadSupergraph(file: string, urlOverrides: ReadonlyMap<string, string>): LoadedSupergraph {
  try {
    const text = readFileSync(file, 'utf8')
    const supergraph = buildSupergraph(text)
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
      text,
      supergraph,
      supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
      subgraphUrls,
      streams: streamsOf(supergraph),
      rules: accessRules(supergraph.schema),
    }
  } catch (error) {
    throw new Error(`supergraph ${file}: ${(error as Error).message}`)
  }
}
