import { createHash } from 'node:crypto'
import { GraphQLError, Kind, parse, validate } from 'graphql'
import { LRUCache } from 'lru-cache'
import { catalogue, codedError, type ErrorCode, isErrorCode } from '../errors/catalogue.ts'
import type { View } from '../view/view.ts'
import { renameAliases } from './aliases.ts'
import { conditionsKey } from './conditions.ts'
import { knownAtOf } from './known-at.ts'
import { checkDocument } from './limits-document.ts'
import { checkText } from './limits-text.ts'
import { checkVariables } from './limits-variables.ts'
import type { Operation } from './operation.ts'
import type { GraphQLRequest } from './request.ts'
import { rules, rulesWithoutIntrospection } from './rules.ts'
import { variablesOf } from './variables.ts'

type Understood = Omit<Operation, 'view' | 'variables' | 'knownAt' | 'isOfNow'>

/** What is remembered of an operation, and what its variables must be. */
interface Known {
  readonly understood: Understood
  readonly coerce: ReturnType<typeof variablesOf>
}

/** Operations by their names; a document has only so many (limits.ts). */
type Operations = Map<string | undefined, Known>

const cachedDocuments = 1_000
/** Characters of all of them: a document is held with its text, and some hundred times as much. */
const cachedText = 4 * 1024 * 1024

/** What is seen of the graph, and whether the schema itself may be asked for. */
type Seen = Pick<View, 'schema' | 'fingerprint' | 'introspection'>

/** Makes the stage that turns a request into an Operation, or throws the client's mistakes, all with a code. */
export function understanding(seen: Seen) {
  const { fingerprint } = seen
  /** By their text: it is there, and to hash it would take as long as all else here. */
  const documents = new LRUCache<string, Operations>({
    max: cachedDocuments,
    maxSize: cachedText,
    sizeCalculation: (_, text) => text.length,
  })

  const read = (query: string, operationName: string | undefined): Known => {
    const understood = readDocument(seen, query, operationName)
    const known = { understood, coerce: variablesOf(seen.schema, understood.definition) }
    const operations: Operations = documents.get(query) ?? new Map()
    operations.set(operationName, known)
    documents.set(query, operations)
    return known
  }

  return (request: GraphQLRequest): Operation => {
    const { query, operationName, variables, extensions } = request
    if (typeof query !== 'string' || query === '')
      throw codedError('BAD_REQUEST', 'query: expected a GraphQL document as a string')
    if (operationName != null && typeof operationName !== 'string')
      throw codedError('BAD_REQUEST', 'operationName: expected a string')
    if (variables != null && !isRecord(variables)) throw codedError('BAD_REQUEST', 'variables: expected an object')
    if (extensions != null && !isRecord(extensions)) throw codedError('BAD_REQUEST', 'extensions: expected an object')
    if (variables) checkVariables(variables)

    const name = operationName ?? undefined
    const { understood, coerce } = documents.get(query)?.get(name) ?? read(query, name)
    if (request.method === 'GET' && understood.definition.operation === 'mutation')
      throw codedError('METHOD_NOT_ALLOWED')

    const { coerced, errors } = coerce(variables ?? noVariables)
    if (errors) throw new AggregateError(errors.map((error) => withCode('BAD_USER_INPUT', error, seen.introspection)))
    // A condition that is null is the client's mistake: every later stage takes it for a Boolean.
    conditionsKey({ ...understood, variables: coerced })
    const { knownAt } = extensions ?? {}
    return {
      ...understood,
      view: fingerprint,
      variables: coerced,
      knownAt: knownAtOf(knownAt),
      isOfNow: knownAt === undefined || knownAt === null,
    }
  }
}

const noVariables = Object.freeze({})

/** Throws the mistakes of a document that does not fit. It must have one operation. */
export function assertFits(seen: Omit<Seen, 'fingerprint'>, query: string): void {
  readDocument(seen, query, undefined)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readDocument(
  { schema, introspection }: Omit<Seen, 'fingerprint'>,
  query: string,
  operationName: string | undefined,
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
  const hash = createHash('sha256')
    .update(query)
    .update('\0')
    .update(operationName ?? '')
    .digest('hex')
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
