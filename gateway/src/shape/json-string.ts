/** What JSON escapes: quotes, backslashes, control characters; and halves of surrogate pairs, which are no text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/

/** A string as JSON: few need more than their quotes. */
export const jsonString = (value: string): string => (escaped.test(value) ? JSON.stringify(value) : `"${value}"`)
