import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Plugin } from 'graphql-yoga'
import { alarm } from '../identity/alarm.ts'
import { warningTime } from '../identity/session.ts'

/**
 * Says in a stream of server-sent events, 30 s before it, that the token will end and the stream with it. As a comment:
 * every client of the format passes over one, and an event with a name of our own would end those that know `next` and
 * `complete` only. Such a stream cannot take another token; the client subscribes again with it.
 */
export function useExpiryWarning(callerOf: (request: Request) => Caller | undefined): Plugin {
  return {
    onResponse({ request, response, setResponse, fetchAPI }) {
      const caller = callerOf(request)
      const { body, status, headers } = response
      if (!caller || !body || !headers.get('content-type')?.startsWith('text/event-stream')) return
      setResponse(new fetchAPI.Response(withWarning(body, caller), { status, headers }))
    },
  }
}

function withWarning(body: ReadableStream<Uint8Array>, caller: Caller): ReadableStream<Uint8Array> {
  const events = body.getReader()
  const warning = new TextEncoder().encode(`: token_expiring ${caller.expiresAt.toISOString()}\n\n`)
  let due = false
  /** Between two events, where alone a comment may stand by itself. */
  let between = true
  let ring = () => {}
  const { cancel } = alarm(warningTime(caller), () => {
    due = true
    ring()
  })
  return new ReadableStream({
    start(controller) {
      ring = () => {
        if (!due || !between) return
        due = false
        controller.enqueue(warning)
      }
    },
    async pull(controller) {
      const { done, value } = await events.read()
      if (done) {
        cancel()
        return controller.close()
      }
      controller.enqueue(value)
      between = value.at(-1) === lineFeed && value.at(-2) === lineFeed
      ring()
    },
    async cancel(reason) {
      cancel()
      await events.cancel(reason)
    },
  })
}

const lineFeed = 10
