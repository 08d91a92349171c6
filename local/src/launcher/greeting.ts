/** What the person at the terminal reads when the mesh is ready. */
import { DEFAULT_IDENTITY_URL } from '../identity/token-request.ts'
import type { Mesh } from './mesh.ts'
import { DEFAULT_PORTS } from './ports.ts'

const QUERY =
  '{ shareClasses(first: 3) { nodes { name nav { navDate navPrice } returns(periods: [Y1, Y5]) { period annualized } risk { volatility } } } }'

/** `seconds`: what the start took. */
export function greeting({ urls }: Mesh, seconds: number): string {
  // The two commands find a mesh on the default ports by themselves.
  const identity = urls.identity === DEFAULT_IDENTITY_URL ? '' : `IDENTITY_URL=${urls.identity} `
  const gateway =
    urls.gateway === `http://127.0.0.1:${DEFAULT_PORTS.gateway}` ? '' : `GATEWAY_URL=${urls.gateway}/graphql `
  return `
Fundmesh is ready (${seconds.toFixed(1)} s).

  GraphQL    ${urls.gateway}/graphql
  GraphiQL   ${urls.graphiql}
  Live NAVs  ${identity}${gateway}npm run watch -- alder
  Tenants    npm run -s token -- --list

Try, in another terminal:

  curl -s ${urls.gateway}/graphql -H 'content-type: application/json' \\
    -H "authorization: Bearer $(${identity}npm run -s token -- alder)" \\
    -d '{"query":"${QUERY}"}'

Ctrl-C ends it.
`
}
