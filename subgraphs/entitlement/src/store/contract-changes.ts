/** What becomes of a contract: it comes into force with its lines, each a grant, and may be terminated. */
import { bounds, type Contract, type ContractLine, type ContractOrder } from '../domain/contract.ts'
import { Refusal } from '../domain/refusal.ts'
import { personsText } from '../domain/text.ts'
import { contractColumns, contractLineColumns } from './columns.ts'
import { advance, nextEpoch } from './epochs.ts'
import { checkRoom, insertGrant } from './grant-changes.ts'
import type { Ask, Ledger } from './ledger.ts'
import type { Actor } from './records.ts'
import { unknownTenant } from './tenant-changes.ts'

/** A contract after a change, and the tenant's epoch then. */
export interface ChangedContract {
  readonly contract: Contract
  readonly epoch: number
}

/**
 * Records the contract, its lines and their grants as one change. The same contract again changes nothing. Throws Refusal
 * where the tenant does not exist, or the id is another contract's.
 */
export function recordContract(ledger: Ledger, actor: Actor, order: ContractOrder): Promise<ChangedContract> {
  const { id, tenantId, startDate, endDate, lines } = order
  return ledger.transaction(async (ask) => {
    const epoch = await nextEpoch(ask, tenantId)
    if (epoch === undefined) throw unknownTenant(tenantId)
    const before = await contractById(ask, id)
    if (before) {
      if (!(await isSame(ask, before, order))) {
        throw new Refusal(`id: expected one that is not taken; ${id} is another contract`)
      }
      return { contract: before, epoch: epoch - 1 }
    }
    await checkRoom(ask, tenantId, lines.length)
    await ask(
      `insert into entitlement.contract (contract_id, tenant_id, status, start_date, end_date, recorded_by)
       values ($1, $2, 'ACTIVATED', $3, $4, $5)`,
      [id, tenantId, startDate, endDate, actor],
    )
    for (const line of lines) {
      await insertLine(ask, actor, tenantId, line)
      const grant = { ...line, tenantId, contractId: id, lineNumber: line.number, idempotencyKey: null }
      await insertGrant(ask, actor, epoch, `grant-${id}-${line.number}`, grant, line.validFrom ?? bounds(order).from)
    }
    await advance(ask, tenantId, epoch)
    return { contract: (await contractById(ask, id))!, epoch }
  })
}

/** Records a line of a contract that is there. */
export async function insertLine(ask: Ask, actor: Actor, tenantId: string, line: ContractLine): Promise<void> {
  await ask(
    `insert into entitlement.contract_line (contract_id, line_number, tenant_id, resource_kind, resource_id,
       channels, field_sets, regions, embargo_days, valid_from, valid_to, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
    [line.contractId, line.number, tenantId, ...lineContent(line), actor],
  )
}

/**
 * Ends the contract and every grant that comes from it, as one change. A contract that is terminated already stays as it
 * is. Throws Refusal where there is no such contract.
 */
export function terminateContract(
  ledger: Ledger,
  actor: Actor,
  contractId: string,
  why: string,
): Promise<ChangedContract> {
  const reason = personsText('reason', why, 500)
  return ledger.transaction(async (ask) => {
    const found = contractId.includes('\0') ? undefined : await contractById(ask, contractId)
    if (!found) {
      throw new Refusal(`contractId: expected an existing contract; got ${JSON.stringify(contractId.slice(0, 80))}`)
    }
    const epoch = (await nextEpoch(ask, found.tenantId))!
    const ended = await ask(
      `update entitlement.contract
       set status = 'TERMINATED', terminated_at = clock_timestamp(), terminated_by = $2, termination_reason = $3
       where contract_id = $1 and status <> 'TERMINATED' returning contract_id`,
      [contractId, actor, reason],
    )
    if (ended.length > 0) {
      await ask(
        `update entitlement.access_grant
         set revoked_at = clock_timestamp(), revoked_by = $2, revocation_reason = $3, revoked_epoch = $4
         where contract_id = $1 and revoked_at is null`,
        [contractId, actor, `contract ${contractId} terminated: ${reason}`, epoch],
      )
      await advance(ask, found.tenantId, epoch)
    }
    return { contract: (await contractById(ask, contractId))!, epoch: ended.length > 0 ? epoch : epoch - 1 }
  })
}

async function contractById(ask: Ask, contractId: string): Promise<Contract | undefined> {
  const [contract] = await ask<Contract>(`select ${contractColumns} from entitlement.contract where contract_id = $1`, [
    contractId,
  ])
  return contract
}

/** Whether the contract was recorded by an order like this one. */
async function isSame(ask: Ask, recorded: Contract, order: ContractOrder): Promise<boolean> {
  const lines = await ask<ContractLine>(
    `select ${contractLineColumns} from entitlement.contract_line where contract_id = $1 order by line_number`,
    [order.id],
  )
  const { tenantId, startDate, endDate } = recorded
  const content = (of: Omit<ContractOrder, 'id'>) =>
    JSON.stringify([of.tenantId, of.startDate, of.endDate, of.lines.map(lineContent)])
  return content({ tenantId, startDate, endDate, lines }) === content(order)
}

/** What a line says, in the order of its columns. */
const lineContent = (line: ContractLine) => [
  line.resourceKind,
  line.resourceId,
  line.channels,
  line.fieldSets,
  line.regions,
  line.embargoDays,
  line.validFrom,
  line.validTo,
]
