import { createHash } from 'node:crypto'
import type { Supergraph } from '@apollo/federation-internals'
import { scalars } from '@fundmesh/platform/scalars/scalars'
import { type GraphQLSchema, isScalarType, lexicographicSortSchema, printSchema } from 'graphql'
import { strangersOf } from './strangers.ts'
import { supergraphFor } from './supergraph-for.ts'
import type { ViewedGraph } from './view.ts'

/** What our teams' supergraphs link to. Another graph's `Date` may be anything. */
const OUR_IDENTITY = 'https://fundmesh.example/stream'

/** Makes what the two roads need of the whole without what is hidden. What is `@inaccessible` in it is not seen either. */
export function viewedGraph(whole: Supergraph, hidden: ReadonlySet<string>): ViewedGraph {
  const supergraph = supergraphFor(whole, hidden)
  const apiSchema = supergraph.apiSchema()
  const schema = apiSchema.toGraphQLJSSchema()
  if (whole.schema.coreFeatures?.getByIdentity(OUR_IDENTITY)) teachScalars(schema)
  const sdl = `${printSchema(lexicographicSortSchema(schema))}\n`
  const fingerprint = createHash('sha256').update(sdl).digest('hex')
  return {
    fingerprint,
    hidden,
    supergraph,
    schema,
    apiSchema,
    strangers: strangersOf(whole.schema, apiSchema),
    sdl,
    etag: `"${fingerprint}"`,
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
