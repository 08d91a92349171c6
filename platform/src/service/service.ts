/** A process that serves: it listens, and it drains. */
export interface Service {
  readonly name: string
  /** Opens the port. Rejects with one clear sentence where it cannot. */
  listen(): Promise<{ url: string }>
  /** Stops accepting, finishes what is in flight, closes what it opened. Idempotent. */
  drain(): Promise<void>
}
