import type { Completed } from './complete.ts'

/** Nearly every answer is one caller's: only where another comes are its bytes worth keeping. */
export function writtenOnce(): Completed['body'] {
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
