import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { CallerError } from './errors.ts'

/** What a cursor is bound to: it opens for the same tenant and the same question only. */
export interface CursorBinding {
  readonly tenant: string
  /** The question: the field and every argument that decides which rows follow, not `first` and `after`. */
  readonly query: readonly (string | null | undefined)[]
  /** The instant whose knowledge the pages show. When opening: only where the client fixed one. */
  readonly knownAt?: string | undefined
}

/** A place in a connection. */
export interface CursorPosition {
  /** The sort key of the last row seen. */
  readonly position: readonly string[]
  /** The instant whose knowledge the first page showed; the next page shows the same. */
  readonly knownAt: string
}

export interface CursorCodec {
  seal(position: readonly string[], binding: CursorBinding & { readonly knownAt: string }): string
  /** Throws CallerError BAD_USER_INPUT; a cursor of another tenant is invalid like any other, not forbidden. */
  open(cursor: string, binding: CursorBinding): CursorPosition
}

const signatureBytes = 16

/** Keyset cursors: base64url of an HMAC-SHA-256 (truncated to 16 bytes) and the position in JSON. */
export function cursorCodec(secret: string): CursorCodec {
  const sign = (payload: string, { tenant, query }: CursorBinding) => {
    const question = createHash('sha256')
      .update(JSON.stringify([tenant, query]))
      .digest()
    return createHmac('sha256', secret).update(question).update(payload).digest().subarray(0, signatureBytes)
  }
  const invalid = () => new CallerError('BAD_USER_INPUT', 'the cursor is invalid: it belongs to another question')
  return {
    seal(position, binding) {
      const payload = JSON.stringify([binding.knownAt, ...position])
      return Buffer.concat([sign(payload, binding), Buffer.from(payload)]).toString('base64url')
    },
    open(cursor, binding) {
      const bytes = Buffer.from(cursor, 'base64url')
      const payload = bytes.subarray(signatureBytes).toString()
      const signature = bytes.subarray(0, signatureBytes)
      const genuine = sign(payload, binding)
      if (signature.length !== genuine.length || !timingSafeEqual(signature, genuine)) throw invalid()
      const [knownAt, ...position] = JSON.parse(payload) as [string, ...string[]]
      if (binding.knownAt !== undefined && binding.knownAt !== knownAt) throw invalid()
      return { position, knownAt }
    },
  }
}
