/** Letters become 10 to 35, as ISO 6166 and ISO 17442 count them. */
const expandLetters = (text: string) => text.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))

/** Whether the last digit is the Luhn check digit over the expanded letters (ISO 6166, annex A). */
export function hasIsinCheckDigit(isin: string): boolean {
  const digits = expandLetters(isin)
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place])
    const weighted = place % 2 === 1 ? digit * 2 : digit
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}

/** Whether the last two digits are the mod 97-10 check digits (ISO 17442, ISO/IEC 7064). */
export function hasLeiCheckDigits(lei: string): boolean {
  return BigInt(expandLetters(lei)) % 97n === 1n
}
