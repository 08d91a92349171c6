/** Who asks. Holding one means that a token (at the gateway) or a passport (at a subgraph) was verified. */
export interface Caller {
  /** The tenant whose data may be read: the unit of isolation. */
  readonly tenant: string
  /** The client or person within the tenant. */
  readonly subject: string
  /** OAuth scopes that the token carries. */
  readonly scopes: ReadonlySet<string>
  /** When the right to ask ends. */
  readonly expiresAt: Date
}

/** The scope that may change entitlements and see every tenant. */
export const ADMIN_SCOPE = 'entitlement:admin'
