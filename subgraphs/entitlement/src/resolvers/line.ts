import type { Context } from '../context.ts'
import type { ContractLine } from '../domain/contract.ts'
import type { ReadGrant } from '../store/records.ts'

/** The line of the contract that a grant comes from; null where it comes from none. */
export async function lineOf(
  { contractId, lineNumber }: Pick<ReadGrant, 'contractId' | 'lineNumber'>,
  { loaders }: Context,
): Promise<ContractLine | null> {
  if (contractId === null || lineNumber === null) return null
  const lines = await loaders.linesOfContract.load(contractId)
  return lines.find(({ number }) => number === lineNumber) ?? null
}
