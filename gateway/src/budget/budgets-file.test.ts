import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { anonymous } from '@fundmesh/platform/identity/caller'
import { afterAll, describe, expect, it } from 'vitest'
import { readBudgets } from './budgets-file.ts'

const committed = fileURLToPath(new URL('../../../contracts/access/budgets.yaml', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'fundmesh-budgets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (text: string, audience = 'partner') => {
  const file = join(folder, 'budgets.yaml')
  writeFileSync(file, text)
  return readBudgets(file, () => audience, ['partner', 'internal'])
}
const defaults = `defaults:
  operationCost: 1_000
  tenant: { points: 10_000, seconds: 60 }
  client: { points: 5_000, seconds: 60 }
  streams: { open: 10, eventsPerSecond: 100 }
`

describe('the file of budgets', () => {
  it('that is committed gives everyone a budget', () => {
    expect(readBudgets(committed, () => 'everybody', [])(anonymous).tenant.points).toBeGreaterThan(1_000_000)
  })

  it('gives a tenant its own, else its audience’s, else the default', () => {
    const budgets = read(`${defaults}
audiences: { partner: { operationCost: 50, streams: { open: 0, eventsPerSecond: 1 } } }
tenants: { alder: { operationCost: 70 } }`)
    expect(budgets({ ...anonymous, tenant: 'birch' })).toMatchObject({ operationCost: 50, streams: { open: 0 } })
    expect(budgets({ ...anonymous, tenant: 'alder' })).toMatchObject({ operationCost: 70, streams: { open: 0 } })
    expect(read(defaults)({ ...anonymous, tenant: 'constructor' }).operationCost).toBe(1_000)
  })

  it.each([
    ['a limit that is missing', defaults.replace(/ {2}client.*\n/, ''), /budgets\.yaml: defaults\.client: /],
    [
      'a limit that nobody knows',
      `${defaults}tenants: { alder: { opreationCost: 1 } }`,
      /tenants\.alder: .*opreationCost/,
    ],
    [
      'an audience that there is not',
      `${defaults}audiences: { internal: {}, partners: { operationCost: 1 } }`,
      /budgets\.yaml: audiences: expected partner, internal; got partners/,
    ],
    ['a limit that is no number', defaults.replace('1_000', 'many'), /defaults\.operationCost: /],
    ['what is no YAML', '{', /budgets .*budgets\.yaml: /],
  ])('names %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message)
  })
})
