/** Who asks. Holding one means that a token (at the gateway) or a passport (at a subgraph) was verified. */
export interface Caller {
  /** The tenant whose data may be read: the unit of isolation. Empty for an anonymous caller, to whom no row belongs. */
  readonly tenant: string
  /** The client or person within the tenant. Empty for an anonymous caller. */
  readonly subject: string
  /** The OAuth client that got the token. */
  readonly client: string
  /** OAuth scopes that the token carries. */
  readonly scopes: ReadonlySet<string>
  /** Where the caller is, as its token says: an ISO 3166-1 alpha-2 code. Undefined: the token does not say. */
  readonly region?: string | undefined
  /** When the right to ask ends. */
  readonly expiresAt: Date
}

/** The scope that may change entitlements and see every tenant. */
export const ADMIN_SCOPE = 'entitlement:admin'
/** The scope that may read the audit trail of its own tenant. */
export const AUDIT_SCOPE = 'audit:read'
/** The scope of the asset manager's auditors: who could see what, and the audit trail, of every tenant. */
export const AUDIT_ALL_SCOPE = 'audit:read-all'

/** Nobody in particular: for doors that let callers in without a token. Owns nothing, may what everybody may. */
export const anonymous: Caller = {
  tenant: '',
  subject: '',
  client: '',
  scopes: new Set(),
  expiresAt: new Date(8.64e15),
}

export const isAnonymous = ({ subject }: Pick<Caller, 'subject'>): boolean => subject === ''
