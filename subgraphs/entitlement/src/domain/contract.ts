/**
 * An agreement under which data is granted. Each of its lines is a right; the grants that come from the lines end with it.
 *
 *     DRAFT ──▶ ACTIVATED ──terminate──▶ TERMINATED
 */
import { EARLIEST, type Instant, instantOfInput, LATEST } from './instant.ts'
import { Refusal } from './refusal.ts'
import { checkResource, type ResourceKind } from './resource.ts'
import { type Terms, type TermsInput, terms } from './terms.ts'

export interface Contract {
  readonly id: string
  readonly tenantId: string
  readonly status: ContractStatus
  /** First day. */
  readonly startDate: string
  /** Last day; null: no end. */
  readonly endDate: string | null
  readonly terminatedAt: Instant | null
  readonly terminationReason: string | null
}

export type ContractStatus = 'DRAFT' | 'ACTIVATED' | 'TERMINATED'

/** What a contract gives a right to. */
export interface ContractLine extends Terms {
  readonly contractId: string
  /** From 1, in the contract's order. */
  readonly number: number
  readonly resourceKind: ResourceKind
  readonly resourceId: string
  /** Null: with the contract; and likewise below. */
  readonly validFrom: Instant | null
  readonly validTo: Instant | null
}

/** A contract that comes into force with its lines. */
export interface ContractOrder extends Pick<Contract, 'id' | 'tenantId' | 'startDate' | 'endDate'> {
  readonly lines: readonly ContractLine[]
}

export interface ContractLineInput extends TermsInput {
  readonly resourceKind: ResourceKind
  readonly resourceId: string
  readonly validFrom?: string | null | undefined
  readonly validTo?: string | null | undefined
}

/** What an administrator wrote. */
export interface ContractInput {
  readonly id: string
  readonly tenantId: string
  readonly startDate: string
  readonly endDate?: string | null | undefined
  readonly lines: readonly ContractLineInput[]
}

/** More is another contract, or a grant of the fund in place of its share classes. */
const MOST_LINES = 2_000

/** Throws Refusal. */
export function contractOrder(input: ContractInput): ContractOrder {
  const { id, tenantId, startDate, endDate = null } = input
  if (!/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/.test(id)) {
    throw new Refusal(`id: expected 1 to 100 letters, digits and . _ : -; got ${JSON.stringify(id.slice(0, 80))}`)
  }
  if (endDate !== null && endDate < startDate) {
    throw new Refusal(`endDate: expected a day not before startDate (${startDate}); got ${endDate}`)
  }
  const { from, to } = bounds({ startDate, endDate })
  if (from < EARLIEST || from >= LATEST || (to !== null && to > LATEST)) {
    throw new Refusal(`startDate: expected a contract within the years 1900 to 2199; got ${startDate} to ${endDate}`)
  }
  if (input.lines.length === 0 || input.lines.length > MOST_LINES) {
    throw new Refusal(`lines: expected 1 to ${MOST_LINES}; got ${input.lines.length}`)
  }
  const lines = input.lines.map((line, index) => contractLine(id, index + 1, line))
  for (const line of lines) {
    const validFrom = line.validFrom !== null && line.validFrom > from ? line.validFrom : from
    const end = [line.validTo, to].filter((at) => at !== null).sort()[0]
    if (end !== undefined && end <= validFrom) {
      throw new Refusal(`lines: expected line ${line.number} to hold within its contract, ${startDate} to ${endDate}`)
    }
  }
  return { id, tenantId, startDate, endDate, lines }
}

/** The first instant of a contract, and the first after it: its days are whole days of UTC. */
export function bounds({ startDate, endDate }: Pick<Contract, 'startDate' | 'endDate'>): {
  from: Instant
  to: Instant | null
} {
  const day = (date: string, plus: number) =>
    `${new Date(Date.parse(date) + plus * 86_400_000).toISOString().slice(0, -1)}000Z`
  return { from: day(startDate, 0), to: endDate === null ? null : day(endDate, 1) }
}

function contractLine(contractId: string, number: number, input: ContractLineInput): ContractLine {
  const { resourceKind, resourceId } = input
  checkResource(resourceId)
  return {
    contractId,
    number,
    resourceKind,
    resourceId,
    ...terms(input),
    validFrom: instantOfInput('validFrom', input.validFrom),
    validTo: instantOfInput('validTo', input.validTo),
  }
}
