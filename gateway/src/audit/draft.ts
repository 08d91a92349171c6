/** What stands in an audit entry, from what the roads know. */
import { createHash } from 'node:crypto'
import type { AuditEntry } from '@fundmesh/contracts/generated/events'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { type DocumentNode, GraphQLError } from 'graphql'
import type { GraphQLRequest } from '../operation/request.ts'
import type { Selected } from './field-set.ts'

/** What is said of an operation that was permitted, in whole or in part. */
export interface Audited extends Selected {
  readonly caller: Caller
  readonly channel: string
  readonly hash: string
  readonly document: DocumentNode
  readonly knownAt: string
  readonly rights: {
    readonly grantsVersion: number
    readonly fingerprint: string
    readonly policies: ReadonlySet<string>
  }
  readonly denied: readonly { readonly coordinate: string; readonly path: readonly (string | number)[] }[]
  /** Whether what would have been taken out was answered nevertheless. */
  readonly dryRun: boolean
}

/** An entry before it has its number. */
export type Draft = Omit<AuditEntry, 'number'>

export const ofCaller = ({ subject, client, region, scopes }: Caller, channel: string) => ({
  subject,
  client,
  region: region ?? null,
  scopes: [...scopes].sort(),
  channel,
})

export const draftOf = (operation: Audited, kind: AuditEntry['kind'], request: string, at: Date): Draft => ({
  ...ofCaller(operation.caller, operation.channel),
  at: at.toISOString(),
  kind,
  request,
  view: operation.view,
  grantsVersion: operation.rights.grantsVersion,
  rightsFingerprint: operation.rights.fingerprint,
  operationHash: operation.hash,
  operationName: operation.definition.name?.value ?? null,
  knownAt: operation.knownAt,
  decision: operation.denied.length > 0 && !operation.dryRun ? 'PARTLY_DENIED' : 'ALLOWED',
  codes: [],
  explainedAs: null,
  denied: operation.denied.map(({ coordinate, path }) => `${coordinate} at ${path.join('.')}`),
  policies: [...operation.rights.policies].sort(),
  delivered: [],
  resources: [],
  deprecated: [],
  count: 1,
})

/** An entry of which no more is known than that somebody was turned away. */
export const refusedDraft = (kind: AuditEntry['kind'], request: string, at: Date): Draft => ({
  at: at.toISOString(),
  kind,
  request,
  subject: '',
  client: '',
  region: null,
  scopes: [],
  channel: 'GRAPHQL',
  view: null,
  grantsVersion: null,
  rightsFingerprint: null,
  operationHash: null,
  operationName: null,
  knownAt: null,
  decision: 'REJECTED',
  explainedAs: null,
  codes: [],
  denied: [],
  policies: [],
  delivered: [],
  resources: [],
  deprecated: [],
  count: 1,
})

/** The document and the operation's name that a request came with, as operation/understand.ts tells operations apart. */
export function askedFor({ query, operationName }: GraphQLRequest): Pick<Draft, 'operationHash' | 'operationName'> {
  const name = typeof operationName === 'string' ? operationName : ''
  const operationHash =
    typeof query === 'string' ? createHash('sha256').update(query).update('\0').update(name).digest('hex') : null
  return { operationHash, operationName: name === '' ? null : name.slice(0, 200) }
}

/** Each code once, sorted. */
export const codesOf = (errors: readonly unknown[]): string[] => [...new Set(errors.map(codeOf))].sort()

const codeOf = (error: unknown) =>
  error instanceof GraphQLError && typeof error.extensions.code === 'string'
    ? error.extensions.code
    : 'INTERNAL_SERVER_ERROR'
