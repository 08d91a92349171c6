import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { PolicyFiles } from './files.ts'

/** What is wrong with policies that have a schema: what does not fit it, and actions that only one of both names. */
export function policyMistakes({ policies, names, schema }: PolicyFiles): readonly string[] {
  if (schema === undefined) return ['schema.cedarschema: expected beside the folder of the policies; found none']
  const parsed = cedar.schemaToJson(schema)
  const answer = cedar.validate({ schema, policies: { staticPolicies: Object.fromEntries(policies) } })
  if (parsed.type === 'failure') return parsed.errors.map(({ message }) => `schema.cedarschema: ${message}`)
  if (answer.type === 'failure') return answer.errors.map(({ message }) => message)
  const actions = new Set(Object.values(parsed.json).flatMap(({ actions }) => Object.keys(actions)))
  return [
    ...[...answer.validationErrors, ...answer.validationWarnings].map(
      ({ policyId, error }) => `@id("${policyId}"): ${error.message}`,
    ),
    ...[...actions].filter((action) => !names.has(action)).map((action) => `Action::"${action}": no policy names it`),
    ...[...names].filter((name) => !actions.has(name)).map((name) => `Action::"${name}": the schema does not know it`),
  ]
}
