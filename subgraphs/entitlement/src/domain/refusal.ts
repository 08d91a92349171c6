/** A change that the rules do not allow: the caller's mistake. The message is safe to return. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
