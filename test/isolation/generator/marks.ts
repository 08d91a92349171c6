/**
 * Every value of the fixture carries its owner's mark, so that an answer's bytes tell whose data they hold, wherever in
 * the answer they stand. Marks of identifiers differ from those of values: a caller may know an id, and an error may
 * repeat what was sent; a value comes from the data alone.
 */

/** Whose a value is: a fund, a share class (its facts), a share class's NAVs, or a tenant's own records. */
export type OwnerKind = 'fund' | 'class' | 'nav' | 'tenant'

export interface Mark {
  readonly kind: OwnerKind
  readonly number: number
  /** Of a price: the last three digits of its day, counted from 1970. */
  readonly day?: number
}

const letters: Readonly<Record<OwnerKind, string>> = { fund: 'f', class: 'c', nav: 'n', tenant: 't' }
const kinds = new Map(Object.entries(letters).map(([kind, letter]) => [letter, kind as OwnerKind]))

const four = (number: number) => String(number).padStart(4, '0')

/** For texts: letters and digits only, so that it stands wherever a text may. */
export const valueMark = (kind: OwnerKind, number: number): string => `zv${letters[kind]}${four(number)}q`

/** For identifiers. */
export const idMark = (kind: OwnerKind, number: number): string => `zi${letters[kind]}${four(number)}q`

/** For prices: 7, the class's number, 7, three digits of the day, and a half. */
export const priceMark = (shareClass: number, day: number): string =>
  `7${four(shareClass)}7${String(day % 1_000).padStart(3, '0')}.5`

/** The marks of values that stand anywhere in a text. */
export function valuesIn(text: string): Mark[] {
  const marks: Mark[] = []
  for (const [, letter, number] of text.matchAll(/zv([a-z])(\d{4})q/g)) {
    marks.push({ kind: kinds.get(letter!)!, number: Number(number) })
  }
  for (const [, number, day] of text.matchAll(/(?<![\d.])7(\d{4})7(\d{3})\.5(?!\d)/g)) {
    marks.push({ kind: 'nav', number: Number(number), day: Number(day) })
  }
  return marks
}

/** The marks of identifiers that stand anywhere in a text. */
export const idsIn = (text: string): Mark[] =>
  [...text.matchAll(/zi([a-z])(\d{4})q/g)].map(([, letter, number]) => ({
    kind: kinds.get(letter!)!,
    number: Number(number),
  }))
