import { budgetHeaders } from '../budget/budget.ts'

const methods = ['GET', 'POST']
const exposedHeaders = [...budgetHeaders]

/** For graphql-yoga, which answers the preflights. */
export const corsOptions = (origins: readonly string[]) =>
  origins.length > 0 ? { origin: [...origins], methods, credentials: false, exposedHeaders } : false

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
  if (!origins.includes(origin)) return { 'access-control-allow-origin': 'null', ...common }
  return { 'access-control-allow-origin': origin, vary: 'Origin', ...common }
}
