import { type Exchange, NoReply } from './exchange.ts'

/** Ends a post that has no reply after so many milliseconds in all, waiting, repeating and dripping included. */
export function withDeadline(exchange: Exchange, milliseconds: number): Exchange {
  return {
    send(post) {
      const sending = exchange.send(post)
      const timer = setTimeout(
        () => sending.cancel(new NoReply('timeout', `expected a reply within ${milliseconds} ms; got none`)),
        milliseconds,
      )
      const done = () => clearTimeout(timer)
      sending.reply.then(done, done)
      return sending
    },
    close: () => exchange.close(),
  }
}
