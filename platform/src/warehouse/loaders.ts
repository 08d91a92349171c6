/** Loaders that put many keys of one request into one statement. Made anew for each request, hence for one tenant. */
import DataLoader from 'dataloader'

/** The most keys that one statement names. */
export const KEYS_PER_STATEMENT = 1_000

/** Asks for the rows of these keys: distinct, and at most KEYS_PER_STATEMENT. */
export type AskForKeys<Row> = (keys: readonly string[]) => Promise<readonly Row[]>

/** For each key its row; null where there is none that the tenant may see. */
export function oneByKey<Row>(
  ask: AskForKeys<Row>,
  keyOf: (row: Row) => string | null,
): DataLoader<string, Row | null> {
  return loader(ask, (rows) => {
    const found = new Map(rows.map((row) => [keyOf(row), row]))
    return (key) => found.get(key) ?? null
  })
}

/** For each key its rows, in the order of the answer; none is an empty list. */
export function manyByKey<Row>(
  ask: AskForKeys<Row>,
  keyOf: (row: Row) => string | null,
): DataLoader<string, readonly Row[]> {
  return loader(ask, (rows) => {
    const found = new Map<string | null, Row[]>()
    for (const row of rows) {
      const key = keyOf(row)
      const group = found.get(key)
      if (group) group.push(row)
      else found.set(key, [row])
    }
    return (key) => found.get(key) ?? []
  })
}

/** One loader for each question: fields with the same arguments share a statement. */
export function perQuestion<Question extends object, Loader>(
  make: (question: Question) => Loader,
): (question: Question) => Loader {
  const made = new Map<string, Loader>()
  return (question) => {
    const name = JSON.stringify(question)
    const loader = made.get(name) ?? make(question)
    made.set(name, loader)
    return loader
  }
}

function loader<Row, Found>(
  ask: AskForKeys<Row>,
  finder: (rows: readonly Row[]) => (key: string) => Found,
): DataLoader<string, Found> {
  return new DataLoader(
    async (keys) => {
      const askable = keys.filter(isStorable)
      const find = finder(askable.length > 0 ? await ask(askable) : [])
      return keys.map(find)
    },
    { maxBatchSize: KEYS_PER_STATEMENT },
  )
}

/** Whether anything can be stored under the key: the warehouse refuses a text with NUL and a parameter without text. */
export const isStorable = (key: string): boolean => key !== '' && !key.includes('\0')
