/** First words of SQL that would end or nest the transaction which the service itself opened. */
const CONTROL = new Set(['abort', 'begin', 'commit', 'end', 'prepare', 'release', 'rollback', 'savepoint', 'start'])

/** White space, comments and empty statements before the first word. Nested comments are not needed to find it. */
const LEADING = /^(?:\s|;|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/

/**
 * The word by which an SQL text would control the transaction, or null. The service refuses such text; the database
 * takes one command at a time from it, so the word can only stand first.
 */
export function transactionControl(sql: string): string | null {
  const word = /^[A-Za-z]+/.exec(sql.replace(LEADING, ''))?.[0]?.toLowerCase()
  return word && CONTROL.has(word) ? word : null
}
