import { UnderWay } from '../../under-way.ts'
import { whileAsked } from './askers.ts'
import { NoReply, type Receiver, type Reply, replyOf, type Sending } from './exchange.ts'

/**
 * Posts under way, each with those who wait for its reply. Who leaves takes nobody with them; with the last one the post
 * is given up. Nothing outlives a flight: no reply is kept, so none is stale.
 */
export interface Flights {
  /** The reply to the flight of this key, which `begin` begins where there is none; without a key, to one's own. */
  take(key: string | undefined, begin: (receiver: Receiver) => Sending, signal: AbortSignal): Promise<Reply>
  /** Something was changed: whoever comes now is not given what was asked before. */
  forget(): void
}

export function flights(): Flights {
  const underWay = new UnderWay<Flight>()
  return {
    take(key, begin, signal) {
      if (signal.aborted) return Promise.reject(nobodyWaits)
      let flight = key === undefined ? undefined : underWay.get(key)
      if (!flight) {
        flight = new Flight(key, underWay)
        flight.sending = begin(flight)
        if (key !== undefined) underWay.begin(key, flight)
      }
      const taken = flight
      return new Promise((resolve, reject) => new Taker(taken, signal, resolve, reject))
    },
    forget: () => underWay.forget(),
  }
}

const nobodyWaits = new NoReply('cancelled', 'nobody waits for it any more')

class Flight implements Receiver {
  sending: Sending | undefined
  readonly takers: Taker[] = []
  private readonly key: string | undefined
  private readonly underWay: UnderWay<Flight>

  constructor(key: string | undefined, underWay: UnderWay<Flight>) {
    this.key = key
    this.underWay = underWay
  }

  replied(reply: Reply): void {
    this.end()
    // The first has the value that was parsed; the others each one of their own, as it is merged in place.
    for (const [index, taker] of this.takers.entries())
      taker.replied(index === 0 ? reply : replyOf(reply.status, reply.text))
  }

  failed(reason: NoReply): void {
    this.end()
    for (const taker of this.takers) taker.failed(reason)
  }

  left(taker: Taker): void {
    this.takers.splice(this.takers.indexOf(taker), 1)
    if (this.takers.length > 0) return
    this.end()
    this.sending?.cancel(nobodyWaits)
  }

  /** Who comes now begins anew. */
  private end(): void {
    if (this.key !== undefined) this.underWay.end(this.key, this)
  }
}

class Taker implements Receiver {
  private readonly resolve: (reply: Reply) => void
  private readonly reject: (reason: NoReply) => void
  private readonly done: () => void

  constructor(flight: Flight, signal: AbortSignal, resolve: (reply: Reply) => void, reject: (reason: NoReply) => void) {
    this.resolve = resolve
    this.reject = reject
    flight.takers.push(this)
    this.done = whileAsked(signal, () => {
      reject(nobodyWaits)
      flight.left(this)
    })
  }

  replied(reply: Reply): void {
    this.done()
    this.resolve(reply)
  }

  failed(reason: NoReply): void {
    this.done()
    this.reject(reason)
  }
}
