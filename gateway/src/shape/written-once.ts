/** A response's bytes, of what `write` gives: a text at first, and bytes from then on. */
export type WrittenOnce = (write: () => string) => string | Uint8Array<ArrayBuffer>

/** Nearly every answer is one caller's: only where another comes are its bytes worth keeping. */
export function writtenOnce(): WrittenOnce {
  let isAskedAgain = false
  let bytes: Uint8Array<ArrayBuffer> | undefined
  return (write) => {
    if (!isAskedAgain) {
      isAskedAgain = true
      return write()
    }
    bytes ??= Buffer.from(write())
    return bytes
  }
}
