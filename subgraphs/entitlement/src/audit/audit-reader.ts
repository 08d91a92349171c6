/** What a caller may ask of the audit trail. */

import { ADMIN_SCOPE, AUDIT_ALL_SCOPE, AUDIT_SCOPE, type Caller } from '@fundmesh/platform/identity/caller'
import type { Connection } from '@fundmesh/platform/service/connection'
import type { CursorCodec } from '@fundmesh/platform/service/cursor'
import { CallerError } from '@fundmesh/platform/service/errors'
import DataLoader from 'dataloader'
import type { Ledger } from '../store/ledger.ts'
import {
  type DeprecatedUse,
  deprecatedUse,
  grantsOfEntries,
  type LogEntry,
  type LogPage,
  readAccessLog,
} from './access-log.ts'
import { type AccessExplained, type ExplainAccessInput, explainAccess, type Known } from './explain-access.ts'

/** The methods throw CallerError FORBIDDEN where the caller lacks their scope. */
export interface AuditReader {
  log(page: LogPage): Promise<Connection<LogEntry>>
  /** The ids of the grants under which the entry's data was delivered. */
  grantsOf(entry: LogEntry): Promise<readonly string[]>
  explainAccess(input: ExplainAccessInput): Promise<AccessExplained>
  deprecatedUse(
    since: string | null | undefined,
    tenantId: string | null | undefined,
  ): Promise<readonly DeprecatedUse[]>
}

export function auditReader(options: {
  readonly caller: Caller
  readonly ledger: Ledger
  readonly cursors: CursorCodec
  readonly grants: Known['grants']
  readonly engine: Known['engine']
}): AuditReader {
  const { caller, ledger, cursors, grants, engine } = options
  const need = (...scopes: readonly string[]) => {
    if (!scopes.some((scope) => caller.scopes.has(scope)))
      throw new CallerError('FORBIDDEN', `the scope ${scopes.join(' or ')} is required`)
  }
  const grantsOf = new DataLoader((entries: readonly LogEntry[]) => grantsOfEntries(ledger, grants, entries))
  return {
    async log(page) {
      need(AUDIT_SCOPE, AUDIT_ALL_SCOPE)
      return readAccessLog({ ledger, cursors, tenant: caller.tenant }, page)
    },
    grantsOf: (entry) => grantsOf.load(entry),
    async explainAccess(input) {
      need(ADMIN_SCOPE)
      return explainAccess({ ledger, grants, engine }, input)
    },
    async deprecatedUse(since, tenantId) {
      need(ADMIN_SCOPE)
      return deprecatedUse(ledger, since, tenantId)
    },
  }
}
