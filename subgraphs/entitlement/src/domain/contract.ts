/** An agreement under which data is granted. */
export interface Contract {
  readonly id: string
  readonly tenantId: string
  readonly status: ContractStatus
  /** First day. */
  readonly startDate: string
  /** Last day; null: no end. */
  readonly endDate: string | null
}

export type ContractStatus = 'DRAFT' | 'ACTIVATED' | 'TERMINATED'
