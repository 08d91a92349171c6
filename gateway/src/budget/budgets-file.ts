import { readFileSync } from 'node:fs'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { parse } from 'yaml'
import { z } from 'zod'

/** Points, and the seconds for which they are meant. */
export interface Rate {
  readonly points: number
  readonly seconds: number
}

/** How much a tenant may ask for. */
export interface Budget {
  /** Points that one operation may cost at the most. */
  readonly operationCost: number
  /** For all of the tenant's clients together. */
  readonly tenant: Rate
  /** For one client within the tenant. */
  readonly client: Rate
  readonly streams: { readonly open: number; readonly eventsPerSecond: number }
}

export type BudgetOf = (caller: Caller) => Budget

const positive = z.int().min(1)
const rate = z.strictObject({ points: positive, seconds: positive })
const budget = z.strictObject({
  operationCost: positive,
  tenant: rate,
  client: rate,
  streams: z.strictObject({ open: z.int().min(0), eventsPerSecond: positive }),
})
const exceptions = z.record(z.string(), budget.partial()).default({})
const shape = z.strictObject({ defaults: budget, audiences: exceptions, tenants: exceptions })

/**
 * Reads contracts/access/budgets.yaml, or another file of its form. Throws an Error that names the file and each place
 * that is wrong. `audienceOf` names the audience that a caller belongs to; a line for one that is not among `known` would
 * never be anybody's, and is a mistake.
 */
export function readBudgets(file: string, audienceOf: (caller: Caller) => string, known: readonly string[]): BudgetOf {
  const { defaults, audiences, tenants } = parseFile(file)
  const unknown = Object.keys(audiences).filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new Error(`budgets ${file}: audiences: expected ${known.join(', ')}; got ${unknown.join(', ')}`)
  return (caller) => ({
    ...defaults,
    ...own(audiences, audienceOf(caller)),
    ...own(tenants, caller.tenant),
  })
}

type Exceptions = z.infer<typeof exceptions>

/** A tenant may have the name of something that every object has. */
const own = (exceptions: Exceptions, name: string) =>
  Object.hasOwn(exceptions, name) ? (exceptions[name] as Partial<Budget>) : undefined

function parseFile(file: string): z.infer<typeof shape> {
  try {
    // YAML 1.1 is the one whose numbers may have underscores.
    const parsed = shape.safeParse(parse(readFileSync(file, 'utf8'), { version: '1.1' }))
    if (parsed.success) return parsed.data
    throw new Error(
      parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`).join('; '),
    )
  } catch (error) {
    throw new Error(`budgets ${file}: ${(error as Error).message}`)
  }
}
