/**
 * Which fetches of a plan go together in one request: those that one step asks of one subgraph for entities. A fetch's
 * step is the length of the longest chain before it; what nothing waits for may also go with a later step's request to
 * its subgraph. So a request waits for no longer chain than the plan has anyhow.
 */
import type { OrderedFetch } from './plan-order.ts'

/** Places of fetches in the list, by request. */
export function together(fetches: readonly OrderedFetch[]): readonly (readonly number[])[] {
  const alone = fetches.map((_, index) => [index])
  // What changes something, and what follows it, keeps the order and the number of requests that the plan gave it.
  if (fetches.some(({ node }) => node.operationKind !== 'query')) return alone

  const steps: number[] = []
  for (const [index, { after }] of fetches.entries()) steps[index] = Math.max(-1, ...after.map((at) => steps[at]!)) + 1
  const awaited = new Set(fetches.flatMap(({ after }) => after))

  const requests = new Map<string, number[]>()
  const single: number[][] = []
  const last = Math.max(-1, ...steps)
  const keyOf = (step: number, subgraph: string) => `${step} ${subgraph}`
  // From the last step to the first: a later step's requests are known when an earlier fetch looks for one.
  for (let step = last; step >= 0; step -= 1) {
    const here = fetches.flatMap((fetch, index) => (steps[index] === step ? [{ fetch, index }] : []))
    for (const { fetch, index } of here) {
      const { node } = fetch
      if (!node.requires || node.contextRewrites?.length) {
        single.push([index])
        continue
      }
      let at = step
      if (!awaited.has(index))
        for (let later = step + 1; later <= last && at === step; later += 1)
          if (requests.has(keyOf(later, node.serviceName))) at = later
      const key = keyOf(at, node.serviceName)
      const request = requests.get(key)
      if (request) request.push(index)
      else requests.set(key, [index])
    }
  }
  return [...single, ...requests.values()].map((places) => places.sort((a, b) => a - b)).sort(([a], [b]) => a! - b!)
}
