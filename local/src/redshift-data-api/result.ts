import type { FieldDef } from 'pg'

/** Metadata of a column as the Data API gives it. */
export interface Column {
  readonly name: string
  readonly label: string
  readonly typeName: string
  readonly precision: number
  readonly scale: number
  readonly length: number
  readonly nullable: number
  readonly isSigned: boolean
  readonly isCurrency: boolean
  readonly isCaseSensitive: boolean
  readonly schemaName: string
  readonly tableName: string
}

/**
 * What an SQL text gave. Each row is kept as the JSON text that is sent: its size is known, and no digit of a long passes
 * through a JavaScript number.
 */
export interface Result {
  /** Absent when the SQL text gives no rows (an insert without returning). */
  readonly columns?: readonly Column[]
  readonly rows: readonly string[]
  /** Rows given, or changed. */
  readonly count: number
  readonly bytes: number
}

interface ColumnType {
  readonly name: string
  /** The member of the union Field, and its value as JSON text. */
  readonly toField: (text: string) => string
  readonly signed?: true
  /** Absent where a column declares its own. */
  readonly precision?: number
  readonly text?: true
}

const string = (text: string) => `{"stringValue":${JSON.stringify(text)}}`
const long = (text: string) => `{"longValue":${text}}`
/** JSON has no NaN or infinity; the protocol writes them as text. */
const double = (text: string) => `{"doubleValue":${Number.isFinite(Number(text)) ? text : JSON.stringify(text)}}`
const boolean = (text: string) => `{"booleanValue":${text === 't'}}`

/** PostgreSQL's built-in types by object id; every other type is sent as the text that the database writes. */
const TYPES: Readonly<Record<number, ColumnType>> = {
  16: { name: 'bool', toField: boolean, precision: 1 },
  20: { name: 'int8', toField: long, signed: true, precision: 19 },
  21: { name: 'int2', toField: long, signed: true, precision: 5 },
  23: { name: 'int4', toField: long, signed: true, precision: 10 },
  700: { name: 'float4', toField: double, signed: true, precision: 8 },
  701: { name: 'float8', toField: double, signed: true, precision: 17 },
  1042: { name: 'bpchar', toField: string, text: true },
  1043: { name: 'varchar', toField: string, text: true },
  1082: { name: 'date', toField: string, precision: 13 },
  1083: { name: 'time', toField: string, precision: 15 },
  1114: { name: 'timestamp', toField: string, precision: 29 },
  1184: { name: 'timestamptz', toField: string, precision: 35 },
  1700: { name: 'numeric', toField: string, signed: true },
}
/** Redshift has no text type: its text is a varchar. */
const TEXT: ColumnType = { name: 'varchar', toField: string, text: true }

const typeOf = (field: FieldDef): ColumnType => TYPES[field.dataTypeID] ?? TEXT

/** A row as the JSON text of a list of Fields. `values` are the database's own texts. */
export function encodeRow(fields: readonly FieldDef[], values: readonly (string | null)[]): string {
  const encoded = fields.map((field, index) => {
    const value = values[index]
    return value === null || value === undefined ? '{"isNull":true}' : typeOf(field).toField(value)
  })
  return `[${encoded.join(',')}]`
}

export function describeColumn(field: FieldDef): Column {
  const type = typeOf(field)
  const modifier = field.dataTypeModifier
  // A modifier holds 4 more than the length of a varchar, or than precision and scale of a numeric in two halves.
  const declared = modifier >= 4 ? modifier - 4 : 0
  const isNumeric = type.name === 'numeric'
  const isText = type.text ?? false
  return {
    name: field.name,
    label: field.name,
    typeName: type.name,
    precision: type.precision ?? (isNumeric ? declared >> 16 : declared),
    scale: isNumeric ? declared & 0x7ff : 0,
    length: isText ? declared : 0,
    nullable: 1,
    isSigned: type.signed ?? false,
    isCurrency: false,
    isCaseSensitive: isText,
    schemaName: '',
    tableName: '',
  }
}
