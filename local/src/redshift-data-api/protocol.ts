/** AWS JSON 1.1: `POST /`, the operation in a header, JSON in and out, errors with `__type` and `Message`. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { DataApiError } from './errors.ts'

const TARGET = /^RedshiftData\.(\w+)$/

/** A batch of 40 SQL texts of 100 kB, escaped, with its parameters. */
const LARGEST_BODY = 16 * 1024 * 1024

/** A call as it came over the wire; `input` is JSON that nobody has looked at. */
export interface Call {
  readonly operation: string
  readonly input: unknown
}

/** Throws DataApiErrors for whatever is not a call. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const target = TARGET.exec(String(request.headers['x-amz-target'] ?? ''))
  if (request.method !== 'POST' || !target?.[1]) {
    throw new DataApiError(
      'UnknownOperationException',
      'Expected a POST with a header x-amz-target that names an operation of RedshiftData.',
    )
  }
  const body = await readBody(request)
  try {
    return { operation: target[1], input: JSON.parse(body) }
  } catch {
    throw new DataApiError('SerializationException', 'Expected JSON, got a body that is not.')
  }
}

export function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  })
  response.end(body)
}

export function respondWithError(response: ServerResponse, error: DataApiError): void {
  const { type, message, details, httpStatus } = error
  respond(response, httpStatus, JSON.stringify({ __type: type, Message: message, message, ...details }))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const tooLarge = new DataApiError(
    'RequestEntityTooLargeException',
    `Expected at most ${LARGEST_BODY} bytes, got more.`,
  )
  // Said before the body is read, so that the client is still there to hear it.
  if (Number(request.headers['content-length']) > LARGEST_BODY) throw tooLarge
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw tooLarge
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
