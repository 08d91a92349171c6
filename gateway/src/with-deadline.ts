import { setDeadline } from './fetch/deadline.ts'
import type { QueryRoad } from './query.ts'

/**
 * Limits the time of an operation: what is not fetched by then is null with SUBGRAPH_TIMEOUT, and the rest is answered.
 * Who asks has a signal for each operation.
 */
export function withDeadline(road: QueryRoad, milliseconds: number): QueryRoad {
  return (operation, asking) => {
    setDeadline(asking.signal, milliseconds)
    return road(operation, asking)
  }
}
