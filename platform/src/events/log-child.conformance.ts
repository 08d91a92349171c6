/**
 * A process of the conformance suite: `node log-child.conformance.ts '<ChildOrders>'`. What happens it says on stdout,
 * a JSON line each. It ends when its stdin does.
 */
import { pino } from 'pino'
import { openEventLog } from './open.ts'

export interface ChildOrders {
  readonly kafkaBrokers?: readonly string[]
  readonly postgresUrl?: string
  readonly topic: string
  /** Append so many records for each key, one after the other. */
  readonly append?: { readonly keys: readonly string[]; readonly count: number }
  /** Read as a member of this group; the record of this value stays in hand for ever. */
  readonly consume?: { readonly group: string; readonly holdAt?: string }
}

const orders = JSON.parse(process.argv[2] ?? '{}') as ChildOrders
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const { topic, append, consume } = orders
const log = openEventLog({ ...orders, clientId: `child-${process.pid}`, log: pino({ level: 'silent' }) })

if (consume) {
  await log.consume({
    topics: [topic],
    group: consume.group,
    from: 'earliest',
    onRecord: async (record) => {
      const value = record.value.toString()
      if (value === consume.holdAt) {
        say({ holding: value })
        await new Promise(() => {})
      }
      say({ handled: value, key: record.key })
    },
  })
  say({ reading: true })
}
if (append) {
  const producer = await log.producer()
  for (let n = 0; n < append.count; n++) {
    await producer.append(append.keys.map((key) => ({ topic, key, headers: {}, value: Buffer.from(`${key}:${n}`) })))
  }
  say({ appended: true })
}
process.stdin.resume().on('end', async () => {
  await log.close()
  process.exit(0)
})
