/**
 * Avro's logical types in the form that our GraphQL scalars have: decimals as canonical strings, dates `YYYY-MM-DD`,
 * timestamps RFC 3339 in UTC. Exact in both directions; what cannot be written exactly is refused.
 */
import avro from 'avsc'

/** `"26.662"`: no exponent, no leading plus, no needless zeros, no negative zero. */
const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/

/** The avsc side of a logical type: `_resolve` lets a newer reader understand bytes of an older writer. */
abstract class ExactType extends avro.types.LogicalType {
  protected override _resolve(type: avro.Type): ((value: unknown) => unknown) | undefined {
    // The types' names carry what decides the value: the kind, the scale, the precision.
    return type instanceof ExactType && type.signature() === this.signature() ? (value) => value : undefined
  }

  protected abstract signature(): string
}

/** `decimal` over bytes: the unscaled integer, two's complement, big-endian. */
class DecimalType extends ExactType {
  readonly #precision: number
  readonly #scale: number

  constructor(schema: { precision: number; scale?: number }, options?: unknown) {
    super(schema as unknown as avro.Schema, options as Partial<avro.ForSchemaOptions>)
    this.#precision = schema.precision
    this.#scale = schema.scale ?? 0
  }

  protected override signature(): string {
    return `decimal(${this.#precision},${this.#scale})`
  }

  protected override _fromValue(bytes: Buffer): string {
    return decimalText(bytes, this.#precision, this.#scale)
  }

  protected override _toValue(text: unknown): Buffer {
    return decimalBytes(text, this.#precision, this.#scale)
  }
}

/** @throws RangeError where the bytes are no decimal of that precision. */
export function decimalText(bytes: Buffer, precision: number, scale: number): string {
  if (bytes.length === 0) throw new RangeError('a decimal needs at least one byte')
  const unscaled = bytes.length <= 6 ? BigInt(bytes.readIntBE(0, bytes.length)) : signedInteger(bytes)
  const negative = unscaled < 0n
  const digits = (negative ? -unscaled : unscaled).toString()
  if (digits.length > precision) throw new RangeError(`a decimal of ${digits.length} digits, where ${precision} fit`)
  return canonical(negative, digits, scale)
}

function canonical(negative: boolean, digits: string, scale: number): string {
  const padded = digits.padStart(scale + 1, '0')
  const whole = padded.slice(0, padded.length - scale)
  let end = padded.length
  while (end > whole.length && padded.charCodeAt(end - 1) === 48) end--
  const text = end === whole.length ? whole : `${whole}.${padded.slice(whole.length, end)}`
  return negative && text !== '0' ? `-${text}` : text
}

function signedInteger(bytes: Buffer): bigint {
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))
}

/** @throws RangeError where the text is no decimal, or would lose digits. */
export function decimalBytes(text: unknown, precision: number, scale: number): Buffer {
  if (typeof text !== 'string' || !DECIMAL.test(text)) {
    throw new RangeError(`expected a decimal as a string such as "26.662", got ${JSON.stringify(text)}`)
  }
  const point = text.indexOf('.')
  const fraction = point < 0 ? '' : text.slice(point + 1).replace(/0+$/, '')
  if (fraction.length > scale) throw new RangeError(`${text} has more than ${scale} decimal places`)
  const whole = point < 0 ? text : text.slice(0, point)
  const unscaled = BigInt(whole + fraction.padEnd(scale, '0'))
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().length
  if (digits > precision) throw new RangeError(`${text} needs ${digits} digits, where ${precision} fit`)
  return twosComplement(unscaled)
}

/** The shortest big-endian two's complement. */
function twosComplement(value: bigint): Buffer {
  // One bit for the sign: the length in bits of the magnitude (of -value - 1 where negative), plus one.
  const magnitude = value < 0n ? -value - 1n : value
  const bits = magnitude === 0n ? 1 : magnitude.toString(2).length + 1
  const bytes = Math.ceil(bits / 8)
  return Buffer.from(
    BigInt.asUintN(bytes * 8, value)
      .toString(16)
      .padStart(bytes * 2, '0'),
    'hex',
  )
}

const DAY_MS = 86_400_000
/** The days from year 0000 to year 9999, which is what four digits can say. */
const FIRST_DAY = Date.UTC(2000, 0, 1) / DAY_MS - 730_485
const LAST_DAY = Date.UTC(9999, 11, 31) / DAY_MS

/** `date` over int: days since 1970-01-01. */
class DateType extends ExactType {
  protected override signature(): string {
    return 'date'
  }

  protected override _fromValue(days: number): string {
    if (days < FIRST_DAY || days > LAST_DAY) throw new RangeError(`day ${days} is outside the years 0000 to 9999`)
    return new Date(days * DAY_MS).toISOString().slice(0, 10)
  }

  protected override _toValue(text: unknown): number {
    const ms = typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
    // Date.parse takes 2023-02-30 for 2 March: what comes back has to be what was given.
    if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) {
      throw new RangeError(`expected a date YYYY-MM-DD, got ${JSON.stringify(text)}`)
    }
    return ms / DAY_MS
  }
}

const RFC_3339_UTC = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/

/** `timestamp-millis` and `timestamp-micros` over long; micros reach to the year 2255 as safe integers. */
abstract class TimestampType extends ExactType {
  protected abstract readonly fractionDigits: 3 | 6

  protected override signature(): string {
    return `timestamp(${this.fractionDigits})`
  }

  protected override _fromValue(value: number): string {
    const perMs = this.fractionDigits === 6 ? 1_000 : 1
    const ms = Math.floor(value / perMs)
    const date = new Date(ms)
    if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9_999 || date.getUTCFullYear() < 0) {
      throw new RangeError(`timestamp ${value} is outside the years 0000 to 9999`)
    }
    const iso = date.toISOString()
    const below = value - ms * perMs
    return below === 0 ? iso : `${iso.slice(0, -1)}${String(below).padStart(3, '0')}Z`
  }

  protected override _toValue(text: unknown): number {
    const parts = typeof text === 'string' ? RFC_3339_UTC.exec(text) : null
    const seconds = parts ? Date.parse(`${parts[1]}Z`) : Number.NaN
    if (!parts || Number.isNaN(seconds) || !new Date(seconds).toISOString().startsWith(parts[1] as string)) {
      throw new RangeError(`expected a time in UTC such as 2026-01-31T12:00:00.000Z, got ${JSON.stringify(text)}`)
    }
    const micros = Number((parts[2] ?? '').padEnd(6, '0'))
    if (this.fractionDigits === 6) return seconds * 1_000 + micros
    if (micros % 1_000 !== 0) throw new RangeError(`${parts[0]} is finer than milliseconds`)
    return seconds + micros / 1_000
  }
}

class TimestampMillisType extends TimestampType {
  protected override readonly fractionDigits = 3
}

class TimestampMicrosType extends TimestampType {
  protected override readonly fractionDigits = 6
}

/** What avsc needs to know about logical types. */
export const logicalTypes = {
  decimal: DecimalType,
  date: DateType,
  'timestamp-millis': TimestampMillisType,
  'timestamp-micros': TimestampMicrosType,
} as unknown as Record<string, new () => avro.types.LogicalType>
