import { describe, expect, it } from 'vitest'
import type { Contract } from './contract.ts'
import { checkContract, type GrantOrderInput, grantOrder, grantState } from './grant.ts'
import { instant } from './instant.ts'
import { Refusal } from './refusal.ts'

const from = '2024-01-01T00:00:00.000000Z'
const to = '2025-01-01T00:00:00.000000Z'
const order: GrantOrderInput = { tenantId: 'alder', resourceKind: 'FUND', resourceId: 'tsp:c-fund' }

describe('the state of a grant', () => {
  const revoked = { revokedAt: '2024-06-01T00:00:00.000000Z' }
  it.each([
    ['before its window', '2023-12-31T23:59:59.999999Z', 'PENDING'],
    ['at the first instant of its window', from, 'ACTIVE'],
    ['at the last microsecond of its window', '2024-12-31T23:59:59.999999Z', 'ACTIVE'],
    ['at the end of its window', to, 'EXPIRED'],
  ])('%s is what the window says, and REVOKED where it was revoked', (_, at, state) => {
    expect(grantState({ validFrom: from, validTo: to, revokedAt: null, suspendedAt: null }, at)).toBe(state)
    expect(grantState({ validFrom: from, validTo: to, suspendedAt: null, ...revoked }, at)).toBe('REVOKED')
  })

  it('stays ACTIVE where the window has no end', () => {
    expect(
      grantState({ validFrom: from, validTo: null, revokedAt: null, suspendedAt: null }, '2199-01-01T00:00:00.000000Z'),
    ).toBe('ACTIVE')
  })
})

describe('an order for a grant', () => {
  it('has its instants to the microsecond, so that their texts sort as time does', () => {
    expect(instant('2024-01-01T00:00:00.000Z')).toBe(from)
    const ordered = grantOrder({
      ...order,
      validFrom: '2024-01-01T00:00:00.000Z',
      validTo: '2024-01-01T00:00:00.000001Z',
    })
    expect(ordered).toMatchObject({ validFrom: from, validTo: '2024-01-01T00:00:00.000001Z', contractId: null })
  })

  it.each([
    [
      'validTo before validFrom',
      { validFrom: '2025-01-01T00:00:00.000Z', validTo: '2024-01-01T00:00:00.000Z' },
      /validTo/,
    ],
    ['an empty window', { validFrom: '2024-01-01T00:00:00.000Z', validTo: '2024-01-01T00:00:00.000Z' }, /validTo/],
    ['a year that events cannot carry', { validTo: '9999-01-01T00:00:00.000Z' }, /validTo.*1900 to 2199.*9999/],
    ['a year of five digits', { validFrom: '+010000-01-01T00:00:00.000Z' }, /validFrom/],
    ['a negative year', { validFrom: '-000001-12-31T14:00:00.000Z' }, /validFrom/],
    ['a resource without a source', { resourceId: 'c-fund' }, /<source>:<code>.*"c-fund"/],
    ['an empty resource', { resourceId: '' }, /resourceId/],
    ['a resource with a zero character', { resourceId: 'tsp:\0' }, /resourceId/],
  ])('is refused with %s, naming what was expected and what came', (_, part, message) => {
    expect(() => grantOrder({ ...order, ...part })).toThrow(Refusal)
    expect(() => grantOrder({ ...order, ...part })).toThrow(message)
  })

  it('needs a contract that is the tenant’s own and in force, or none', () => {
    const contract: Contract = {
      id: 'contract-1',
      tenantId: 'alder',
      status: 'ACTIVATED',
      startDate: '2020-01-01',
      endDate: null,
      terminatedAt: null,
      terminationReason: null,
    }
    const under = { tenantId: 'alder', contractId: 'contract-1' }
    expect(() => checkContract({ tenantId: 'alder', contractId: null }, undefined)).not.toThrow()
    expect(() => checkContract(under, contract)).not.toThrow()
    expect(() => checkContract(under, { ...contract, status: 'TERMINATED' })).toThrow(/ACTIVATED.*TERMINATED/)
    // Another tenant's contract reads like one that does not exist.
    const missing = () => checkContract(under, undefined)
    const foreign = () => checkContract(under, { ...contract, tenantId: 'birch' })
    expect(missing).toThrow('contractId: expected a contract of the tenant alder; got "contract-1"')
    expect(foreign).toThrow('contractId: expected a contract of the tenant alder; got "contract-1"')
  })
})
