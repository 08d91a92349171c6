/** A topic that was never ensured: the caller's mistake, which waiting for it would hide. */
export class UnknownTopic extends Error {
  override readonly name = 'UnknownTopic'

  constructor(topic: string) {
    super(`the topic ${topic} does not exist`)
  }
}
