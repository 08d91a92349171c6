import { describe, expect, it } from 'vitest'
import { checkParameters, toPositional } from './parameters.ts'

describe('the parameters of a request', () => {
  it('may be used by any of its SQL texts', () => {
    const parameters = [
      { name: 'tenant', value: 'alder' },
      { name: 'id', value: 'tsp:g-fund' },
    ]
    expect(
      checkParameters([`select set_config('app.tenant', :tenant, true)`, 'select :id, :tenant'], parameters),
    ).toEqual({ tenant: 'alder', id: 'tsp:g-fund' })
  })

  it('are refused when nothing uses them, a quoted name being no use', () => {
    const unused = () =>
      checkParameters(
        [`select ':id', :a`],
        [
          { name: 'a', value: '1' },
          { name: 'id', value: '2' },
        ],
      )
    expect(unused).toThrow('Unused parameters: [id]')
  })

  it('are refused when one is given twice', () => {
    const twice = () =>
      checkParameters(
        ['select :a'],
        [
          { name: 'a', value: '1' },
          { name: 'a', value: '2' },
        ],
      )
    expect(twice).toThrow('duplicate parameters: [a]')
  })

  it('become positions, one for each name, and leave casts and unknown names alone', () => {
    expect(toPositional(`select :b::date, :a, :b, x[1:n], ':a'`, { a: 'A', b: 'B' })).toEqual({
      text: `select $1::date, $2, $1, x[1:n], ':a'`,
      values: ['B', 'A'],
    })
  })
})
