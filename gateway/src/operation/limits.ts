import type { GraphQLError } from 'graphql'
import { codedError } from '../errors/catalogue.ts'

/**
 * How large an operation may be. They are checked before the stage that a larger one would keep busy: what the text
 * alone tells before the parser, what the document tells before the validator, whose time may grow with the square of
 * what it is given.
 */
export const limits = {
  /** Words and signs of a document. */
  tokens: 10_000,
  /** Brackets of any kind within each other; the parser descends by recursion. */
  nesting: 100,
  /** Operations of a document. */
  operations: 50,
  /** Fragments of a document. */
  fragments: 100,
  /** Fields within each other, fragments spread. */
  depth: 20,
  /** Fields, spreads and inline fragments of an operation, fragments spread. */
  selections: 2_000,
  /** Fields of an operation's root, fragments spread. */
  rootFields: 50,
  /** Aliases of an operation, fragments spread. */
  aliases: 200,
  /** Directives at one place. */
  directivesPerNode: 10,
  /** Directives of an operation, fragments spread. */
  directives: 100,
  /** Pairs of fields under one name, and values in their arguments: the validator compares each with each. */
  repeatedFields: 2_000,
  /** `fields`, `interfaces`, `possibleTypes`, `inputFields` within each other: each multiplies the answer. */
  introspectionDepth: 2,
  /** Values in the variables, lists and objects counted. */
  variableValues: 10_000,
  /** Lists and objects within each other, in the variables. */
  variableDepth: 10,
  /** Items of one list, in the document or in the variables. */
  listItems: 1_000,
} as const

export type Limit = keyof typeof limits

/** Throws OPERATION_TOO_COMPLEX where more came than is allowed. */
export function check(limit: Limit, got: number): void {
  if (got > limits[limit]) throw tooComplex(limit, limits[limit], got)
}

/** A refusal that names the limit, what is allowed and what came. Counting may have ended early: then more came. */
export function tooComplex(limit: string, allowed: number, got: number): GraphQLError {
  // After the expansion of fragments a count may be beyond what a number can say.
  const counted = Math.min(got, Number.MAX_SAFE_INTEGER)
  return codedError('OPERATION_TOO_COMPLEX', `${limit}: expected at most ${allowed}; got ${counted}`, {
    extensions: { limit, allowed, got: counted },
  })
}
