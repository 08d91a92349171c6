import { namedParameters, replaceParameters } from '@fundmesh/platform/warehouse/named-parameters'
import { validationError } from './errors.ts'

/** A parameter as a request carries it. */
export interface SqlParameter {
  readonly name: string
  readonly value: string
}

/**
 * The parameters of a request by name. As in the real service each of them has to be used by one of the SQL texts at
 * least, and an SQL text may use any of them. Throws a ValidationException.
 */
export function checkParameters(sqls: readonly string[], parameters: readonly SqlParameter[]): Record<string, string> {
  const byName: Record<string, string> = {}
  for (const { name, value } of parameters) {
    if (Object.hasOwn(byName, name)) throw validationError(`Parameters list contains duplicate parameters: [${name}]`)
    byName[name] = value
  }
  const used = new Set(sqls.flatMap((sql) => namedParameters(sql).map(({ name }) => name)))
  const unused = Object.keys(byName).filter((name) => !used.has(name))
  if (unused.length > 0) {
    throw validationError(`Parameters list contains unused parameters. Unused parameters: [${unused.join(', ')}]`)
  }
  return byName
}

/**
 * `:name` as PostgreSQL's `$n`, one number for each name. A name without a value stays as it is, and the database then
 * says what is wrong with it.
 */
export function toPositional(
  sql: string,
  parameters: Readonly<Record<string, string>>,
): { text: string; values: string[] } {
  const names: string[] = []
  const text = replaceParameters(sql, (name) => {
    if (!Object.hasOwn(parameters, name)) return null
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  return { text, values: names.map((name) => parameters[name] ?? '') }
}
