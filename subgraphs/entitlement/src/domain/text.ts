import { Refusal } from './refusal.ts'

/** A text that a person wrote, without the white space around it. Throws Refusal where it is empty, too long or has control characters. */
export function personsText(field: string, text: string, longest: number): string {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > longest || /\p{Cc}/u.test(trimmed)) {
    const came = trimmed === '' ? 'none' : `${trimmed.length}, or a control character`
    throw new Refusal(`${field}: expected 1 to ${longest} characters on one line; got ${came}`)
  }
  return trimmed
}
