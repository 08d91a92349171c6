import { budgetHeaders } from '../budget/budget.ts'

const methods = ['GET', 'POST']
const exposedHeaders = [...budgetHeaders]

/**
 * For graphql-yoga, which answers the preflights. Of several origins it would name `null` to a page of none of them,
 * which is what a page in a sandbox calls its own: such a page is told nothing.
 */
export function corsOptions(origins: readonly string[]) {
  if (origins.length === 0) return false
  const options = { origin: [...origins], methods, credentials: false, exposedHeaders }
  if (origins.length === 1 || origins.includes('*')) return options
  return ({ headers }: Request) => (origins.includes(headers.get('origin') ?? '') ? options : (false as const))
}

const none = {}

/** The headers that graphql-yoga would add to the answer to a page of an origin. */
export function corsHeaders(origins: readonly string[], origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined || origins.length === 0) return none
  const common = {
    'access-control-allow-methods': methods.join(', '),
    'access-control-expose-headers': exposedHeaders.join(', '),
  }
  if (origins.includes('*')) return { 'access-control-allow-origin': origin, vary: 'Origin', ...common }
  if (origins.length === 1) return { 'access-control-allow-origin': origins[0]!, ...common }
  if (!origins.includes(origin)) return none
  return { 'access-control-allow-origin': origin, vary: 'Origin', ...common }
}
