import { createHash } from 'node:crypto'
import { canonicalDateTime } from '@fundmesh/platform/scalars/date-time'
import { GraphQLError, getVariableValues, Kind, type OperationDefinitionNode, parse, validate } from 'graphql'
import { LRUCache } from 'lru-cache'
import { catalogue, codedError, type ErrorCode, isErrorCode } from '../errors/catalogue.ts'
import type { View } from '../view/view.ts'
import { renameAliases } from './aliases.ts'
import { checkDocument } from './limits-document.ts'
import { checkText } from './limits-text.ts'
import { checkVariables } from './limits-variables.ts'
import type { Operation } from './operation.ts'
import type { GraphQLRequest } from './request.ts'
import { rules, rulesWithoutIntrospection } from './rules.ts'

type Understood = Omit<Operation, 'view' | 'variables' | 'knownAt'>

const cachedDocuments = 1_000

/** What is seen of the graph, and whether the schema itself may be asked for. */
type Seen = Pick<View, 'schema' | 'fingerprint' | 'introspection'>

/** Makes the stage that turns a request into an Operation, or throws the client's mistakes, all with a code. */
export function understanding(seen: Seen) {
  const { fingerprint } = seen
  const understood = new LRUCache<string, Understood>({ max: cachedDocuments })

  return (request: GraphQLRequest): Operation => {
    const { query, operationName, variables, extensions } = request
    if (typeof query !== 'string' || query === '')
      throw codedError('BAD_REQUEST', 'query: expected a GraphQL document as a string')
    if (operationName != null && typeof operationName !== 'string')
      throw codedError('BAD_REQUEST', 'operationName: expected a string')
    if (variables != null && !isRecord(variables)) throw codedError('BAD_REQUEST', 'variables: expected an object')
    if (extensions != null && !isRecord(extensions)) throw codedError('BAD_REQUEST', 'extensions: expected an object')
    checkVariables(variables ?? {})

    const hash = createHash('sha256')
      .update(query)
      .update('\0')
      .update(operationName ?? '')
      .digest('hex')
    const known = understood.get(hash) ?? readDocument(seen, query, operationName ?? undefined, hash)
    understood.set(hash, known)
    if (request.method === 'GET' && known.definition.operation === 'mutation') throw codedError('METHOD_NOT_ALLOWED')

    return {
      ...known,
      view: fingerprint,
      variables: coerceVariables(seen, known.definition, variables ?? {}),
      knownAt: knownAtOf(extensions?.knownAt),
    }
  }
}

/** Throws the mistakes of a document that does not fit. It must have one operation. */
export function assertFits(seen: Omit<Seen, 'fingerprint'>, query: string): void {
  readDocument(seen, query, undefined, '')
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readDocument(
  { schema, introspection }: Omit<Seen, 'fingerprint'>,
  query: string,
  operationName: string | undefined,
  hash: string,
): Understood {
  const original = coded('GRAPHQL_PARSE_FAILED', () => {
    checkText(query)
    return parse(query)
  })
  checkDocument(original)
  // Of a subscription's root field, graphql-js evaluates @skip and @include as if there were no variables, and throws.
  const mistakes = coded('GRAPHQL_VALIDATION_FAILED', () =>
    validate(schema, original, introspection ? rules : rulesWithoutIntrospection, { maxErrors: 20 }),
  )
  if (mistakes.length > 0)
    throw new AggregateError(mistakes.map((mistake) => withCode('GRAPHQL_VALIDATION_FAILED', mistake, introspection)))

  const document = renameAliases(original)
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const definition = operationName
    ? operations.find((node) => node.name?.value === operationName)
    : operations.length === 1
      ? operations[0]
      : undefined
  if (!definition) {
    const names = operations.map((node) => node.name?.value ?? '(without name)').join(', ')
    throw codedError('BAD_REQUEST', `operationName: expected one of ${names}; got ${operationName ?? 'none'}`)
  }
  const fragments = Object.fromEntries(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )
  return { hash, document, definition, fragments }
}

/** What graphql-js throws has no code of ours. */
function coded<Result>(code: ErrorCode, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw error instanceof GraphQLError && !isErrorCode(error.extensions.code) ? withCode(code, error) : error
  }
}

function coerceVariables(
  { schema, introspection }: Seen,
  definition: OperationDefinitionNode,
  inputs: Record<string, unknown>,
) {
  const { coerced, errors } = getVariableValues(schema, definition.variableDefinitions ?? [], inputs, { maxErrors: 20 })
  if (errors) throw new AggregateError(errors.map((error) => withCode('BAD_USER_INPUT', error, introspection)))
  return coerced
}

/** The instant that the client fixed with `extensions.knownAt`, or now. A future one could not be reproduced. */
function knownAtOf(asked: unknown): string {
  const now = new Date().toISOString()
  if (asked === undefined || asked === null) return now
  try {
    const knownAt = canonicalDateTime(String(asked))
    if (knownAt <= now) return knownAt
    throw new Error(`an instant that is not in the future (now: ${now})`)
  } catch (error) {
    throw codedError(
      'BAD_USER_INPUT',
      `extensions.knownAt: expected ${(error as Error).message}; got ${JSON.stringify(asked).slice(0, 80)}`,
    )
  }
}

/** graphql-js suggests names of the schema: of no use to whoever may not ask for it. */
const withCode = (code: ErrorCode, error: GraphQLError, suggestions = true) =>
  codedError(
    code,
    (suggestions ? error.message : error.message.replace(/ Did you mean .*$/s, '')) || catalogue[code].text,
    {
      nodes: error.nodes ?? null,
      source: error.source ?? null,
      positions: error.positions ?? null,
    },
  )
