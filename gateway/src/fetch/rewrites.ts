/**
 * What a plan changes in an answer before it is merged: fields that could not be asked for under one name in one document
 * (two types of an interface, with different arguments) get their own names back.
 */
import type { FetchDataRewrite } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { type Data, isData, own, type Path, set } from './data.ts'
import { isOf } from './subtypes.ts'

const conditionPrefix = '... on '

/** Applies the rewrites to an answer, or to an entity of it whose type is known from before. */
export function rewrite(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[],
  answer: Data,
  typename?: unknown,
): void {
  for (const one of rewrites) at(schema, one, 0, answer, typename)
}

function at(schema: GraphQLSchema, one: FetchDataRewrite, index: number, value: unknown, typename?: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) at(schema, one, index, item)
    return
  }
  const step = one.path[index]
  if (!isData(value) || step === undefined) return
  if (step.startsWith(conditionPrefix)) {
    const type = value.__typename ?? typename
    // Where the type was not asked for, the document itself asked for these fields of no other.
    if (type === undefined || isOf(schema, type, step.slice(conditionPrefix.length)))
      at(schema, one, index + 1, value, typename)
  } else if (index < one.path.length - 1) {
    at(schema, one, index + 1, own(value, step))
  } else if (one.kind === 'ValueSetter') {
    set(value, step, one.setValueTo)
  } else if (own(value, step) !== undefined) {
    set(value, one.renameKeyTo, value[step])
    // Not deleted, which would slow the object down; merging passes over it.
    value[step] = undefined
  }
}

/** An error's path under the names that the answer has after its rewrites. */
export function rewrittenPath(rewrites: readonly FetchDataRewrite[], path: Path): Path {
  if (rewrites.length === 0) return path
  return path.map((step) => {
    const one = rewrites.find(({ path: rewritten }) => rewritten.at(-1) === step)
    return one?.kind === 'KeyRenamer' ? one.renameKeyTo : step
  })
}
