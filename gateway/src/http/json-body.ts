import type { IncomingMessage } from 'node:http'
import { codedError } from '../errors/catalogue.ts'
import { bodyText } from './strict-text.ts'

/** Bytes of a request's body at the most. */
export const maxBody = 1024 * 1024

/**
 * The bytes of a body, bounded: what is longer is refused at once, and what still comes of it is not kept. Undefined:
 * the client went away before its end.
 */
export function bodyBytes(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const tooLarge = () => {
      reject(codedError('REQUEST_TOO_LARGE', `body: expected at most ${maxBody} bytes`))
      request.removeAllListeners('data').resume()
    }
    // Gone while it was asked who they are: nothing more will be said of it.
    if (request.destroyed) return resolve(undefined)
    // Node has read the header already, and refused one that is no length.
    if (Number(request.headers['content-length'] ?? 0) > maxBody) return tooLarge()
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBody) return tooLarge()
      chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length)))
    // Where nobody listens for its error, node tells of a broken connection by this alone.
    request.on('close', () => resolve(undefined))
  })
}

/** What a body of JSON says. Throws BAD_REQUEST where it is none; its text is not repeated. */
export function parsedBody(bytes: Uint8Array): unknown {
  const text = bodyText(bytes)
  try {
    return JSON.parse(text)
  } catch {
    throw codedError('BAD_REQUEST', 'body: expected JSON')
  }
}
