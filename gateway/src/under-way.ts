/** After so many entries their table is left behind. */
const renewal = 256

/**
 * What is under way, by key: a Map whose entries come and go without end. A V8 Map that has outgrown its table links the
 * old one to the new. Once one of them is in the old generation, every later table stays for the sake of it, with all it
 * ever held, until the next full collection; every tenth byte of a busy gateway was then copied in vain. A new Map now
 * and then cuts the chain.
 */
export class UnderWay<Value> {
  #entries = new Map<string, Value>()
  #begun = 0

  get(key: string): Value | undefined {
    return this.#entries.get(key)
  }

  begin(key: string, value: Value): void {
    this.#begun += 1
    if (this.#begun % renewal === 0) this.#entries = new Map(this.#entries)
    this.#entries.set(key, value)
  }

  /** Without effect where something else is under way by now. */
  end(key: string, value: Value): void {
    if (this.#entries.get(key) === value) this.#entries.delete(key)
  }

  /** Nobody joins what is under way. */
  forget(): void {
    this.#entries = new Map()
  }
}
