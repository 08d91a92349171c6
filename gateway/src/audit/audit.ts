/**
 * The audit of the gateway: what was decided and what was delivered, told after the answer has been handed over. Every
 * road says it once, at its end; a stream as stream-audit.ts says.
 */
import { randomUUID } from 'node:crypto'
import type { AuditEntry } from '@fundmesh/contracts/generated/events'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { GraphQLError, GraphQLSchema } from 'graphql'
import type { Asking, GraphQLRequest } from '../operation/request.ts'
import { budgetRefusals, isForBudget } from './budget-refusals.ts'
import { deprecatedUse } from './deprecated.ts'
import { type Audited, askedFor, codesOf, type Draft, draftOf, ofCaller, refusedDraft } from './draft.ts'
import { fieldSets } from './field-set.ts'
import type { ResourceTypes } from './resources.ts'
import { type OpenStream, openStream, type StreamAudit, windowMs } from './stream-audit.ts'
import type { Trail } from './trail.ts'

/** What an operation brought: merged data under the plan's names, and errors of the catalogue. */
export interface Delivered {
  readonly data: unknown
  readonly errors: readonly GraphQLError[]
}

type Asker = Pick<Asking, 'caller' | 'channel'>
type Decision = AuditEntry['decision']

export interface Audit {
  /** Whether what is answered now can be recorded. Where not, nothing is answered. */
  room(): boolean
  /** Told when the answer is made. Resolves when the entry is kept: a mutation's answer waits for it. */
  answered(operation: Audited, delivered: Delivered): Promise<void>
  /** A request of a known caller was refused as a whole. */
  refused(request: GraphQLRequest, asking: Asker, error: unknown): void
  /** An administrator was told what would become of a request if another tenant's caller asked it. */
  explained(
    request: GraphQLRequest,
    told: { readonly by: Caller; readonly as: Asker; readonly decision: Decision },
  ): void
  /** For a stream that is about to begin. */
  stream(): StreamAudit
  /** A request came with no token, or with one that names nobody. */
  unauthenticated(): void
  /** Tells what is still open and publishes. Idempotent. */
  close(): Promise<void>
}

/** For those who asked without being anybody: no tenant's id begins like this. */
const ANONYMOUS = '~anonymous'
/** Resources in one entry at the most. */
const entryResources = 1_000
/** How often open streams are looked at. */
const lookMs = 1_000

export function openAudit(options: {
  /** The schema of a view, by its fingerprint. */
  readonly schemaOf: (view: string) => GraphQLSchema
  readonly resources: ResourceTypes
  readonly trail: Trail
  /** Default: the system's clock. */
  readonly now?: () => Date
}): Audit {
  const { schemaOf, resources, trail, now = () => new Date() } = options
  const gather = fieldSets(schemaOf, resources)
  const deprecatedOf = deprecatedUse(schemaOf)
  const open = new Set<OpenStream>()
  let strangers = 0
  let strangersSince = now().getTime()

  const write = (tenant: string, draft: Draft): Promise<void> => {
    const all = draft.resources
    let kept = trail.record(tenant || ANONYMOUS, { ...draft, resources: all.slice(0, entryResources) })
    for (let from = entryResources; from < all.length; from += entryResources) {
      const more = { ...draft, count: 0, deprecated: [], resources: all.slice(from, from + entryResources) }
      kept = trail.record(tenant || ANONYMOUS, more)
    }
    return kept
  }

  const overBudget = budgetRefusals({ write, now })

  const tellStrangers = () => {
    if (strangers === 0) return
    const count = strangers
    strangers = 0
    void write('', { ...refusedDraft('UNAUTHENTICATED', randomUUID(), now()), codes: ['UNAUTHENTICATED'], count })
  }

  const timer = setInterval(() => {
    for (const stream of open) stream.look()
    overBudget.look()
    if (now().getTime() - strangersSince < windowMs) return
    strangersSince = now().getTime()
    tellStrangers()
  }, lookMs)
  timer.unref()

  return {
    room: () => trail.room(),
    async answered(operation, { data, errors }) {
      const draft = draftOf(operation, 'ANSWER', randomUUID(), now())
      // The answer goes out first. A mutation's waits for its entry, and for this turn with it.
      await new Promise((resolve) => setImmediate(resolve))
      const held = { coordinates: new Set<string>(), resources: new Set<string>() }
      gather(operation, data, held)
      await write(operation.caller.tenant, {
        ...draft,
        codes: codesOf(errors),
        delivered: [...held.coordinates].sort(),
        resources: [...held.resources].sort(),
        deprecated: [...deprecatedOf(operation)],
      })
    },
    refused(request, { caller, channel }, error) {
      // Nothing was given: where there is no room, none is taken for it.
      if (!trail.room()) return
      if (isForBudget(error)) return overBudget.refused(request, { caller, channel }, error)
      void write(caller.tenant, {
        ...refusedDraft('REFUSAL', randomUUID(), now()),
        ...ofCaller(caller, channel),
        ...askedFor(request),
        codes: codesOf(error instanceof AggregateError ? error.errors : [error]),
      })
    },
    explained(request, { by, as, decision }) {
      void write(by.tenant, {
        ...refusedDraft('ANSWER', randomUUID(), now()),
        ...ofCaller(by, as.channel),
        ...askedFor(request),
        decision,
        explainedAs: as.caller.tenant,
      })
    },
    stream: () =>
      openStream({
        gather,
        deprecatedOf,
        write,
        now,
        onBegan: (stream) => open.add(stream),
        onEnded: (stream) => open.delete(stream),
      }),
    unauthenticated() {
      strangers += 1
    },
    async close() {
      clearInterval(timer)
      for (const stream of open) stream.ended()
      overBudget.close()
      tellStrangers()
      // What was answered in this turn is told in the next.
      await new Promise((resolve) => setImmediate(resolve))
      await trail.close()
    },
  }
}
