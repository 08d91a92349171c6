/**
 * Events to records and back: the value is Avro in the Confluent framing (a zero, the schema's id, the body), the rest
 * is CloudEvents 1.0 in Kafka's binary mode. Types are compiled once per schema.
 */
import { type EventSchema, schemas, type Topic, topics } from '@fundmesh/contracts/events'
import type { EventDataByTopic, TopicName } from '@fundmesh/contracts/generated/events'
import avro from 'avsc'
import { CloudEvent, Kafka } from 'cloudevents'
import type { LogRecord, NewRecord } from './log.ts'
import { logicalTypes } from './logical-types.ts'

/** What a writer says of an event; key, sequence and schema follow from the topic's contract. */
export interface NewEvent<T extends TopicName = TopicName> {
  readonly topic: T
  /** One of the topic's CloudEvents types. */
  readonly type: string
  /** Who says it: a URI reference. With the id it identifies the event: a second one of the same pair is a repetition. */
  readonly source: string
  readonly id: string
  /** When it happened. */
  readonly time: Date
  /** Decimals, dates and times as strings, as in GraphQL. */
  readonly data: EventDataByTopic[T]
}

/** An event whose record was complete and agreed with the topic's contract. */
export type Event<T extends TopicName = TopicName> = {
  readonly [Name in T]: {
    readonly topic: Name
    readonly type: string
    readonly source: string
    readonly id: string
    /** RFC 3339, UTC. */
    readonly time: string
    readonly key: string
    readonly sequence: number
    readonly data: EventDataByTopic[Name]
  }
}[T]

/** A record that no reader will ever understand: to be set aside and counted, not tried again. */
export class PoisonRecord extends Error {
  override readonly name = 'PoisonRecord'
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly reason: string

  constructor(record: LogRecord, reason: string, options?: ErrorOptions) {
    super(`poison record at ${record.topic}/${record.partition}@${record.offset}: ${reason}`, options)
    this.topic = record.topic
    this.partition = record.partition
    this.offset = record.offset
    this.reason = reason
  }
}

const FRAME_BYTES = 5
const CONTENT_TYPE = 'application/avro'

/** Compiled once. Records come out as objects with the schema's fields and nothing inherited. */
const types = new Map<number, avro.Type>([...schemas.values()].map((schema) => [schema.id, compile(schema)]))

function compile(schema: EventSchema): avro.Type {
  return avro.Type.forSchema(schema.avro as unknown as avro.Schema, { logicalTypes, omitRecordMethods: true })
}

/**
 * @throws TypeError where the data does not fit the schema (naming the field), or the type is not one of the topic's.
 */
export function encodeEvent<T extends TopicName>(event: NewEvent<T>): NewRecord {
  const topic = topics.get(event.topic)
  if (!topic) throw new TypeError(`${event.topic} has no contract: expected one of ${[...topics.keys()].join(', ')}`)
  if (!topic.types.includes(event.type)) {
    throw new TypeError(`${event.topic} holds ${topic.types.join(', ')}; got an event of type ${event.type}`)
  }
  const data: Readonly<Record<string, unknown>> = event.data
  const key = data[topic.key]
  if (typeof key !== 'string' || key === '')
    throw new TypeError(`${event.topic}: ${topic.key} is empty: a record needs its key`)
  return { topic: topic.name, key, headers: headersOf(event, topic, key), value: frame(topic, data) }
}

