/**
 * A text that was put together of many stays many in V8 until it is read. A few thousand are cheaper so than any other way;
 * of a large answer they would be millions that the garbage collector follows again and again, and writing it would cost
 * more than its size says. So a long list is read now and then.
 */

/** Characters that may be many pieces. */
export const inOnePiece = 64 * 1_024

/** What was read is kept: a compiler leaves out what is read for nothing. */
const lastRead = { character: 0 }

export function onePiece(text: string): string {
  lastRead.character = text.charCodeAt(0)
  return text
}
