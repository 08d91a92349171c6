import { Refusal } from './refusal.ts'
import { personsText } from './text.ts'

/** A client of the asset manager; the unit of isolation. */
export interface Tenant {
  readonly id: string
  readonly name: string
  readonly lei: string | null
}

/** What an administrator wrote; the LEI was checked at the door. */
export interface TenantInput {
  readonly id: string
  readonly name: string
  readonly lei?: string | null | undefined
}

/** Throws Refusal. */
export function newTenant(input: TenantInput): Tenant {
  if (!/^[a-z][a-z0-9-]{1,62}$/.test(input.id)) {
    const came = JSON.stringify(input.id.slice(0, 80))
    throw new Refusal(
      `id: expected 2 to 63 lower-case letters, digits and hyphens, starting with a letter; got ${came}`,
    )
  }
  return { id: input.id, name: personsText('name', input.name, 200), lei: input.lei ?? null }
}
