/** A file, or a command, that is refused whole: nothing was changed. The message is one sentence for a person. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
