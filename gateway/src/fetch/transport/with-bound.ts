import { type Exchange, NoReply, type Receiver, type Reply, type Sending } from './exchange.ts'

/** Refuses at once what would wait behind more than `most` posts: a queue without an end only hides that none is served. */
export function withBound(exchange: Exchange, most: number): Exchange {
  const count = { underWay: 0 }
  return {
    send(post, receiver) {
      if (count.underWay >= most)
        return refused(receiver, `${count.underWay} posts are under way, and no more are taken`)
      count.underWay += 1
      return exchange.send(post, new Counted(receiver, count))
    },
    close: () => exchange.close(),
  }
}

class Counted implements Receiver {
  private readonly receiver: Receiver
  private readonly count: { underWay: number }

  constructor(receiver: Receiver, count: { underWay: number }) {
    this.receiver = receiver
    this.count = count
  }

  replied(reply: Reply): void {
    this.count.underWay -= 1
    this.receiver.replied(reply)
  }

  failed(reason: NoReply): void {
    this.count.underWay -= 1
    this.receiver.failed(reason)
  }
}

/** A post that is not sent. */
export function refused(receiver: Receiver, reason: string): Sending {
  let told = false
  const tell = (failure: NoReply) => {
    if (told) return
    told = true
    receiver.failed(failure)
  }
  queueMicrotask(() => tell(new NoReply('refused', reason)))
  return { cancel: tell }
}
