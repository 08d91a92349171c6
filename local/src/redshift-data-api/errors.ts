/** The errors of the Data API's contract that this service raises, each with its HTTP status. */
const STATUS = {
  ValidationException: 400,
  SerializationException: 400,
  UnknownOperationException: 400,
  ResourceNotFoundException: 400,
  ActiveStatementsExceededException: 400,
  ActiveWaitingRequestsExceededException: 400,
  RequestEntityTooLargeException: 413,
  ExecuteStatementException: 500,
  BatchExecuteStatementException: 500,
  InternalServerException: 500,
} as const

export type ErrorType = keyof typeof STATUS

/** An answer that is an error: `__type` and `Message`, and for some types what they are about. */
export class DataApiError extends Error {
  override readonly name = 'DataApiError'
  readonly type: ErrorType
  readonly details: Readonly<Record<string, string>>

  constructor(type: ErrorType, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message)
    this.type = type
    this.details = details
  }

  get httpStatus(): number {
    return STATUS[this.type]
  }
}

export const validationError = (message: string) => new DataApiError('ValidationException', message)

export const notFound = (message: string, resourceId: string) =>
  new DataApiError('ResourceNotFoundException', message, { ResourceId: resourceId })
