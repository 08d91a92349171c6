/**
 * The event contracts as this code base reads them: topics.yaml and the Avro schemas beside it, checked once, at load.
 * A mistake in them stops every process that needs them, with a sentence that names the file, the topic and the field.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

/** A kind of thing that a grant can open. */
export type ResourceKind = 'FUND' | 'SHARE_CLASS'

/** What of a resource a record shows. */
export type TopicFieldSet = 'REFERENCE' | 'NAV' | 'PERFORMANCE' | 'RISK'

/** An Avro schema in its JSON form. */
export type AvroSchema =
  | string
  | readonly AvroSchema[]
  | { readonly type: AvroSchema; readonly name?: string; readonly [attribute: string]: unknown }

export interface AvroField {
  readonly name: string
  readonly type: AvroSchema
  readonly doc?: string
  readonly default?: unknown
}

/** An Avro schema whose outermost type is a record, as every event's is. */
export interface AvroRecord {
  readonly type: 'record'
  readonly name: string
  readonly namespace: string
  readonly doc?: string
  readonly fields: readonly AvroField[]
}

/** One version of an event's schema. */
export interface EventSchema {
  /** What stands in a record's first five bytes, after the zero (Confluent wire format). */
  readonly id: number
  /** The file's name, `nav-published.v1.avsc`. */
  readonly file: string
  readonly avro: AvroRecord
}

export interface Topic {
  readonly name: string
  /** What writers write now; readers understand every schema of the same name. */
  readonly schema: EventSchema
  /** The CloudEvents types that stand in the topic. */
  readonly types: readonly string[]
  /** The field that is the record's key; order is promised per key only. */
  readonly key: string
  /** The field that counts the events of a key, gap-free from 1. */
  readonly sequence: string
  readonly partitions: number
  readonly cleanup: 'delete' | 'compact'
  readonly retentionDays?: number
  /** A grant on any of these resources opens a record: kind → the field that holds the id. Empty: nobody's data. */
  readonly resources: ReadonlyMap<ResourceKind, string>
  /** What of the resource a record shows; where there are resources, always told. */
  readonly fieldSet?: TopicFieldSet
  /** The field with the day that the value is for, from which an embargo is counted. */
  readonly valueDate?: string
}

export interface EventContracts {
  readonly schemas: ReadonlyMap<number, EventSchema>
  readonly topics: ReadonlyMap<string, Topic>
}

const positive = z.number().int().positive()
const field = z.string().min(1)

const TopicEntry = z
  .strictObject({
    schema: z.string(),
    types: z.array(z.string().min(1)).min(1),
    key: field,
    sequence: field,
    partitions: positive,
    cleanup: z.enum(['delete', 'compact']),
    retentionDays: positive.optional(),
    resources: z.partialRecord(z.enum(['FUND', 'SHARE_CLASS']), field).default({}),
    fieldSet: z.enum(['REFERENCE', 'NAV', 'PERFORMANCE', 'RISK']).optional(),
    valueDate: field.optional(),
  })
  .refine((topic) => (topic.cleanup === 'delete') === (topic.retentionDays !== undefined), {
    message: 'retentionDays belongs to cleanup: delete, and only there',
  })
  .refine((topic) => Object.keys(topic.resources).length > 0 === (topic.fieldSet !== undefined), {
    message: 'fieldSet belongs to a topic with resources, and only there',
  })
  // Without its date a value would be under no embargo.
  .refine((topic) => (topic.fieldSet ?? 'REFERENCE') === 'REFERENCE' || topic.valueDate !== undefined, {
    message: 'valueDate belongs to every topic whose fieldSet is not REFERENCE',
  })

const TopicsFile = z.strictObject({
  schemas: z.record(z.string().regex(/^[1-9]\d*$/, 'a schema id is a positive integer'), z.string()),
  topics: z.record(z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/), TopicEntry),
})

const SchemaFile = z.object({
  type: z.literal('record'),
  name: z.string(),
  namespace: z.string(),
  fields: z.array(z.object({ name: z.string() }).loose()),
})

/**
 * Reads the text of a topics.yaml; `readSchema` gives the text of a schema file.
 * @throws Error naming what is wrong and where.
 */
export function parseEventContracts(text: string, readSchema: (file: string) => string): EventContracts {
  // yaml makes the schema ids numbers and then, as keys of an object, strings again.
  const file = TopicsFile.safeParse(parse(text))
  if (!file.success) throw new Error(`topics.yaml: ${z.prettifyError(file.error)}`)

  const schemas = new Map<number, EventSchema>()
  for (const [id, name] of Object.entries(file.data.schemas)) {
    schemas.set(Number(id), { id: Number(id), file: name, avro: parseSchema(name, readSchema) })
  }
  const topics = new Map<string, Topic>()
  for (const [name, { resources, retentionDays, fieldSet, valueDate, ...entry }] of Object.entries(file.data.topics)) {
    const schema = [...schemas.values()].find(({ file }) => file === entry.schema)
    if (!schema) throw new Error(`topics.yaml: topic ${name}: the schema ${entry.schema} has no id under "schemas"`)
    requireField(name, schema, 'key', entry.key, 'string')
    requireField(name, schema, 'sequence', entry.sequence, 'long')
    for (const [kind, id] of Object.entries(resources)) requireField(name, schema, `resource ${kind}`, id, 'string')
    if (valueDate !== undefined) requireField(name, schema, 'valueDate', valueDate, 'date')
    topics.set(name, {
      ...entry,
      name,
      schema,
      ...(retentionDays === undefined ? {} : { retentionDays }),
      ...(fieldSet === undefined ? {} : { fieldSet }),
      ...(valueDate === undefined ? {} : { valueDate }),
      resources: new Map(Object.entries(resources) as [ResourceKind, string][]),
    })
  }
  return { schemas, topics }
}

function parseSchema(file: string, readSchema: (file: string) => string): AvroRecord {
  try {
    const avro: unknown = JSON.parse(readSchema(file))
    const checked = SchemaFile.safeParse(avro)
    if (!checked.success) throw new Error(z.prettifyError(checked.error))
    return avro as AvroRecord
  } catch (cause) {
    throw new Error(`topics.yaml: schema ${file}: ${(cause as Error).message}`, { cause })
  }
}

function requireField(topic: string, schema: EventSchema, use: string, name: string, type: string): void {
  const found = schema.avro.fields.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`topics.yaml: topic ${topic}: its ${use} field "${name}" is not in ${schema.file}`)
  const { type: own } = found
  const is = typeof own === 'object' && 'logicalType' in own ? own.logicalType : own
  if (is !== type) {
    const actual = JSON.stringify(found.type)
    throw new Error(`topics.yaml: topic ${topic}: its ${use} field "${name}" must be ${type}, and is ${actual}`)
  }
}

const folder = new URL('../events/', import.meta.url)
const readContract = (file: string): string => readFileSync(new URL(file, folder), 'utf8')

/** The contracts of this code base. */
export const { schemas, topics }: EventContracts = parseEventContracts(readContract('topics.yaml'), readContract)
