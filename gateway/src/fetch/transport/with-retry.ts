import type { Exchange, NoReply, NoReplyKind, Post, Reply, Sending } from './exchange.ts'
import { isBareFailure } from './reply.ts'

/**
 * Posts that may be sent again: a share of those that were sent, and some in reserve for the moment at which a subgraph's
 * process ends with many on their way. Without a bound, a subgraph that falls over is asked twice as much.
 */
export interface RetryBudget {
  earn(): void
  /** Whether one is left; takes it. */
  take(): boolean
}

export function retryBudget({ share = 0.1, reserve = 100 } = {}): RetryBudget {
  let left = reserve
  return {
    earn() {
      if (left < reserve) left += share
    },
    take() {
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}

/** Whether it may be better a second time. What was too late, too large or refused would be so again. */
const worthAnother: Readonly<Record<NoReplyKind, boolean>> = {
  lost: true,
  displaced: true,
  timeout: false,
  cancelled: false,
  unreachable: false,
  unusable: false,
  refused: false,
}

const isWorthAnother = (reply: Reply) => (reply.status === 502 || reply.status === 503) && isBareFailure(reply)

/** Sends once more, by `again`, what was lost on its way. What changes something is never sent twice: it may have been done. */
export function withRetry(exchange: Exchange, again: Exchange, budget: RetryBudget): Exchange {
  return {
    send(post) {
      if (!post.repeatable) return exchange.send(post)
      budget.earn()
      return new Repeated(exchange, again, budget, post)
    },
    close: () => exchange.close(),
  }
}

class Repeated implements Sending {
  readonly reply: Promise<Reply>
  private current: Sending
  private over = false

  constructor(first: Exchange, again: Exchange, budget: RetryBudget, post: Post) {
    this.current = first.send(post)
    const once = () => {
      this.current = again.send(post)
      return this.current.reply
    }
    this.reply = this.current.reply.then(
      (reply) => (isWorthAnother(reply) && !this.over && budget.take() ? once() : reply),
      (error: NoReply) => {
        if (this.over || !worthAnother[error.kind]) throw error
        // What we displaced ourselves is few, and its owner's fault in nothing: it costs the budget nothing.
        if (error.kind === 'displaced' || budget.take()) return once()
        throw error
      },
    )
  }

  cancel(reason: NoReply): void {
    this.over = true
    this.current.cancel(reason)
  }
}
