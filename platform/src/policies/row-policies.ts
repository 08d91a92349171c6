/**
 * What a grant opens, decided by Cedar (contracts/access/rows): the rule that the grants index and the warehouse's row
 * policies follow, in a form that can be read and evaluated by itself. Far too slow for a request: it is what those two
 * are held against.
 */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { Reading } from '../grants/reading.ts'
import type { Resource } from '../grants/resource-numbers.ts'
import type { PolicyFiles } from './files.ts'

/** A grant as the ledger has it. Instants are microseconds since 1970. */
export interface LedgerGrant {
  readonly tenant: string
  readonly resource: Resource
  readonly from: number
  readonly to: number | null
  readonly suspended: boolean
  readonly revoked: boolean
  readonly channels: readonly string[] | null
  readonly fieldSets: readonly string[] | null
  readonly regions: readonly string[] | null
  readonly embargoDays: number
}

/** What is to be read, and when. */
export interface RowQuestion {
  readonly reading: Reading
  readonly resource: Resource
  readonly at: Date
  /** Of the value; undefined: any, or facts. */
  readonly day?: number | undefined
}

export type RowPolicies = (grant: LedgerGrant, question: RowQuestion) => boolean

/** `fundOf` tells the fund of a share class. Throws an Error for what does not fit the schema. */
export function rowPolicies({ policies, schema }: PolicyFiles, fundOf: (shareClass: string) => string): RowPolicies {
  const set = 'rows'
  const prepared = cedar.preparsePolicySet(set, { staticPolicies: Object.fromEntries(policies) })
  if (prepared.type === 'failure') throw new Error(prepared.errors.map(({ message }) => message).join('; '))
  if (schema === undefined) throw new Error('expected a schema beside the policies of rows; found none')
  cedar.preparseSchema(set, schema)

  return (grant, { reading, resource, at, day }) => {
    const principal = { type: 'Reading', id: 'reading' }
    const about = { type: 'Grant', id: 'grant' }
    const answer = cedar.statefulIsAuthorized({
      principal,
      action: { type: 'Action', id: 'open' },
      resource: about,
      context: {
        fieldSet: reading.fieldSet,
        now: at.getTime() * 1_000,
        today: Math.floor(at.getTime() / 86_400_000),
        ...(day !== undefined && { day }),
        ...thing(resource),
      },
      entities: [
        {
          uid: principal,
          attrs: { channel: reading.channel, ...(reading.region !== undefined && { region: reading.region }) },
          parents: [{ type: 'Tenant', id: reading.tenant }],
        },
        { uid: about, attrs: attributesOf(grant), parents: [] },
        ...[grant.resource, resource].filter(isDistinct).map((one) => entityOf(one, fundOf)),
      ],
      preparsedPolicySetId: set,
      preparsedSchemaName: set,
      validateRequest: true,
    })
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '))
    const { decision, diagnostics } = answer.response
    if (diagnostics.errors.length > 0) throw new Error(diagnostics.errors.map(({ error }) => error.message).join('; '))
    return decision === 'allow'
  }
}

function attributesOf({ tenant, resource, to, channels, fieldSets, regions, ...grant }: LedgerGrant) {
  return {
    tenant: { __entity: { type: 'Tenant', id: tenant } },
    ...thing(resource),
    from: grant.from,
    ...(to !== null && { to }),
    suspended: grant.suspended,
    revoked: grant.revoked,
    ...(channels && { channels: [...channels] }),
    ...(fieldSets && { fieldSets: [...fieldSets] }),
    ...(regions && { regions: [...regions] }),
    embargoDays: grant.embargoDays,
  }
}

const TYPES = { FUND: 'Fund', SHARE_CLASS: 'ShareClass' } as const

const thing = ({ kind, id }: Resource) => ({
  [kind === 'FUND' ? 'fund' : 'shareClass']: { __entity: { type: TYPES[kind], id } },
})

const entityOf = ({ kind, id }: Resource, fundOf: (shareClass: string) => string): cedar.EntityJson => ({
  uid: { type: TYPES[kind], id },
  attrs: {},
  parents: kind === 'SHARE_CLASS' ? [{ type: 'Fund', id: fundOf(id) }] : [],
})

const isDistinct = (one: Resource, index: number, all: readonly Resource[]) =>
  all.findIndex(({ kind, id }) => kind === one.kind && id === one.id) === index