function headersOf(event: NewEvent, topic: Topic, key: string): Record<string, string> {
  // CloudEvent checks the attributes against the specification. It would make base64 of the data, which goes in the value.
  const { headers } = Kafka.binary(
    new CloudEvent({
      id: event.id,
      source: event.source,
      type: event.type,
      time: event.time.toISOString(),
      subject: key,
      dataschema: `urn:fundmesh:event-schema:${topic.schema.file.replace(/\.avsc$/, '')}`,
      datacontenttype: CONTENT_TYPE,
      partitionkey: key,
    }),
  )
  // In the Kafka binding, datacontenttype stands in content-type alone.
  const { ce_datacontenttype, ...attributes } = headers as Record<string, string | undefined>
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function frame(topic: Topic, data: unknown): Buffer {
  const type = types.get(topic.schema.id) as avro.Type
  try {
    const body = type.toBuffer(data)
    const framed = Buffer.allocUnsafe(FRAME_BYTES + body.length)
    framed[0] = 0
    framed.writeUInt32BE(topic.schema.id, 1)
    body.copy(framed, FRAME_BYTES)
    return framed
  } catch (cause) {
    let where = ''
    type.isValid(data, {
      errorHook: (path, value, expected) => {
        where ||= `${path.join('.')} should be ${expected.typeName}, got ${JSON.stringify(value)}: `
      },
    })
    throw new TypeError(`${topic.name}: ${where}${(cause as Error).message}`, { cause })
  }
}

/** @throws PoisonRecord */
export function decodeEvent(record: LogRecord): Event {
  const topic = topics.get(record.topic)
  if (!topic) throw new PoisonRecord(record, 'the topic has no contract')
  const type = attribute(record, 'ce_type')
  if (!topic.types.includes(type)) {
    throw new PoisonRecord(record, `its type is ${type}, where the topic holds ${topic.types.join(', ')}`)
  }
  const specversion = attribute(record, 'ce_specversion')
  if (specversion !== '1.0') throw new PoisonRecord(record, `its CloudEvents version is ${specversion}, expected 1.0`)
  const contentType = attribute(record, 'content-type')
  if (contentType !== CONTENT_TYPE)
    throw new PoisonRecord(record, `its content-type is ${contentType}, expected ${CONTENT_TYPE}`)

  const data = unframe(record, topic)
  const key = data[topic.key]
  if (key !== record.key) {
    throw new PoisonRecord(record, `its key is "${record.key}", and its ${topic.key} is ${JSON.stringify(key)}`)
  }
  const sequence = data[topic.sequence] as number
  if (sequence < 1) throw new PoisonRecord(record, `its ${topic.sequence} is ${sequence}: sequences begin at 1`)
  return {
    topic: record.topic,
    type,
    source: attribute(record, 'ce_source'),
    id: attribute(record, 'ce_id'),
    time: attribute(record, 'ce_time'),
    key: record.key,
    sequence,
    data,
  } as unknown as Event
}

// Read here and not through cloudevents' Kafka.toEvent: it is the gateway's hottest path, and that copies all headers
// twice and parses the time on the way.
function attribute(record: LogRecord, name: string): string {
  const value = record.headers[name]
  if (value === undefined || value === '') throw new PoisonRecord(record, `the header ${name} is missing`)
  return value
}

function unframe(record: LogRecord, topic: Topic): Record<string, unknown> {
  const { value } = record
  if (value.length < FRAME_BYTES || value[0] !== 0) {
    throw new PoisonRecord(record, `its value does not begin with a zero and a schema id (${value.length} bytes)`)
  }
  const writer = value.readUInt32BE(1)
  try {
    const body = value.subarray(FRAME_BYTES)
    const reader = types.get(topic.schema.id) as avro.Type
    return writer === topic.schema.id
      ? reader.fromBuffer(body)
      : reader.fromBuffer(body, resolver(topic.schema.id, writer))
  } catch (cause) {
    throw new PoisonRecord(record, `its value is no ${topic.schema.file}: ${(cause as Error).message}`, { cause })
  }
}

type Resolver = ReturnType<avro.Type['createResolver']>

const resolvers = new Map<string, Resolver>()

/** Reads what was written with another version of the schema. */
function resolver(readerId: number, writerId: number): Resolver {
  const name = `${readerId}<${writerId}`
  let known = resolvers.get(name)
  if (!known) {
    const writer = types.get(writerId)
    if (!writer) throw new TypeError(`schema ${writerId} is unknown: topics.yaml has ${[...types.keys()].join(', ')}`)
    known = (types.get(readerId) as avro.Type).createResolver(writer)
    resolvers.set(name, known)
  }
  return known
}
