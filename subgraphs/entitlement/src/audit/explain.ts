/**
 * Why a tenant may, or may not, read something: every condition of each grant that could open it, in the order in which a
 * person asks. The same rules as the index of the grants (platform/grants), told instead of only decided.
 */

import type { Channel, FieldSet } from '@fundmesh/platform/grants/reading'
import { dateOf, dayOf, inForce, lastDay, NO_DAY, suits, termsOf } from '@fundmesh/platform/grants/terms'
import type { Instant } from '../domain/instant.ts'
import type { ReadGrant, ResourceRef } from '../store/records.ts'

export interface Question {
  readonly tenantId: string
  readonly resource: ResourceRef
  readonly channel: Channel
  readonly fieldSet: FieldSet
  readonly region?: string | undefined
  readonly valueDate?: string | undefined
  readonly at: Date
}

export interface Condition {
  readonly name: string
  readonly holds: boolean
  readonly detail: string
}

export interface Considered {
  readonly grant: ReadGrant
  readonly opens: boolean
  readonly conditions: readonly Condition[]
}

/** A grant as the ledger knew it at the instant that is asked about. */
export interface KnownGrant {
  readonly grant: ReadGrant
  /** When it was revoked and when it was suspended, where that was so then. */
  readonly revokedAt: Instant | null
  readonly suspendedAt: Instant | null
}

/** One grant's conditions. */
export function consider({ grant, revokedAt, suspendedAt }: KnownGrant, question: Question): Considered {
  const { resource, channel, fieldSet, region, valueDate, at } = question
  const terms = termsOf({ ...grant, grantId: grant.id })
  const open = { ...terms, channels: null, fieldSets: null, regions: null }
  const own = grant.resourceKind === resource.kind && grant.resourceId === resource.id
  const named = `the grant is of ${grant.resourceKind} ${grant.resourceId}`
  const last = lastDay(terms, fieldSet, at)
  const conditions: Condition[] = [
    {
      name: 'resource',
      // Of its fund, the grant of a share class opens the facts.
      holds: own || grant.resourceKind === 'FUND' || fieldSet === 'REFERENCE',
      detail: own
        ? named
        : `${named}, ${grant.resourceKind === 'FUND' ? 'to which it belongs' : 'which belongs to it'}`,
    },
    {
      name: 'not revoked',
      holds: revokedAt === null,
      detail: revokedAt === null ? 'it is not revoked' : `revoked at ${revokedAt}: ${grant.revocationReason ?? ''}`,
    },
    {
      name: 'not suspended',
      holds: suspendedAt === null,
      detail: suspendedAt === null ? 'it is not suspended' : `suspended since ${suspendedAt}`,
    },
    {
      name: 'window',
      holds: inForce(terms, at),
      detail: `from ${grant.validFrom} until ${grant.validTo ?? 'further notice'}; asked for ${at.toISOString()}`,
    },
    {
      name: 'channel',
      holds: suits({ ...open, channels: terms.channels }, { channel, region, fieldSet }),
      detail: `${listed(terms.channels)}; asked for ${channel}`,
    },
    {
      name: 'field set',
      holds: suits({ ...open, fieldSets: terms.fieldSets }, { channel, region, fieldSet }),
      detail: `${listed(terms.fieldSets)}; asked for ${fieldSet}`,
    },
    {
      name: 'region',
      holds: suits({ ...open, regions: terms.regions }, { channel, region, fieldSet }),
      detail: `${listed(terms.regions)}; asked from ${region ?? 'a place that the token does not tell'}`,
    },
    {
      name: 'embargo',
      holds: valueDate === undefined || dayOf(valueDate) <= last,
      detail: Number.isFinite(last)
        ? `${grant.embargoDays} days: values up to ${dateOf(last)}; asked for ${valueDate ?? 'no day'}`
        : 'none for this field set',
    },
  ]
  return { grant, opens: conditions.every(({ holds }) => holds) && last !== NO_DAY, conditions }
}

const listed = (values: readonly string[] | null) => (values === null ? 'any' : values.join(', '))

/** The deciding one first: one that opens it, or of those that do not, one that fails least. */
export const byDecision = (a: Considered, b: Considered): number =>
  failures(a) - failures(b) || (a.grant.id < b.grant.id ? -1 : 1)

const failures = ({ conditions }: Considered) => conditions.filter(({ holds }) => !holds).length

/** In a sentence. */
export function because(question: Question, considered: readonly Considered[]): string {
  const { kind, id } = question.resource
  const [deciding] = considered
  if (!deciding) return `no grant of ${question.tenantId} names ${kind} ${id} or what it belongs to`
  const { grant, opens, conditions } = deciding
  if (opens) return `grant ${grant.id} opens it`
  const [failed] = conditions.filter(({ holds }) => !holds)
  return `the nearest grant, ${grant.id}, does not open it: ${failed!.name}: ${failed!.detail}`
}
