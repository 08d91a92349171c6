import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { DEMO_TENANTS, type DemoTenant } from '../demo-tenants.ts'
import { SAMPLE_QUERY, SAMPLE_SUBSCRIPTION } from './sample-operations.ts'

export interface GraphiQLPage {
  readonly tenant: DemoTenant
  readonly token: string
  /** The gateway's GraphQL address, as the browser reaches it. */
  readonly gatewayUrl: string
}

/** Where the library's page keeps GraphiQL; our bar goes above it. */
const ROOT = '<div id="root"></div>'

/** GraphiQL, whole in one document, asking the gateway as one tenant, with a bar to choose another. */
export function graphiqlPage({ tenant, token, gatewayUrl }: GraphiQLPage): string {
  const headers = JSON.stringify({ authorization: `Bearer ${token}` }, null, 2)
  const page = renderGraphiQL({
    title: `Fundmesh as ${tenant.name}`,
    endpoint: gatewayUrl,
    // The gateway streams on GET /graphql itself, so that a subscription carries the same header as a query.
    subscriptionsProtocol: 'SSE',
    headers,
    shouldPersistHeaders: true,
    defaultEditorToolsVisibility: 'headers',
    defaultTabs: [
      { query: SAMPLE_QUERY, headers },
      { query: SAMPLE_SUBSCRIPTION, headers },
    ],
  })
  const [before, after] = page.split(ROOT)
  if (before === undefined || after === undefined) throw new Error(`GraphiQL's page has no ${ROOT} any more.`)
  return `${before}${tenantBar(tenant)}${ROOT}${freshHeaders(headers)}${after}`
}

function tenantBar(chosen: DemoTenant): string {
  const links = DEMO_TENANTS.map(({ id, name }) =>
    id === chosen.id ? `<strong aria-current="page">${name}</strong>` : `<a href="/?tenant=${id}">${name}</a>`,
  )
  return `
      <style>
        body { display: flex; flex-direction: column; height: 100vh; margin: 0; }
        #root, #root .graphiql-container { flex: 1; min-height: 0; height: 100%; }
        #tenants { display: flex; flex-wrap: wrap; gap: 1em; padding: .5em 1em; font: 14px system-ui, sans-serif; }
        #tenants .sees { margin-left: auto; }
      </style>
      <nav id="tenants" aria-label="Tenant"><span>Ask as</span> ${links.join(' ')}<span class="sees">${chosen.name} sees ${chosen.sees}.</span></nav>
      `
}

/**
 * GraphiQL remembers its tabs with their headers; those of an earlier visit carry an old token, perhaps another
 * tenant's. It opens the tab whose query, variables and headers are those it remembers beside the tabs.
 */
function freshHeaders(headers: string): string {
  return `
      <script>
        const remember = (key, value) =>
          value === null ? localStorage.removeItem('graphiql:' + key) : localStorage.setItem('graphiql:' + key, value)
        const headers = ${JSON.stringify(headers)}
        remember('headers', headers)
        const state = JSON.parse(localStorage.getItem('graphiql:tabState') ?? 'null')
        if (state) {
          for (const tab of state.tabs) tab.headers = headers
          remember('tabState', JSON.stringify(state))
          const active = state.tabs[state.activeTabIndex]
          remember('query', active.query)
          remember('variables', active.variables)
        }
      </script>`
}
