import { describe, expect, it } from 'vitest'
import { type Exchange, NoReply, type Post } from './exchange.ts'
import { sent } from './testing.ts'
import { withBound } from './with-bound.ts'
import { retryBudget, withRetry } from './with-retry.ts'

const post: Post = { body: '{}', passport: undefined, repeatable: true, party: '' }

/** An exchange that loses every post, when it is told to. */
function losing() {
  let posts = 0
  const exchange: Exchange = {
    send(_, receiver) {
      posts += 1
      queueMicrotask(() => receiver.failed(new NoReply('lost', 'gone')))
      return { cancel() {} }
    },
    close: async () => {},
  }
  return { exchange, posts: () => posts }
}

describe('what is asked again', () => {
  it('is a tenth of what is asked, beside a reserve', async () => {
    const { exchange, posts } = losing()
    const repeating = withRetry(exchange, exchange, retryBudget({ share: 0.1, reserve: 5 }))
    for (let turn = 0; turn < 1_000; turn++) await sent(repeating, post).reply.catch(() => {})
    expect(posts() - 1_000).toBeGreaterThan(90)
    expect(posts() - 1_000).toBeLessThanOrEqual(105)
  })
})

describe('what may wait', () => {
  it('has a bound, beyond which nothing is sent, and gives its place back', async () => {
    let posts = 0
    const waiting: (() => void)[] = []
    const bounded = withBound(
      {
        send(_, receiver) {
          posts += 1
          waiting.push(() => receiver.replied({ status: 200, text: '{}', json: {} }))
          return { cancel: (reason) => receiver.failed(reason) }
        },
        close: async () => {},
      },
      2,
    )
    const first = sent(bounded, post)
    const second = sent(bounded, post)
    await expect(sent(bounded, post).reply).rejects.toMatchObject({ kind: 'refused' })
    expect(posts).toBe(2)
    first.cancel(new NoReply('cancelled', 'left'))
    await expect(first.reply).rejects.toMatchObject({ kind: 'cancelled' })
    const third = sent(bounded, post)
    for (const answer of waiting.slice(1)) answer()
    expect(await Promise.all([second.reply, third.reply])).toHaveLength(2)
  })
})
