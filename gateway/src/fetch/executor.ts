/**
 * The door of the engine: runs a plan for a permitted operation. The plan is compiled once (program.ts), each request is
 * asked on the caller's behalf (below), and what comes is merged (execution.ts).
 */
import type { SealPassport } from '@fundmesh/platform/identity/passport'
import type { GraphQLError } from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'
import type { Plan } from '../plan/planner.ts'
import type { LoadedSupergraph } from '../supergraph/supergraph.ts'
import { withoutStrangers } from '../view/strangers.ts'
import type { Views } from '../view/views.ts'
import { answerFromEvent, type RootEvent } from './event-answer.ts'
import { type Asker, Execution } from './execution.ts'
import { programs } from './program.ts'
import type { PushKeys } from './pushed-keys.ts'
import { type OnBehalf, Question } from './question.ts'
import { type SubgraphClient, SubgraphFailure } from './subgraph-client.ts'

/**
 * What the subgraphs answered, merged; names are still the plan's (operation/aliases.ts). Nothing in `data` is checked
 * against the schema, and more may stand in it than was asked for. Errors are of the catalogue.
 */
export interface Fetched {
  readonly data: Record<string, unknown> | null
  readonly errors: readonly GraphQLError[]
  /** Whether all of it comes from plain answers (subgraph-client.ts). */
  readonly isPlain?: boolean | undefined
}

export interface Executor {
  /** Never rejects for what a subgraph does. `event` is the value of a subscription's root field. */
  execute(operation: PermittedOperation, plan: Plan, signal: AbortSignal, event?: RootEvent): Promise<Fetched>
}

export function executor(options: {
  readonly loaded: Pick<LoadedSupergraph, 'supergraphSchema'>
  readonly views: Pick<Views, 'graph'>
  readonly clients: ReadonlyMap<string, SubgraphClient>
  /** Left out: subgraphs are not told who asks. */
  readonly sealPassport?: SealPassport
  /** Takes out of a fetch what the caller may not see; left out, the subgraphs alone decide. */
  readonly pushKeys?: PushKeys
}): Executor {
  const { loaded, views, clients, sealPassport, pushKeys } = options
  const schema = loaded.supergraphSchema
  const programOf = programs(schema)

  const asker = (operation: PermittedOperation, signal: AbortSignal, event: RootEvent | undefined): Asker => {
    const { caller, channel, atLeastEpoch, knownAt } = operation
    const { strangers } = views.graph(operation.view)
    const behalf = onBehalf(operation, signal, sealPassport !== undefined)
    const alone = { ...behalf, flight: undefined }
    return {
      allowed: (subgraph, batch) => (pushKeys ? pushKeys(subgraph, operation, batch) : batch),
      shown: (data) => withoutStrangers(data, strangers),
      known({ kind, sent }) {
        if (!event || kind !== 'subscription') return undefined
        return answerFromEvent(schema, sent.text, event)
      },
      async ask(subgraph, sent, variables, asks) {
        const client = clients.get(subgraph)
        if (!client) throw new SubgraphFailure('SUBGRAPH_UNAVAILABLE', subgraph, 'it has no address')
        if (caller.expiresAt.getTime() <= Date.now())
          throw new SubgraphFailure('UNAUTHENTICATED', subgraph, 'the token has expired meanwhile')
        // For each fetch: those of one operation follow each other, and a passport is good for one only.
        const passport = await sealPassport?.({ caller, channel, atLeastEpoch, knownAt })
        const told = event && asks?.kind === 'subscription' ? { [event.field]: event.value } : undefined
        // What changes something, or belongs to one event, is nobody else's.
        const reads = asks === undefined || asks.kind === 'query'
        return client.ask(new Question(sent, variables, passport, reads ? behalf : alone, told))
      },
    }
  }

  return {
    async execute(operation, plan, signal, event) {
      const execution = new Execution(schema, programOf(plan), operation.variables, asker(operation, signal, event))
      await execution.run()
      const { data, errors, isPlain } = execution
      // What an event carries was not in an answer.
      return { data, errors, isPlain: isPlain && event === undefined }
    },
  }
}

/** On whose behalf subgraphs are asked. Without a passport they are not told, and answer everybody the same. */
function onBehalf(operation: PermittedOperation, signal: AbortSignal, told: boolean): OnBehalf {
  const { caller, channel, rights, atLeastEpoch, knownAt } = operation
  if (!told) return { flight: '', party: caller.tenant, signal }
  const { tenant, subject, client, region, scopes } = caller
  const flight = [
    tenant,
    subject,
    client,
    region,
    [...scopes].sort(),
    channel,
    rights.fingerprint,
    atLeastEpoch,
    knownAt,
  ]
  return { flight: JSON.stringify(flight), party: tenant, signal }
}
