import { isUndecided, type SubgraphAnswer, type SubgraphError, SubgraphFailure } from '../subgraph-client.ts'
import type { Reply } from './exchange.ts'

/** Reads a subgraph's reply as a GraphQL response, or throws SubgraphFailure, which says nothing of its text. */
export function readAnswer(name: string, { status, text, json }: Reply): SubgraphAnswer {
  const invalid = (expected: string, got: string) =>
    new SubgraphFailure('SUBGRAPH_INVALID_RESPONSE', name, `expected ${expected}; got ${got} with status ${status}`)
  // Of an answer, a redirect's body is none, whatever it looks like.
  if (status < 200 || (status >= 300 && status < 400)) throw invalid('an answer', 'none')

  if (json === undefined) {
    if (status >= 500) throw new SubgraphFailure('SUBGRAPH_UNAVAILABLE', name, `status ${status}`)
    throw invalid('JSON', `${text.length} characters of something else`)
  }
  if (!isObject(json)) throw invalid('a GraphQL response', 'other JSON')
  const data = json.data ?? null
  const errors = json.errors ?? []
  if ((data !== null && !isObject(data)) || !Array.isArray(errors) || (data === null && errors.length === 0)) {
    throw invalid('a GraphQL response', 'other JSON')
  }
  const read = errors.length === 0 ? noErrors : errors.map(readError)
  if (data === null) {
    const code = read[0]?.code
    if (status === 503 && isUndecided(code))
      throw new SubgraphFailure(code, name, 'what may be read cannot be decided there now')
    // 401: our passport was refused, which is not the caller's matter.
    if (status === 401 || status >= 500) throw new SubgraphFailure('SUBGRAPH_UNAVAILABLE', name, `status ${status}`)
  }
  return { data, errors: read, isPlain: !text.includes('\\') }
}

const noErrors: readonly SubgraphError[] = []

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readError(error: unknown): SubgraphError {
  if (!isObject(error)) return { message: '', code: undefined, path: undefined }
  const { message, extensions, path } = error
  return {
    message: typeof message === 'string' ? message : '',
    code: isObject(extensions) ? extensions.code : undefined,
    path: Array.isArray(path) && path.every(isStep) ? path : undefined,
  }
}

const isStep = (step: unknown): step is string | number => typeof step === 'string' || Number.isSafeInteger(step)
