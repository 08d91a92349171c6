/** A list of values as SQL text and the parameters that it names. */
export interface InList {
  /** With its parentheses: `(:id0, :id1)`; `(null)`, which nothing is in, for an empty list. */
  readonly sql: string
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * The right-hand side of an `in`: the Data API has neither arrays nor lists, so each value is a parameter of its own.
 * Not for `not in`, where an empty list would hide every row. `name` is the stem of the parameters' names.
 */
export function inList(name: string, values: readonly string[]): InList {
  const parameters = Object.fromEntries(values.map((value, index) => [`${name}${index}`, value]))
  const list = Object.keys(parameters).map((parameter) => `:${parameter}`)
  return { sql: `(${list.join(', ') || 'null'})`, parameters }
}
