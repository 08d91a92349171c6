import { print } from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'

/** All that a plan depends on, as it goes to the thread that makes it. */
export interface PlanQuestion {
  /** The view within which is planned. */
  readonly view: string
  readonly document: string
  readonly operationName: string | undefined
  /** The labels that are on for it (with-overrides.ts). */
  readonly overrides: readonly string[]
}

export const questionOf = (
  { view, document, definition }: PermittedOperation,
  overrides: readonly string[] = [],
): PlanQuestion => ({
  view,
  document: print(document),
  operationName: definition.name?.value,
  overrides,
})
