import { buildSubgraphSchema } from '@apollo/subgraph'
import { type GraphQLFieldResolver, type GraphQLScalarType, type GraphQLSchema, parse } from 'graphql'
import { scalars } from '../scalars/scalars.ts'

/** Resolvers by type and field, with `__resolveReference` and `__resolveType` where a type needs them. */
// biome-ignore lint/suspicious/noExplicitAny: each team's generated types are exact; the kit takes all of them
export type SubgraphResolvers = Record<string, Record<string, any> | GraphQLScalarType>

/** The executable schema of a team's SDL and resolvers, with the graph's scalars that the SDL declares. */
export function subgraphSchema(sdl: string, resolvers: SubgraphResolvers): GraphQLSchema {
  const typeDefs = parse(sdl)
  const declared = new Set(
    typeDefs.definitions.flatMap((node) => (node.kind === 'ScalarTypeDefinition' ? [node.name.value] : [])),
  )
  return buildSubgraphSchema({
    typeDefs,
    resolvers: {
      ...Object.fromEntries(Object.entries(scalars).filter(([scalar]) => declared.has(scalar))),
      ...(resolvers as Record<string, Record<string, GraphQLFieldResolver<unknown, unknown>>>),
    },
  })
}
