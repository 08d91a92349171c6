import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessCases, accessPolicies } from '@fundmesh/contracts/access'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { policyEngine } from './engine.ts'
import { readPolicies } from './files.ts'
import type { PrincipalClass } from './principal-class.ts'
import { policyMistakes } from './validate.ts'

const Tables = z.record(
  z.string(),
  z.array(
    z.strictObject({
      when: z.strictObject({
        anonymous: z.boolean().default(false),
        registered: z.boolean().default(true),
        scopes: z.array(z.string()).default([]),
        roles: z.array(z.string()).default([]),
        region: z.string().optional(),
        channel: z.enum(['GRAPHQL', 'STREAM', 'KAFKA']).default('GRAPHQL'),
        fieldSets: z.array(z.enum(['REFERENCE', 'NAV', 'PERFORMANCE', 'RISK'])).default([]),
      }),
      // biome-ignore lint/suspicious/noThenProperty: a word of the tables, never awaited.
      then: z.enum(['allow', 'deny']),
      by: z.array(z.string()).default([]),
    }),
  ),
)

const files = readPolicies(accessPolicies)
const engine = policyEngine(files)
const cases = readdirSync(accessCases).flatMap((file) =>
  Object.entries(Tables.parse(parse(readFileSync(join(accessCases, file), 'utf8')))).flatMap(([name, rows]) =>
    rows.map(({ when, then: decision, by }) => ({ name, when, decision, by })),
  ),
)

function principalOf({ anonymous, scopes, roles, fieldSets, ...rest }: (typeof cases)[number]['when']): PrincipalClass {
  return {
    ...rest,
    tenant: anonymous ? '' : 'alder',
    authenticated: !anonymous,
    registered: rest.registered && !anonymous,
    scopes: new Set(scopes),
    roles: new Set(roles),
    fieldSets: new Set(fieldSets),
  }
}

describe('the policies of contracts/access', () => {
  it('fit their schema, which names the same actions', () => {
    expect(policyMistakes(files)).toEqual([])
  })

  it.each(cases)('$name: $when → $decision', ({ name, when, decision, by }) => {
    expect(engine.decide(name, principalOf(when))).toEqual({
      allowed: decision === 'allow',
      policies: [...by].sort(),
      errors: [],
    })
  })

  it('have a case that each name allows and one that it denies, and one that each policy decides', () => {
    const having = (decision: string) => [
      ...new Set(cases.filter((one) => one.decision === decision).map(({ name }) => name)),
    ]
    expect(having('allow').sort()).toEqual([...files.names].sort())
    expect(having('deny').sort()).toEqual([...files.names].sort())
    expect([...new Set(cases.flatMap(({ by }) => by))].sort()).toEqual([...files.policies.keys()].sort())
  })
})
