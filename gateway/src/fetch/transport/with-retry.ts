import type { Exchange, NoReply, NoReplyKind, Post, Receiver, Reply, Sending } from './exchange.ts'
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
    send(post, receiver) {
      if (!post.repeatable) return exchange.send(post, receiver)
      budget.earn()
      const repeated = new Repeated(post, receiver, again, budget)
      repeated.current = exchange.send(post, repeated)
      return repeated
    },
    close: () => exchange.close(),
  }
}

class Repeated implements Sending, Receiver {
  current: Sending | undefined
  private readonly post: Post
  private readonly receiver: Receiver
  private readonly again: Exchange
  private readonly budget: RetryBudget
  /** Nothing is sent any more. */
  private over = false

  constructor(post: Post, receiver: Receiver, again: Exchange, budget: RetryBudget) {
    this.post = post
    this.receiver = receiver
    this.again = again
    this.budget = budget
  }

  cancel(reason: NoReply): void {
    this.over = true
    this.current?.cancel(reason)
  }

  replied(reply: Reply): void {
    if (!this.over && isWorthAnother(reply) && this.budget.take()) this.repeat()
    else this.receiver.replied(reply)
  }

  failed(reason: NoReply): void {
    // What we displaced ourselves is few, and nobody's fault: it costs the budget nothing.
    if (!this.over && worthAnother[reason.kind] && (reason.kind === 'displaced' || this.budget.take())) this.repeat()
    else this.receiver.failed(reason)
  }

  private repeat(): void {
    this.over = true
    this.current = this.again.send(this.post, this)
  }
}
