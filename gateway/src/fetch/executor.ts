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
import { type Ask, Execution } from './execution.ts'
import { programs } from './program.ts'
import type { PushKeys } from './pushed-keys.ts'
import { type OnBehalf, Question } from './question.ts'
import { type SubgraphAnswer, type SubgraphClient, SubgraphFailure } from './subgraph-client.ts'
import { variablesText } from './variables.ts'

/**
 * What the subgraphs answered, merged; names are still the plan's (operation/aliases.ts). Nothing in `data` is checked
 * against the schema, and more may stand in it than was asked for. Errors are of the catalogue.
 */
export interface Fetched {
  readonly data: Record<string, unknown> | null
  readonly errors: readonly GraphQLError[]
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

  return {
    async execute(operation, plan, signal, event) {
      const { caller, channel, atLeastEpoch, knownAt, variables } = operation
      const { strangers } = views.graph(operation.view)
      const behalf = onBehalf(operation, signal, sealPassport !== undefined)
      const shown = ({ data, errors }: SubgraphAnswer) => ({ data: withoutStrangers(data, strangers), errors })

      const ask: Ask = async (request, batch, values) => {
        const ofEvent = event && request.kind === 'subscription' ? event : undefined
        const answered = ofEvent && answerFromEvent(schema, request.text, ofEvent)
        const known = answered && shown({ data: answered.data, errors: [] })
        if (answered?.missing.length === 0) return { answer: known }
        let asked = batch
        try {
          if (pushKeys && batch) asked = pushKeys(request.subgraph, operation, batch)
          if (asked?.texts.length === 0) return { batch: asked }
          const client = clients.get(request.subgraph)
          if (!client) throw new SubgraphFailure('SUBGRAPH_UNAVAILABLE', request.subgraph, 'it has no address')
          if (caller.expiresAt.getTime() <= Date.now())
            throw new SubgraphFailure('UNAUTHENTICATED', request.subgraph, 'the token has expired meanwhile')
          // For each fetch: those of one operation follow each other, and a passport is good for one only.
          const passport = await sealPassport?.({ caller, channel, atLeastEpoch, knownAt })
          const told = ofEvent && { [ofEvent.field]: ofEvent.value }
          const text = variablesText(request.variables, variables, values, asked?.texts)
          return { batch: asked, answer: shown(await client.ask(new Question(request, text, passport, behalf, told))) }
        } catch (error) {
          const failed = error instanceof SubgraphFailure ? error.code : 'INTERNAL_SERVER_ERROR'
          return { batch: asked, failed, answer: known, missing: answered?.missing }
        }
      }

      const execution = new Execution(schema, programOf(plan), variables, ask)
      await execution.run()
      return { data: execution.data, errors: execution.errors }
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
