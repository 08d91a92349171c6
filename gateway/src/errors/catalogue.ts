import { GraphQLError, type GraphQLErrorOptions } from 'graphql'

/**
 * Every code that a client can meet, the HTTP status of a request that fails as a whole with it, and the text that
 * stands where the cause is ours. A code that is not here does not leave the gateway.
 */
export const catalogue = {
  BAD_REQUEST: { status: 400, text: 'The request is not a GraphQL request.' },
  GRAPHQL_PARSE_FAILED: { status: 400, text: 'The document is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, text: 'The operation does not fit the schema.' },
  BAD_USER_INPUT: { status: 400, text: 'A value is not what was expected.' },
  UNAUTHENTICATED: { status: 401, text: 'A valid bearer token is required.' },
  FORBIDDEN: { status: 403, text: 'The token does not allow this.' },
  UNAUTHORIZED_FIELD_OR_TYPE: { status: 403, text: 'The caller may not read this field or type.' },
  PERSISTED_QUERY_NOT_FOUND: { status: 404, text: 'No trusted document has this id.' },
  TRUSTED_DOCUMENT_REQUIRED: { status: 403, text: 'Only trusted documents are answered.' },
  OPERATION_TOO_COMPLEX: { status: 400, text: 'The operation is larger than what is answered.' },
  COST_LIMIT_EXCEEDED: { status: 429, text: 'The operation costs more than what is left.' },
  STREAM_LIMIT_EXCEEDED: { status: 429, text: 'More streams are open than the tenant may have.' },
  CSRF_PREVENTED: { status: 400, text: 'A browser could have sent this without being asked to.' },
  CONSISTENCY_TIMEOUT: { status: 503, text: 'The change that the consistency token names is not here yet; try again.' },
  METHOD_NOT_ALLOWED: { status: 405, text: 'A mutation needs the method POST.' },
  REQUEST_TOO_LARGE: { status: 413, text: 'The request is too large.' },
  INTERNAL_SERVER_ERROR: { status: 500, text: 'The service failed.' },
  OPERATION_PLANNING_FAILED: { status: 500, text: 'The operation could not be planned.' },
  OPERATION_PLANNING_TIMEOUT: { status: 503, text: 'The operation takes too long to plan; ask for less at once.' },
  SUBGRAPH_UNAVAILABLE: { status: 503, text: 'A part of the graph cannot be reached now.' },
  SUBGRAPH_TIMEOUT: { status: 504, text: 'A part of the graph did not answer in time.' },
  SUBGRAPH_INVALID_RESPONSE: { status: 502, text: 'A part of the graph gave no usable answer.' },
  SERVICE_UNAVAILABLE: { status: 503, text: 'The gateway cannot decide now; try again.' },
  ENTITLEMENT_REVOKED: { status: 403, text: 'A right that this stream was using has ended.' },
  TOKEN_EXPIRED: { status: 401, text: 'The token of this stream has expired.' },
  SLOW_SUBSCRIBER: { status: 503, text: 'The stream was not read fast enough; subscribe again.' },
  STREAM_GAP: {
    status: 503,
    text: 'Updates of this stream may have been missed; subscribe again for a fresh snapshot.',
  },
  GATEWAY_DRAINING: { status: 503, text: 'The gateway is closing; subscribe again.' },
} as const satisfies Record<string, { status: number; text: string }>

export type ErrorCode = keyof typeof catalogue

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(catalogue, code)

/**
 * An error of the catalogue. `options.extensions` are the error's own data, which the client reads; `http` is for the
 * server and is not sent.
 */
export function codedError(code: ErrorCode, message?: string, options: GraphQLErrorOptions = {}): GraphQLError {
  const { status, text } = catalogue[code]
  return new GraphQLError(message ?? text, {
    ...options,
    extensions: { code, http: { status }, ...options.extensions },
  })
}

/** An error about a part of an answer: it has a code, and says nothing of the whole request's status. */
export function partialError(code: ErrorCode, message?: string, options: GraphQLErrorOptions = {}): GraphQLError {
  return new GraphQLError(message ?? catalogue[code].text, { ...options, extensions: { code } })
}
