/** Where a named parameter stands in an SQL text: `sql.slice(start, end)` is `:name`. */
export interface NamedParameter {
  readonly name: string
  readonly start: number
  readonly end: number
}

/**
 * What is not read for parameters, longest match first: comments, strings with and without backslash escapes, quoted
 * identifiers, dollar-quoted text, casts, `:=`. Block comments nest and are handled apart.
 */
const SKIPPED =
  /--[^\n]*|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|(?<![\w$])\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|::|:=/y
const PARAMETER = /:([A-Za-z_]\w*)/y

/**
 * The named parameters (`:name`) of one SQL text, in order. Text inside string literals, quoted identifiers,
 * dollar-quoted bodies and comments is left alone, and so are `::` casts.
 */
export function namedParameters(sql: string): readonly NamedParameter[] {
  const found: NamedParameter[] = []
  let position = 0
  while (position < sql.length) {
    if (sql.startsWith('/*', position)) {
      position = endOfBlockComment(sql, position)
      continue
    }
    // `e'…'` begins a string only where no identifier ends in that e; \b in SKIPPED sees to it.
    SKIPPED.lastIndex = position
    const skipped = SKIPPED.exec(sql)
    if (skipped) {
      position += skipped[0].length
      continue
    }
    PARAMETER.lastIndex = position
    const parameter = PARAMETER.exec(sql)
    if (parameter) {
      const end = position + parameter[0].length
      found.push({ name: parameter[1] as string, start: position, end })
      position = end
      continue
    }
    position += 1
  }
  return found
}

/** The SQL text with each named parameter replaced by what `replacement` gives; null leaves it as it stands. */
export function replaceParameters(sql: string, replacement: (name: string) => string | null): string {
  let text = ''
  let copied = 0
  for (const { name, start, end } of namedParameters(sql)) {
    text += sql.slice(copied, start) + (replacement(name) ?? sql.slice(start, end))
    copied = end
  }
  return text + sql.slice(copied)
}

function endOfBlockComment(sql: string, start: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = start
  let depth = 0
  for (let mark = marks.exec(sql); mark; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return sql.length
}
