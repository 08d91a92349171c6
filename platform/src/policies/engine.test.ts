import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { policyEngine } from './engine.ts'
import { readPolicies } from './files.ts'
import type { PrincipalClass } from './principal-class.ts'
import { policyMistakes } from './validate.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A folder of policies; with a schema beside it where one is given. */
function folderOf(policies: Record<string, string>, schema?: string): string {
  const root = mkdtempSync(join(tmpdir(), 'policies-'))
  folders.push(root)
  mkdirSync(join(root, 'policies'))
  for (const [file, text] of Object.entries(policies)) writeFileSync(join(root, 'policies', file), text)
  if (schema !== undefined) writeFileSync(join(root, 'schema.cedarschema'), schema)
  return join(root, 'policies')
}

const caller: PrincipalClass = {
  tenant: 'alder',
  authenticated: true,
  registered: true,
  scopes: new Set(['a']),
  roles: new Set(),
  channel: 'GRAPHQL',
  fieldSets: new Set(['NAV']),
}
const everyone = '@id("everyone") permit (principal, action in [Action::"x", Action::"y"], resource);'
const schema = `
  entity Tenant; entity Graph;
  entity Caller in [Tenant] = { authenticated: Bool, registered: Bool, scopes: Set<String>, roles: Set<String>, region?: String };
  action "x", "y" appliesTo { principal: [Caller], resource: [Graph], context: { channel: String, fieldSets: Set<String> } };`

describe('the policy engine', () => {
  it('says which policies decided, the forbidding ones where there are any', () => {
    const forbidden = '@id("not-alder") forbid (principal in Tenant::"alder", action, resource);'
    const engine = policyEngine(readPolicies(folderOf({ 'a.cedar': everyone, 'b.cedar': forbidden })))
    expect(engine.decide('x', { ...caller, tenant: 'birch' })).toEqual({
      allowed: true,
      policies: ['everyone'],
      errors: [],
    })
    expect(engine.decide('x', caller)).toEqual({ allowed: false, policies: ['not-alder'], errors: [] })
  })

  it('denies a name that no policy has', () => {
    const engine = policyEngine(
      readPolicies(folderOf({ 'a.cedar': `${everyone} @id("all") permit (principal, action, resource);` })),
    )
    expect([...engine.names]).toEqual(['x', 'y'])
    expect(engine.decide('z', caller)).toEqual({ allowed: false, policies: [], errors: ['no policy is named z'] })
  })

  it('denies where a policy cannot be evaluated, as a forbid that is skipped forbids nothing', () => {
    const broken =
      '@id("broken") forbid (principal, action == Action::"x", resource) when { principal.region == "DE" };'
    const engine = policyEngine(readPolicies(folderOf({ 'a.cedar': everyone + broken })))
    const { allowed, errors } = engine.decide('x', caller)
    expect(allowed).toBe(false)
    expect(errors).toEqual([expect.stringMatching(/^broken: .*region/)])
    expect(engine.decide('x', { ...caller, region: 'FR' }).allowed).toBe(true)
    expect(engine.decide('x', { ...caller, region: 'DE' })).toEqual({
      allowed: false,
      policies: ['broken'],
      errors: [],
    })
    expect(engine.decide('y', caller).allowed).toBe(true)
  })

  it('denies a question that does not fit the schema', () => {
    const engine = policyEngine(
      readPolicies(folderOf({ 'a.cedar': everyone }, schema.replace('Set<String>, roles', 'Long, roles'))),
    )
    const { allowed, errors } = engine.decide('x', caller)
    expect(allowed).toBe(false)
    expect(errors).toHaveLength(1)
  })

  it('keeps the policies of two engines apart', () => {
    const first = policyEngine(readPolicies(folderOf({ 'a.cedar': everyone })))
    const second = policyEngine(readPolicies(folderOf({ 'a.cedar': everyone.replace('permit', 'forbid') })))
    expect([first, second].map((engine) => engine.decide('x', caller).allowed)).toEqual([true, false])
  })
})

describe('a folder of policies', () => {
  it.each([
    ['no file', {}, /expected at least one \*\.cedar file; found none/],
    ['what is not Cedar', { 'a.cedar': 'permit everything' }, /a\.cedar: /],
    ['a policy without @id', { 'a.cedar': 'permit (principal, action, resource);' }, /a\.cedar: .*@id/],
    ['two policies of one @id', { 'a.cedar': everyone, 'b.cedar': everyone }, /b\.cedar: .*"everyone".*second/],
    [
      'a template',
      { 'a.cedar': '@id("t") permit (principal == ?principal, action, resource);' },
      /a\.cedar: expected policies; found a template/,
    ],
  ])('is refused with %s', (_, policies, message) => {
    expect(() => readPolicies(folderOf(policies as Record<string, string>))).toThrow(message)
  })

  it('is held against its schema: types, and actions that only one of both names', () => {
    expect(policyMistakes(readPolicies(folderOf({ 'a.cedar': everyone }, schema)))).toEqual([])
    expect(policyMistakes(readPolicies(folderOf({ 'a.cedar': everyone })))).toEqual([expect.stringMatching(/schema/)])
    const wrong = '@id("wrong") permit (principal, action == Action::"x", resource) when { principal.age > 3 };'
    expect(policyMistakes(readPolicies(folderOf({ 'a.cedar': everyone + wrong }, schema)))).toEqual([
      expect.stringMatching(/^@id\("wrong"\): .*age/),
    ])
    const [unknown] = policyMistakes(readPolicies(folderOf({ 'a.cedar': everyone.replace('"y"', '"z"') }, schema)))
    expect(unknown).toMatch(/z/)
    const missing = policyMistakes(readPolicies(folderOf({ 'a.cedar': everyone.replace(', Action::"y"', '') }, schema)))
    expect(missing).toEqual(['Action::"y": no policy names it'])
  })
})
