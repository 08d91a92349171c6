/** A folder of `*.cedar` files, read and checked as far as that needs no other file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'

export interface PolicyFiles {
  /** `@id` → the policy's text. */
  readonly policies: ReadonlyMap<string, string>
  /** The actions that policies name; only these can be asked for. */
  readonly names: ReadonlySet<string>
  /** `schema.cedarschema` beside the folder, where there is one. */
  readonly schema: string | undefined
}

/** Throws an Error that names the file, the policy and what is wrong with it. Without a folder there are none. */
export function readPolicies(folder: string | undefined): PolicyFiles {
  if (folder === undefined) return { policies: new Map(), names: new Set(), schema: undefined }
  const policies = new Map<string, string>()
  const names = new Set<string>()
  const files = readdirSync(folder).filter((file) => file.endsWith('.cedar'))
  if (files.length === 0) throw new Error(`policies ${folder}: expected at least one *.cedar file; found none`)
  for (const file of files.sort()) {
    for (const text of policiesOf(join(folder, file))) {
      const answer = cedar.policyToJson(text)
      if (answer.type === 'failure') throw new Error(`${file}: ${messages(answer.errors)}`)
      const { annotations, action } = answer.json
      const id = annotations?.id
      if (!id) throw new Error(`${file}: expected every policy to have an @id("…"); none has ${text.slice(0, 80)}`)
      if (policies.has(id)) throw new Error(`${file}: expected one policy with @id("${id}"); found a second`)
      policies.set(id, text)
      for (const name of actionsOf(action)) names.add(name)
    }
  }
  const schemaFile = join(dirname(folder), 'schema.cedarschema')
  return { policies, names, schema: existsSync(schemaFile) ? readFileSync(schemaFile, 'utf8') : undefined }
}

function policiesOf(file: string): readonly string[] {
  const parts = cedar.policySetTextToParts(readFileSync(file, 'utf8'))
  if (parts.type === 'failure') throw new Error(`${file}: ${messages(parts.errors)}`)
  if (parts.policy_templates.length > 0) throw new Error(`${file}: expected policies; found a template`)
  return parts.policies
}

/** The actions in a policy's head; a policy about every action names none. */
function actionsOf(constraint: cedar.ActionConstraint): readonly string[] {
  const uids =
    constraint.op === 'All'
      ? []
      : 'entities' in constraint
        ? constraint.entities
        : 'entity' in constraint
          ? [constraint.entity]
          : []
  return uids.map((uid) => ('__entity' in uid ? uid.__entity.id : uid.id))
}

const messages = (errors: readonly cedar.DetailedError[]) => errors.map(({ message }) => message).join('; ')
