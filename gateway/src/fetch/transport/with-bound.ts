import { type Exchange, NoReply, type Sending } from './exchange.ts'

/** Refuses at once what would wait behind more than `most` posts: a queue without an end only hides that none is served. */
export function withBound(exchange: Exchange, most: number): Exchange {
  let underWay = 0
  const done = () => {
    underWay -= 1
  }
  return {
    send(post) {
      if (underWay >= most) return refused(`${underWay} posts are under way, and no more are taken`)
      underWay += 1
      const sending = exchange.send(post)
      sending.reply.then(done, done)
      return sending
    },
    close: () => exchange.close(),
  }
}

/** A post that was not sent. */
export const refused = (reason: string): Sending => ({
  reply: Promise.reject(new NoReply('refused', reason)),
  cancel() {},
})
