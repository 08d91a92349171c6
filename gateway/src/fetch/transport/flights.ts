import { NoReply, type Reply, replyOf, type Sending } from './exchange.ts'

/**
 * Posts under way, each with those who wait for its reply. Who leaves takes nobody with them; with the last one the post
 * is given up. Nothing outlives a flight: no reply is kept, so none is stale.
 */
export interface Flights {
  /** The reply to the flight of this key, which `begin` begins where there is none; without a key, to one's own. */
  take(key: string | undefined, begin: () => Sending, signal: AbortSignal): Promise<Reply>
  /** Something was changed: whoever comes now is not given what was asked before. */
  forget(): void
}

interface Flight {
  readonly sending: Sending
  takers: number
  /** The first to read the reply has the value that was parsed; the others each one of their own, as it is merged in place. */
  read: boolean
}

export function flights(): Flights {
  const underWay = new Map<string, Flight>()

  const shared = (key: string, begin: () => Sending): Flight => {
    const before = underWay.get(key)
    if (before) return before
    const flight = { sending: begin(), takers: 0, read: false }
    underWay.set(key, flight)
    const landed = () => {
      if (underWay.get(key) === flight) underWay.delete(key)
    }
    flight.sending.reply.then(landed, landed)
    return flight
  }

  return {
    forget: () => underWay.clear(),
    take(key, begin, signal) {
      if (signal.aborted) return Promise.reject(nobodyWaits)
      const flight = key === undefined ? { sending: begin(), takers: 0, read: false } : shared(key, begin)
      flight.takers += 1
      // Not AbortSignal.any: it leaves something on the asker's signal for each fetch (nodejs/node#54614), and a stream asks
      // with one signal for as long as it lives.
      return new Promise((resolve, reject) => {
        const leave = () => {
          reject(nobodyWaits)
          flight.takers -= 1
          if (flight.takers > 0) return
          // Who comes now begins anew.
          if (key !== undefined && underWay.get(key) === flight) underWay.delete(key)
          flight.sending.cancel(nobodyWaits)
        }
        signal.addEventListener('abort', leave, { once: true })
        flight.sending.reply.then(
          (reply) => {
            signal.removeEventListener('abort', leave)
            resolve(flight.read ? replyOf(reply.status, reply.text) : reply)
            flight.read = true
          },
          (error) => {
            signal.removeEventListener('abort', leave)
            reject(error)
          },
        )
      })
    },
  }
}

const nobodyWaits = new NoReply('cancelled', 'nobody waits for it any more')
