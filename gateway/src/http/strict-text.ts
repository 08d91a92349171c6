import { isUtf8 } from 'node:buffer'
import { codedError } from '../errors/catalogue.ts'

/*
 * Bytes that are no UTF-8 are refused, in a body and in a query string. The platform's own readers put U+FFFD in their
 * place: what is then asked is not what was sent.
 */

/** Whether a body is said to be UTF-8 as it stands: of no other charset, and not compressed. */
export function isPlain(contentType: string | null | undefined, encoding: string | null | undefined): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  return /^utf-?8$/i.test(charset) && (encoding || 'identity').toLowerCase() === 'identity'
}

/** The text of a body. */
export function bodyText(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw codedError('BAD_REQUEST', 'body: expected UTF-8')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text
}

/** Checks what a URL encodes. */
export function checkUrl(url: string): void {
  try {
    decodeURIComponent(url)
  } catch {
    throw codedError('BAD_REQUEST', 'query string: expected UTF-8')
  }
}

const byteOrderMark = 0xfeff
