import { readFileSync } from 'node:fs'

/** The teams that own a subgraph. */
export type SubgraphName = 'fund' | 'performance' | 'risk' | 'entitlement' | 'marketplace'

/** The SDL of a subgraph, from its only copy. */
export function subgraphSdl(name: SubgraphName): string {
  return readFileSync(new URL(`../graph/${name}.graphql`, import.meta.url), 'utf8')
}
