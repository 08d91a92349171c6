import { describe, expect, it } from 'vitest'
import { newTenant } from './tenant.ts'

describe('a new tenant', () => {
  it('has a name without the white space around it, and no LEI unless one was given', () => {
    expect(newTenant({ id: 'elm-2', name: ' Elm Trust ' })).toEqual({ id: 'elm-2', name: 'Elm Trust', lei: null })
  })

  it.each(['e', 'Elm', '2elm', 'elm_2', `e${'l'.repeat(63)}`, 'elm\n', ''])('may not be called %j', (id) => {
    expect(() => newTenant({ id, name: 'Elm' })).toThrow(/^id: expected 2 to 63 lower-case letters/)
  })

  it.each(['', '   ', 'E\nlm', 'x'.repeat(201)])('may not have the name %j', (name) => {
    expect(() => newTenant({ id: 'elm', name })).toThrow(/^name: expected 1 to 200 characters/)
  })
})
