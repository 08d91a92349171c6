import { print } from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'
import type { Decided } from './planner.ts'

/** All that a plan depends on, as it goes to the thread that makes it. */
export interface PlanQuestion {
  /** The view within which is planned. */
  readonly view: string
  readonly document: string
  readonly operationName: string | undefined
  /** The labels that are on for it (with-overrides.ts). */
  readonly overrides: readonly string[]
  /** The conditions that are decided for it (with-decisions.ts). */
  readonly decided: Decided
}

export const questionOf = (
  { view, document, definition }: PermittedOperation,
  overrides: readonly string[] = [],
  decided: Decided = [],
): PlanQuestion => ({
  view,
  document: print(document),
  operationName: definition.name?.value,
  overrides,
  decided,
})
