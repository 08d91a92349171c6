import type { QueryRoad } from './query.ts'

/**
 * Ends the fetches of an operation when its time is over: their places are null with SUBGRAPH_TIMEOUT, and what was
 * fetched by then is answered. Not AbortSignal.any: nodejs/node#54614.
 */
export function withDeadline(road: QueryRoad, milliseconds: number): QueryRoad {
  return async (operation, asking) => {
    const time = new AbortController()
    const gone = () => time.abort(asking.signal.reason)
    const timer = setTimeout(
      () => time.abort(new DOMException(`the request's ${milliseconds} ms are over`, 'TimeoutError')),
      milliseconds,
    )
    asking.signal.addEventListener('abort', gone, { once: true })
    if (asking.signal.aborted) gone()
    try {
      return await road(operation, { ...asking, signal: time.signal })
    } finally {
      clearTimeout(timer)
      asking.signal.removeEventListener('abort', gone)
    }
  }
}
