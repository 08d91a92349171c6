import { anonymous } from '@fundmesh/platform/identity/caller'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { beforeAll, describe, expect, it } from 'vitest'
import { composed, loaded } from '../access/cases/graph.ts'
import type { PermittedOperation } from '../access/permit.ts'
import { mayEverything, openAccess } from '../access/testing.ts'
import { openViews } from '../view/views.ts'
import { withPlanCheck } from './with-plan-check.ts'

const log = createLogger('test', 'silent')
const nobody = { ...mayEverything(anonymous, 'GRAPHQL'), authenticated: false }

describe('a finished plan', () => {
  let check: (query: string, changed?: Partial<PermittedOperation>) => Promise<unknown>

  beforeAll(() => {
    const graph = loaded(
      composed({
        a: `
          type Query { t: T named: Named }
          interface Named { name: String }
          type T implements Named @key(fields: "id") { id: ID! @authenticated name: String secret: Int @authenticated kind: Kind inner: Inner }
          type Other implements Named @authenticated { name: String }
          type Inner { value: String @authenticated }
          enum Kind @authenticated { ONE }
        `,
        b: 'type T @key(fields: "id") { id: ID! left: Int }',
      }),
    )
    const views = openViews(graph, log)
    const { permit, rightsOf } = openAccess(graph, views)
    const planner = withPlanCheck(views.planner, { ...graph, log })
    check = (query, changed = { rights: nobody }) => {
      const asking = { caller: anonymous, channel: 'GRAPHQL' as const, atLeastEpoch: 0 }
      const operation = views.of(anonymous).understand({ method: 'POST', query })
      // As a filter that is broken would let it through.
      return planner.plan({ ...permit(asking, operation, rightsOf(anonymous, 'GRAPHQL')), ...changed })
    }
  })

  const refused = { extensions: expect.objectContaining({ code: 'OPERATION_PLANNING_FAILED' }) }

  it.each([
    ['a field', '{ t { secret } }'],
    ['a field of a forbidden leaf type', '{ t { kind } }'],
    ['a field below another', '{ t { inner { value } } }'],
    ['a field of an interface', '{ named { name } }'],
    ['a field of a forbidden type', '{ named { ... on Other { name } } }'],
  ])('that asks for what is forbidden is not executed: %s', async (_, query) => {
    await expect(check(query)).rejects.toMatchObject(refused)
    await expect(check(query, {})).resolves.toBeDefined()
  })

  it('may ask for a forbidden key, by which entities are joined', async () => {
    await expect(check('{ t { name left } }')).resolves.toBeDefined()
  })

  it('is not looked at in a dry run', async () => {
    await expect(check('{ t { secret } }', { rights: nobody, dryRun: true })).resolves.toBeDefined()
  })
})
