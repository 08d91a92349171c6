/**
 * What a tenant reads from Kafka itself, as a user of the broker's own listener for clients, on which nothing is readable
 * until an access control list allows it.
 */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { decodeEvent, encodeEvent } from '@fundmesh/platform/events/codec'
import type { EventLog, Producer } from '@fundmesh/platform/events/log'
import { requiredService } from '@fundmesh/platform/testing/required'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type Running, type World } from './entitlement-world.ts'

const SHARED = 'asset-management.nav.intraday'
/** The script of the broker: it alone can make users. */
const tool = process.env.KAFKA_TOOL
const brokers = requiredService('KAFKA_BROKERS')

describe.skipIf(!brokers || !tool)("a tenant's own access to Kafka", () => {
  let world: World
  let service: Running
  let log: EventLog
  let producer: Producer
  const port = Number(brokers?.split(',')[0]?.split(':')[1])
  const consumers: Consumer[] = []
  const sequences = new Map<string, number>()

  beforeAll(async () => {
    world = await createWorld()
    log = world.openLog()
    producer = await log.producer()
    service = await world.startService()
    for (const user of ['alder', 'birch']) await makeUser(user)
  })
  afterEach(async () => {
    for (const consumer of consumers.splice(0)) await consumer.disconnect()
  })
  afterAll(async () => {
    await service?.stop()
    await log?.close()
    await world?.close()
  })

  const makeUser = (user: string) =>
    promisify(execFile)(tool!, ['user', user, `${user}-secret`], { env: { ...process.env, KAFKA_PORT: String(port) } })

  const own = (tenant: string) => `${world.topicPrefix}${SHARED}.for.${tenant}`

  /** The broker as a tenant sees it. */
  const as = (tenant: string) =>
    new Kafka({
      brokers: [`127.0.0.1:${port + 1}`],
      clientId: tenant,
      sasl: { mechanism: 'scram-sha-512', username: tenant, password: `${tenant}-secret` },
      retry: { retries: 0 },
      logLevel: logLevel.NOTHING,
    })

  interface Reading {
    /** `shareClassId/sequence`, in order of arrival. */
    readonly events: string[]
    /** The type of the error that ended it. */
    readonly refused: Promise<string>
  }

  async function read(tenant: string, topic: string, group = `${world.topicPrefix}${tenant}.app`): Promise<Reading> {
    const consumer = as(tenant).consumer({ groupId: group, retry: { retries: 0 }, maxWaitTimeInMs: 1_000 })
    consumers.push(consumer)
    const events: string[] = []
    const refused = new Promise<string>((resolve) =>
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        const error = payload.error as Error & { type?: string; cause?: { type?: string } }
        resolve(error.type ?? error.cause?.type ?? error.message)
      }),
    )
    const start = async () => {
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ partition, message: { offset, key, value, headers } }) => {
          const record = {
            topic: SHARED,
            partition,
            offset: BigInt(offset),
            appendedAt: new Date(),
            key: String(key),
            value: value!,
            headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)])),
          }
          const { data } = decodeEvent(record)
          const { shareClassId, sequence } = data as { shareClassId: string; sequence: number }
          events.push(`${shareClassId}/${sequence}`)
        },
      })
    }
    const failed = start().then(
      () => new Promise<string>(() => {}),
      (error: Error & { type?: string }) => error.type ?? error.message,
    )
    return { events, refused: Promise.race([refused, failed]) }
  }

  /** Publishes the next NAV of a share class, which is its fund's only one. */
  async function publish(shareClassId: string): Promise<string> {
    const sequence = (sequences.get(shareClassId) ?? 0) + 1
    sequences.set(shareClassId, sequence)
    const now = new Date()
    const recordedAt = now.toISOString()
    await producer.append([
      encodeEvent({
        topic: SHARED,
        type: 'asset-management.nav.published.v1',
        source: '/test',
        id: `${shareClassId}/${sequence}`,
        time: now,
        data: {
          shareClassId,
          fundId: `fund-of-${shareClassId}`,
          isin: null,
          navDate: recordedAt.slice(0, 10),
          navPrice: '26.662',
          priceCurrency: 'USD',
          priceNature: 'INDICATIVE',
          sequence,
          recordedAt,
        },
      }),
    ])
    return `${shareClassId}/${sequence}`
  }

  async function asHouse(mutation: string, variables: object) {
    const { data, errors } = await service.ask('house', mutation, variables)
    expect(errors).toBeUndefined()
    return data
  }
  const receipt = 'grant { id } confirmations { target confirmedAt }'
  const register = (id: string) =>
    asHouse('mutation ($input: RegisterTenantInput!) { registerTenant(input: $input) { id } }', {
      input: { id, name: id },
    })
  const grant = async (tenantId: string, resourceId: string, more: { validTo?: Date; channels?: string[] } = {}) =>
    (
      await asHouse(`mutation ($input: GrantInput!) { grant(input: $input) { ${receipt} } }`, {
        input: {
          tenantId,
          resourceKind: 'SHARE_CLASS',
          resourceId,
          ...more,
        },
      })
    ).grant
  const revoke = async (grantId: string) =>
    (
      await asHouse(`mutation ($grantId: ID!) { revoke(grantId: $grantId, reason: "test") { ${receipt} } }`, {
        grantId,
      })
    ).revoke
  const confirmed = { target: 'KAFKA_ACCESS', confirmedAt: expect.any(String) }

  it('is none before a grant, one to its own events with it, and none again when it is revoked', async () => {
    await register('alder')
    await register('birch')
    await publish('tsp:before')
    expect(await (await read('alder', own('alder'))).refused).toMatch(/TOPIC_AUTHORIZATION_FAILED|UNKNOWN_TOPIC/)

    const given = await grant('alder', 'tsp:a')
    expect(given.confirmations).toContainEqual(confirmed)
    await grant('alder', 'tsp:streamed', { channels: ['STREAM', 'GRAPHQL'] })
    await publish('tsp:streamed')
    const birch = await grant('birch', 'tsp:b')
    const reading = await read('alder', own('alder'))
    const expected = [await publish('tsp:a'), await publish('tsp:a')]
    await publish('tsp:b')
    expected.push(await publish('tsp:a'))
    await expect.poll(() => reading.events).toEqual(expected)

    for (const foreign of [
      own('birch'),
      `${world.topicPrefix}${SHARED}`,
      `${world.topicPrefix}asset-management.entitlement.changes`,
    ]) {
      expect(await (await read('alder', foreign)).refused).toBe('TOPIC_AUTHORIZATION_FAILED')
    }
    expect(await (await read('alder', own('alder'), `${world.topicPrefix}birch.app`)).refused).toMatch(
      /GROUP_AUTHORIZATION_FAILED|Failed to find group coordinator/,
    )
    const names = await as('alder').admin().listTopics()
    expect(names.filter((name) => name.startsWith(world.topicPrefix))).toEqual([own('alder')])

    // An open consumer: Kafka asks its lists at each fetch, so that the next one is refused.
    expect((await revoke(given.grant.id)).confirmations).toContainEqual(confirmed)
    await publish('tsp:a')
    expect(await reading.refused).toMatch(/_AUTHORIZATION_FAILED/)
    expect(reading.events).toEqual(expected)

    // What lay there is not there either when the tenant is granted something else.
    await grant('alder', 'tsp:other')
    const later = await read('alder', own('alder'), `${world.topicPrefix}alder.later`)
    const other = await publish('tsp:other')
    await expect.poll(() => later.events).toEqual([other])
    await revoke(birch.grant.id)
  })

  it('ends with the window of its last grant, at that time', async () => {
    await register('cedar')
    await makeUser('cedar')
    const end = new Date(Date.now() + 15_000)
    await grant('cedar', 'tsp:c', { validTo: end })
    const reading = await read('cedar', own('cedar'))
    const event = await publish('tsp:c')
    await expect.poll(() => reading.events).toEqual([event])
    await sleep(end.getTime() - Date.now())
    await publish('tsp:c')
    expect(await reading.refused).toMatch(/_AUTHORIZATION_FAILED/)
    expect(reading.events).toEqual([event])
  })

  it('loses what lies there unread of a grant that ends while others go on', async () => {
    await register('dogwood')
    await makeUser('dogwood')
    const going = await grant('dogwood', 'tsp:going')
    await grant('dogwood', 'tsp:staying')
    await publish('tsp:going')
    const stays = await publish('tsp:staying')
    const first = await read('dogwood', own('dogwood'))
    await expect.poll(() => first.events.length).toBe(2)
    await revoke(going.grant.id)
    const later = await read('dogwood', own('dogwood'), `${world.topicPrefix}dogwood.later`)
    const next = await publish('tsp:staying')
    await publish('tsp:going')
    await expect.poll(() => later.events).toEqual([next])
    await expect.poll(() => first.events.at(-1)).toBe(next)
    expect(first.events).toContain(stays)
  })

  it('goes on where it was after the service was away, without what lay there, and a list that somebody changed is put right', async () => {
    await register('elder')
    await makeUser('elder')
    await grant('elder', 'tsp:e')
    const before = await publish('tsp:e')
    const reading = await read('elder', own('elder'))
    await expect.poll(() => reading.events).toEqual([before])
    await service.stop()
    const meanwhile = [await publish('tsp:e'), await publish('tsp:e')]
    const admin = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING }).admin()
    const acl = (principal: string, name: string) => ({
      principal,
      host: '*',
      operation: 3,
      permissionType: 3,
      resourceType: 2,
      resourceName: name,
      resourcePatternType: 3,
    })
    await admin.connect()
    await admin.deleteAcls({ filters: [acl('User:elder', own('elder'))] })
    await admin.createAcls({ acl: [acl('User:birch', own('elder')), acl('User:stranger', own('elder'))] })
    service = await world.startService()
    const again = await read('elder', own('elder'), `${world.topicPrefix}elder.again`)
    await expect.poll(() => [...new Set(again.events)]).toEqual(meanwhile)
    const readers = async () => {
      const { resources } = await admin.describeAcls({
        ...acl('User:elder', own('elder')),
        principal: undefined as never,
      })
      return [...new Set(resources.flatMap(({ acls }) => acls.map(({ principal }) => principal)))]
    }
    await expect.poll(readers).toEqual(['User:elder'])
    await admin.disconnect()
  })
})
