import { fileURLToPath } from 'node:url'
import { accessPolicies } from '@fundmesh/contracts/access'
import { policyEngine } from '@fundmesh/platform/policies/engine'
import { readPolicies } from '@fundmesh/platform/policies/files'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { beforeAll, describe, expect, it } from 'vitest'
import { permitter } from '../access/permit.ts'
import { rightsOf } from '../access/rights.ts'
import { costOf } from '../budget/cost.ts'
import { costModel } from '../budget/cost-model.ts'
import { loadSupergraph } from '../supergraph/supergraph.ts'
import { readAudiences } from '../view/audiences.ts'
import { openViews } from '../view/views.ts'
import { type Explain, explainer } from './explain.ts'

const log = createLogger('test', 'silent')
const supergraphFile = fileURLToPath(new URL('../../../contracts/graph/supergraph.graphql', import.meta.url))
const audiencesFile = fileURLToPath(new URL('../../../contracts/access/audiences.yaml', import.meta.url))

describe('what the gateway would do as a tenant', () => {
  let explain: Explain
  beforeAll(() => {
    const loaded = loadSupergraph(supergraphFile, new Map())
    const views = openViews(
      loaded,
      log,
      readAudiences(audiencesFile).map((audience) => ({ ...audience, apps: [] })),
    )
    const engine = policyEngine(readPolicies(accessPolicies))
    /** alder holds everything but RISK of one share class. */
    const grants = {
      ready: () => true,
      epoch: (tenant: string) => (tenant === 'alder' ? 3 : 0),
      fieldSets: () => new Set(['REFERENCE', 'NAV', 'PERFORMANCE'] as const),
      roles: () => new Set<string>(),
      nextBoundary: () => undefined,
      onChange: () => () => {},
      visible: (_: unknown, kind: string) => (kind === 'SHARE_CLASS' ? ['a'] : []),
      mayRead: ({ fieldSet }: { fieldSet: string }, { kind, id }: { kind: string; id: string }) =>
        kind === 'SHARE_CLASS' && id === 'a' && fieldSet !== 'RISK',
    }
    explain = explainer({
      views,
      rules: loaded.rules,
      rightsOf: rightsOf({ engine, grants, log }),
      permit: permitter({ rules: loaded.rules, schemaOf: ({ view }) => views.graph(view).schema, mode: 'null', log }),
      costOf: ({ definition, fragments, variables }) =>
        costOf(costModel(loaded.supergraph, loaded.supergraphSchema), { definition, fragments, variables }).estimate,
      planner: views.planner,
      engine,
      grants,
    })
  })

  const as = (tenant: string, ...scopes: readonly string[]) => ({
    caller: { tenant, subject: 's', client: 'c', scopes: new Set(scopes), expiresAt: new Date(Date.now() + 60_000) },
    channel: 'GRAPHQL' as const,
  })

  it('names what would be taken out, the requirement that is not met, and what Cedar said of it', async () => {
    const query = 'query ($id: ID!) { shareClass(id: $id) { name risk { observations } } }'
    const told = await explain({ method: 'POST', query, variables: { id: 'a' } }, as('alder'))
    expect(told.decision).toBe('PARTLY_DENIED')
    expect(told.rights).toMatchObject({ grantsVersion: 3 })
    expect(told.denied).toMatchObject([
      {
        path: ['shareClass', 'risk'],
        coordinate: 'ShareClass.risk',
        missing: ['policy read-risk'],
        policies: [
          { action: 'read-reference', allowed: true, policies: ['reference-for-registered-tenants'] },
          { action: 'read-risk', allowed: false, policies: [] },
        ],
      },
    ])
    expect(told.plan).toContain('Fetch(service: "fund")')
    expect(told.plan).not.toContain('risk')
    expect(told.cost).toBeGreaterThan(0)
    expect(told.ids).toEqual([
      { id: 'a', mayRead: ['SHARE_CLASS REFERENCE', 'SHARE_CLASS NAV', 'SHARE_CLASS PERFORMANCE'] },
    ])
    expect(told.visible).toMatchObject({ NAV: { FUND: 0, SHARE_CLASS: 1 } })
  })

  it('says of ids in the document what the tenant may read of them', async () => {
    const told = await explain({ method: 'POST', query: '{ shareClass(id: "b") { name } }' }, as('alder'))
    expect(told).toMatchObject({ decision: 'ALLOWED', denied: [], ids: [{ id: 'b', mayRead: [] }] })
  })

  it('answers with the refusal that the tenant would get', async () => {
    const told = await explain({ method: 'POST', query: '{ nothing }' }, as('alder'))
    expect(told).toMatchObject({ decision: 'REJECTED', errors: [{ code: 'GRAPHQL_VALIDATION_FAILED' }], plan: null })
  })

  it('sees what the audience sees: a field that is hidden from it was never there', async () => {
    const query = '{ accessLog { nodes { id } } }'
    expect(await explain({ method: 'POST', query }, as('alder'))).toMatchObject({ decision: 'REJECTED' })
    const scope = 'audit:read'
    expect(await explain({ method: 'POST', query }, as('alder', scope))).toMatchObject({ decision: 'ALLOWED' })
  })
})
