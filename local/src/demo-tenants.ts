/**
 * Who may ask the demo graph: four client tenants, and the asset manager's own operator tenant. Each has one OAuth
 * client with a fixed secret. The secrets are public by being here: they are for this demo only, and the identity
 * provider that knows them never runs anywhere but on a developer's machine.
 */
import { ADMIN_SCOPE, AUDIT_ALL_SCOPE, AUDIT_SCOPE } from '@fundmesh/platform/identity/caller'
import { CommandError } from './command-line.ts'

export interface DemoTenant {
  /** The `tenant` claim of its tokens: `alder`. */
  readonly id: string
  readonly name: string
  /** What its grants let it see, in a few words for a person. */
  readonly sees: string
  readonly client: {
    /** OAuth client id, the `sub` of its tokens. */
    readonly id: string
    /** Demo only. */
    readonly secret: string
    /** The scopes that it may ask for. */
    readonly scopes: readonly string[]
  }
}

/** A tenant that does not exist; the message names those that do. */
export class UnknownTenant extends CommandError {
  constructor(id: string) {
    super(`There is no demo tenant "${id}"; there are ${ALL_TENANTS.map((tenant) => tenant.id).join(', ')}.`)
  }
}

export const DEMO_TENANTS: readonly DemoTenant[] = [
  demoTenant('alder', 'Alder Pension Trust', 'every fund of the Thrift Savings Plan', [AUDIT_SCOPE]),
  demoTenant('birch', 'Birch Insurance', 'the Lifecycle (L) funds'),
  demoTenant('cedar', 'Cedar Family Office', 'the C, S and I funds; its right to the F fund has expired'),
  demoTenant('dogwood', 'Dogwood Bank', 'the G fund; its right to the C fund has not begun'),
]

/** The asset manager's operators: no fund data, but the right to change who sees what. Not a demo tenant. */
export const HOUSE: DemoTenant = demoTenant('house', 'The house', 'no fund data; it administers entitlements', [
  ADMIN_SCOPE,
  AUDIT_ALL_SCOPE,
])

/** Everyone who has a client at the local identity provider. */
export const ALL_TENANTS: readonly DemoTenant[] = [...DEMO_TENANTS, HOUSE]

/** The tenant of this id, `house` included. Throws UnknownTenant. */
export function tenantById(id: string): DemoTenant {
  const tenant = ALL_TENANTS.find((candidate) => candidate.id === id)
  if (!tenant) throw new UnknownTenant(id)
  return tenant
}

function demoTenant(id: string, name: string, sees: string, scopes: readonly string[] = []): DemoTenant {
  return { id, name, sees, client: { id: `${id}-demo`, secret: `${id}-demo-secret`, scopes } }
}
