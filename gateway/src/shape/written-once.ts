/** What stands before and after the data in a response. */
export interface Frame {
  readonly before: string
  readonly after: string
}

/** A response, of what frames its data; the same frame each time. */
export type Written = (frame: Frame) => string | Uint8Array<ArrayBuffer>

/** Nearly every answer is one caller's: only where another comes are its bytes worth keeping. */
export function writtenOnce(data: string): Written {
  let isAskedAgain = false
  let bytes: Uint8Array<ArrayBuffer> | undefined
  return ({ before, after }) => {
    if (bytes) return bytes
    const text = before + data + after
    if (isAskedAgain) bytes = Buffer.from(text)
    isAskedAgain = true
    return bytes ?? text
  }
}
