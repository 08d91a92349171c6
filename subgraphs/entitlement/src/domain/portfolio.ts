/** A tenant's own holdings of share classes. */
export interface Portfolio {
  readonly id: string
  readonly tenantId: string
  readonly name: string
  /** ISO 4217. */
  readonly baseCurrency: string
}

export interface Position {
  readonly portfolioId: string
  readonly shareClassId: string
  /** Number of shares, a canonical decimal. */
  readonly units: string
}
