import { GraphQLError } from 'graphql'

/** The mistakes of a caller, as a subgraph names them; their messages are safe to return. */
export type CallerErrorCode = 'BAD_USER_INPUT' | 'FORBIDDEN'

/** The caller's mistake. Whatever else a resolver throws is ours, and is masked. */
export class CallerError extends GraphQLError {
  constructor(code: CallerErrorCode, message: string) {
    super(message, { extensions: { code } })
    this.name = 'CallerError'
  }
}
