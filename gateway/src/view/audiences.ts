import { readFileSync } from 'node:fs'
import { type Caller, isAnonymous } from '@fundmesh/platform/identity/caller'
import { parse } from 'yaml'
import { z } from 'zod'

/** Tags (`@tag(name:)` of schema elements) that make a part of the graph out of the whole. */
export interface TagRules {
  /** Fields that carry one, or whose type does, are seen, and nothing else; undefined: every field. */
  readonly include?: readonly string[] | undefined
  /** What carries one is not seen, whatever else it carries. */
  readonly exclude: readonly string[]
}

/** A class of callers that sees the same part of the graph under the same rules. */
export interface Audience extends TagRules {
  readonly name: string
  has(caller: Caller): boolean
  /** Whether the schema may be asked for: by introspection, as a file, or through suggestions in messages. */
  readonly introspection: boolean
  /** Whether it may ask only what a trusted document asks. */
  readonly documentsRequired: boolean
  /** The apps whose trusted documents it may ask for by id. */
  readonly apps: readonly string[]
}

/** A caller fits a rule when it fits every part of it. */
const callerRule = z
  .strictObject({
    tenant: z.string().min(1).optional(),
    scope: z.string().min(1).optional(),
    anonymous: z.boolean().optional(),
  })
  .refine((rule) => Object.keys(rule).length > 0, 'expected at least one of tenant, scope, anonymous')

const tags = z.array(z.string().min(1)).min(1)

const file = z.strictObject({
  audiences: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9-]*$/),
        callers: z.array(callerRule).min(1),
        include: tags.optional(),
        exclude: tags.default([]),
        introspection: z.enum(['on', 'off']).default('on'),
        documents: z.enum(['required', 'allowed']).default('allowed'),
        apps: z.array(z.string().min(1)).default([]),
      }),
    )
    .min(1),
})

/** Reads an audiences file. Throws an Error that names the file and the reason. */
export function readAudiences(path: string): readonly Audience[] {
  const read = file.safeParse(parse(readFileSync(path, 'utf8')))
  if (!read.success) throw new Error(`audiences ${path}:\n${z.prettifyError(read.error)}`)
  const names = read.data.audiences.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new Error(`audiences ${path}: expected each name once; ${twice} is there twice`)
  return read.data.audiences.map(({ callers, introspection, documents, ...audience }) => ({
    ...audience,
    introspection: introspection === 'on',
    documentsRequired: documents === 'required',
    has: (caller) =>
      callers.some(
        ({ tenant, scope, anonymous }) =>
          (tenant === undefined || tenant === caller.tenant) &&
          (scope === undefined || caller.scopes.has(scope)) &&
          (anonymous === undefined || anonymous === isAnonymous(caller)),
      ),
  }))
}

/** Where nobody says otherwise: everybody sees everything, and may ask what they like. */
export const everybody: Audience = {
  name: 'everybody',
  has: () => true,
  exclude: [],
  introspection: true,
  documentsRequired: false,
  apps: [],
}
