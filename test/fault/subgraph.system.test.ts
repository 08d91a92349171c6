import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestMesh, testMesh } from '../mesh.ts'

describe('a dead subgraph', () => {
  let mesh: TestMesh
  beforeAll(async () => {
    mesh = await testMesh()
  })
  afterAll(() => mesh?.close())

  const query = '{ shareClass(id: "tsp:c-fund") { name risk { observations } returns(periods: [Y1]) { complete } } }'

  it('costs its own fields, says where, and is back without a restart of the gateway', async () => {
    const whole = await mesh.ask('alder', query)
    expect(whole.errors).toBeUndefined()

    await mesh.kill('performance')
    const part = await mesh.ask('alder', query)
    expect(part.status).toBe(200)
    expect(part.data).toEqual({ shareClass: { ...whole.data.shareClass, returns: null } })
    expect(part.errors).toEqual([
      {
        message: 'A part of the graph cannot be reached now.',
        path: ['shareClass', 'returns'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
      },
    ])

    await mesh.restart('performance')
    expect((await mesh.ask('alder', query)).data).toEqual(whole.data)
  })

  it('leaves the rest of the graph answering when it is the one that owns the entity', async () => {
    await mesh.kill('fund')
    const { data, errors } = await mesh.ask('alder', '{ me { id } fund(id: "tsp:c-fund") { id } }')
    expect(data).toEqual({ me: { id: 'alder' }, fund: null })
    expect(errors?.map(({ path }) => path)).toEqual([['fund']])
    await mesh.restart('fund')
    expect((await mesh.ask('alder', '{ fund(id: "tsp:c-fund") { id } }')).data.fund).toEqual({ id: 'tsp:c-fund' })
  })
})
