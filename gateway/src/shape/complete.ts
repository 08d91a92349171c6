import { GraphQLError, type OperationDefinitionNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { PermittedOperation } from '../access/permit.ts'
import { partialError } from '../errors/catalogue.ts'
import type { Fetched } from '../fetch/executor.ts'
import { restorePath } from '../operation/aliases.ts'
import { conditionsKey } from '../operation/conditions.ts'
import type { Views } from '../view/views.ts'
import { Delivered } from './delivered.ts'
import { compile, type Program } from './program.ts'
import { Run } from './run.ts'
import { selectedPaths } from './selected-path.ts'
import { type Written, writtenOnce } from './written-once.ts'

/** Merged data as its client reads it: in its own names, the errors' places too. */
export interface Completed {
  /** The instant as of which it was fetched. */
  readonly knownAt: string
  /** The data's JSON. */
  readonly data: string
  readonly errors: readonly GraphQLError[]
  /** The same for the audit and the budget. */
  readonly delivered: Pick<Delivered, 'data' | 'errors'>
  /** Of the response that is the same for all. */
  readonly body: Written
}

/** Completes what was fetched for an operation. */
export type Complete = (operation: PermittedOperation, fetched: Fetched) => Completed

/** Of one document: as many as its conditions, and what was taken out of it, make. */
const rememberedPrograms = 50

export function completion(views: Pick<Views, 'graph'>): Complete {
  const programs = new WeakMap<OperationDefinitionNode, LRUCache<string, Program>>()

  const programOf = ({ asked, taken, planKey }: PermittedOperation): Program => {
    let known = programs.get(asked.definition)
    if (!known) {
      known = new LRUCache({ max: rememberedPrograms })
      programs.set(asked.definition, known)
    }
    const key = conditionsKey(asked) + (taken ? ` ${planKey}` : '')
    let program = known.get(key)
    if (!program) {
      const { definition, fragments, variables, view } = asked
      program = compile({ operation: { definition, fragments, variables }, ...views.graph(view), taken })
      known.set(key, program)
    }
    return program
  }

  return (operation, fetched) => {
    const { asked, taken, denied, dryRun } = operation
    const run = new Run(asked.variables, fetched.isPlain === true, taken)
    const data = programOf(operation)(fetched.data, run)
    const delivered = new Delivered(fetched, run, data === undefined)
    const errors: GraphQLError[] = []
    if (fetched.errors.length > 0 || run.faults.length > 0) {
      const selected = selectedPaths(asked)
      for (const { message, path, extensions } of delivered.errors)
        errors.push(new GraphQLError(message, { path: restorePath(path && selected(path)) ?? null, extensions }))
    }
    if (!dryRun && (denied.length > 0 || run.denied)) {
      for (const { path } of [...denied, ...(run.denied?.values() ?? [])])
        errors.push(partialError('UNAUTHORIZED_FIELD_OR_TYPE', undefined, { path }))
    }
    const text = data ?? 'null'
    return { knownAt: operation.knownAt, data: text, errors, delivered, body: writtenOnce(text) }
  }
}
