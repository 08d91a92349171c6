import { type Exchange, NoReply, type Receiver, type Reply, type Sending } from './exchange.ts'

/** Ends a post that has no reply after so many milliseconds in all, waiting, repeating and dripping included. */
export function withDeadline(exchange: Exchange, milliseconds: number): Exchange {
  return {
    send(post, receiver) {
      const timed = new Timed(receiver, milliseconds)
      timed.current = exchange.send(post, timed)
      return timed
    },
    close: () => exchange.close(),
  }
}

class Timed implements Sending, Receiver {
  current: Sending | undefined
  private readonly receiver: Receiver
  private readonly timer: NodeJS.Timeout

  constructor(receiver: Receiver, milliseconds: number) {
    this.receiver = receiver
    this.timer = setTimeout(late, milliseconds, this, milliseconds)
  }

  cancel(reason: NoReply): void {
    this.current?.cancel(reason)
  }

  replied(reply: Reply): void {
    clearTimeout(this.timer)
    this.receiver.replied(reply)
  }

  failed(reason: NoReply): void {
    clearTimeout(this.timer)
    this.receiver.failed(reason)
  }
}

const late = (timed: Timed, milliseconds: number) =>
  timed.cancel(new NoReply('timeout', `expected a reply within ${milliseconds} ms; got none`))
