import { Refusal } from './refusal.ts'

/** Who has which roles within a tenant. */
export interface Principal {
  readonly tenantId: string
  /** The subject of the principal's tokens. */
  readonly subject: string
  readonly roles: readonly string[]
}

const MOST_ROLES = 32

/** Throws Refusal. No roles at all is an answer: the subject has none from now on. */
export function principal(input: Principal): Principal {
  const { tenantId, subject } = input
  if (subject.trim() === '' || subject.length > 255 || /\p{Cc}/u.test(subject)) {
    throw new Refusal(
      `subject: expected 1 to 255 characters on one line; got ${subject.length}, or a control character`,
    )
  }
  const roles = [...new Set(input.roles)].sort()
  if (roles.length > MOST_ROLES) throw new Refusal(`roles: expected at most ${MOST_ROLES}; got ${roles.length}`)
  const wrong = roles.find((role) => !/^[a-z][a-z0-9-]{0,62}$/.test(role))
  if (wrong !== undefined) {
    const came = JSON.stringify(wrong.slice(0, 80))
    throw new Refusal(`roles: expected lower-case letters, digits and hyphens, starting with a letter; got ${came}`)
  }
  return { tenantId, subject, roles }
}
