/**
 * The audit of one stream. What it sends is gathered, and told once a minute, and within a second of sending a resource
 * that it had not sent before: a hundred thousand events are not as many entries, and who saw what is never late.
 */
import { randomUUID } from 'node:crypto'
import type { ResourceKind } from '@fundmesh/contracts/events'
import { topics } from '@fundmesh/contracts/events'
import type { Event } from '@fundmesh/platform/events/codec'
import type { ExecutionResult } from 'graphql'
import { type Audited, codesOf, type Draft, draftOf } from './draft.ts'
import type { GatherFieldSet } from './field-set.ts'

export interface StreamAudit {
  began(operation: Audited): void
  /** A payload was made for an event, under the rights of that moment; it may yet be withheld. */
  made(operation: Audited, data: unknown): void
  /** The payload last made was handed to the client. */
  sent(event: Event): void
  /** With the last payload, which says why; without one, the client went away. Idempotent: the first reason stays. */
  ended(last?: Pick<ExecutionResult, 'errors'>): void
}

export interface OpenStream extends StreamAudit {
  /** Tells what is due. */
  look(): void
}

/** How long the events of a stream are gathered. */
export const windowMs = 60_000

export function openStream(options: {
  readonly gather: GatherFieldSet
  readonly deprecatedOf: (operation: Audited) => readonly string[]
  readonly write: (tenant: string, draft: Draft) => Promise<void>
  readonly now: () => Date
  readonly onBegan: (stream: OpenStream) => void
  readonly onEnded: (stream: OpenStream) => void
}): OpenStream {
  const { gather, deprecatedOf, write, now, onBegan, onEnded } = options
  const request = randomUUID()
  /** What was ever sent. */
  const known = new Set<string>()
  const coordinates = new Set<string>()
  const resources = new Set<string>()
  let operation: Audited | undefined
  let made: unknown
  let events = 0
  let news = false
  let since = now().getTime()

  const held = {
    coordinates,
    resources: {
      add(resource: string) {
        resources.add(resource)
        if (known.has(resource)) return
        known.add(resource)
        news = true
      },
    },
  }

  const tell = (of: Audited) => {
    if (events === 0) return
    void write(of.caller.tenant, {
      ...draftOf(of, 'STREAM_DELIVERED', request, now()),
      delivered: [...coordinates].sort(),
      resources: [...resources].sort(),
      count: events,
    })
    coordinates.clear()
    resources.clear()
    events = 0
    news = false
    since = now().getTime()
  }

  const stream: OpenStream = {
    began(of) {
      operation = of
      onBegan(stream)
      const deprecated = [...deprecatedOf(of)]
      void write(of.caller.tenant, { ...draftOf(of, 'STREAM_OPENED', request, now()), deprecated })
    },
    made(of, data) {
      // What was gathered under other rights is told under those.
      if (operation && operation.rights.fingerprint !== of.rights.fingerprint) tell(operation)
      operation &&= of
      made = data
    },
    sent(event) {
      if (!operation) return
      gather(operation, made, held)
      made = undefined
      const resource = resourceOf(event)
      if (resource) held.resources.add(resource)
      events += 1
    },
    look() {
      if (operation && (news || now().getTime() - since >= windowMs)) tell(operation)
    },
    ended(last) {
      if (!operation) return
      tell(operation)
      const codes = codesOf(last?.errors ?? [])
      void write(operation.caller.tenant, { ...draftOf(operation, 'STREAM_ENDED', request, now()), codes, count: 0 })
      operation = undefined
      onEnded(stream)
    },
  }
  return stream
}

/** The resource that an event's key names. */
function resourceOf(event: Event): string | undefined {
  const topic = topics.get(event.topic)
  for (const [kind, field] of topic?.resources ?? new Map<ResourceKind, string>())
    if (field === topic?.key) return `${kind}:${event.key}`
  return undefined
}
