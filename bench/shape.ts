/**
 * What it costs to write an answer (gateway/src/shape): against JSON.stringify of a tree that has nothing to be left out,
 * over answers of growing size, and with a growing number of other operations known. CPU time, medians of the rounds;
 * `npm run bench:shape`.
 */
import { buildSchema } from 'graphql'
import { completing } from '../gateway/src/shape/testing.ts'

const rounds = 11
const schema = buildSchema(`
  type Query { users: [User] user(id: ID!): User }
  type User { id: ID! username: String name: String reviews: [Review] }
  type Review { id: ID! body: String product: Product author: User }
  type Product { upc: String! name: String price: Int weight: Int inStock: Boolean shippingEstimate: Int }
`)
const query = `{ users { id username name reviews {
  id body product { upc name price weight inStock shippingEstimate } author { id username name } } } }`

/** What a subgraph's JSON becomes: the keys and types that a plan asks for beside what was selected. */
const users = (count: number, isPlain: boolean) => {
  const of = (index: number) => ({
    __typename: 'User',
    id: `${index}`,
    username: `user${index}`,
    name: `Name ${index}`,
  })
  const body = `A review of some eighty characters, as people write them where they are asked to${isPlain ? '.' : '\n'}`
  const data = Array.from({ length: count }, (_, user) => ({
    ...of(user),
    reviews: Array.from({ length: 4 }, (_, review) => ({
      __typename: 'Review',
      id: `${user}-${review}`,
      body,
      product: {
        __typename: 'Product',
        upc: `p${review}`,
        name: `Product ${review}`,
        price: 100 * review,
        weight: review,
        inStock: review % 2 === 0,
        shippingEstimate: null,
      },
      author: of(user),
    })),
  }))
  return JSON.parse(JSON.stringify({ users: data }))
}

/** Microseconds of CPU for one call. */
function cost(work: () => unknown, times: number): number {
  for (let warm = 0; warm < times; warm++) work()
  const measured = Array.from({ length: rounds }, () => {
    const started = process.cpuUsage()
    for (let time = 0; time < times; time++) work()
    const { user, system } = process.cpuUsage(started)
    return (user + system) / times
  })
  return measured.sort((a, b) => a - b)[rounds >> 1]!
}

const complete = completing(schema)
const kilobytes = (text: string) => text.length / 1_024

for (const isPlain of [true, false]) {
  console.log(isPlain ? 'plain answers' : 'answers with an escaped character in every review')
  for (const count of [10, 75, 750, 7_500]) {
    const data = users(count, isPlain)
    const { data: text } = complete(query, data)
    const ready = JSON.parse(text)
    const times = Math.max(3, Math.round(40_000 / kilobytes(text)))
    const written = cost(() => Buffer.from(complete(query, data, { isPlain }).data), times)
    const stringified = cost(() => Buffer.from(JSON.stringify(ready)), times)
    const perKilobyte = written / kilobytes(text)
    console.log(
      `  ${kilobytes(text).toFixed(0)} KiB: ${written.toFixed(0)} µs, ${perKilobyte.toFixed(2)} µs/KiB; JSON.stringify of a ready tree: ${stringified.toFixed(0)} µs`,
    )
  }
}

const small = users(1, true)
let known = 1
for (const others of [1, 100, 900]) {
  for (; known < others; known++) complete(`{ known${known}: users { id } }`, { [`_fm_known${known}`]: [] })
  const written = cost(() => Buffer.from(complete(query, small, { isPlain: true }).data), 20_000)
  console.log(
    `with ${others} other operations known: ${written.toFixed(2)} µs for ${kilobytes(complete(query, small).data).toFixed(1)} KiB`,
  )
}
