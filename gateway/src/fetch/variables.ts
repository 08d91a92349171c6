import { type Data, own } from './data.ts'

/** Writes the variables of a request as JSON text. */
export class VariablesText {
  #text = ''

  /** Those of the operation that the request uses. */
  use(names: readonly string[], variables: Readonly<Data>): void {
    for (let index = 0; index < names.length; index += 1) {
      const value = own(variables, names[index]!)
      // One that was not given is not sent: null would be another answer than the default.
      if (value !== undefined) this.#add(names[index]!, JSON.stringify(value))
    }
  }

  /** Those of the request's own. */
  set(values: Readonly<Data>): void {
    for (const name in values) this.#add(name, JSON.stringify(values[name]))
  }

  list(name: string, texts: readonly string[]): void {
    this.#add(name, `[${texts.join(',')}]`)
  }

  toString(): string {
    return `{${this.#text}}`
  }

  #add(name: string, text: string): void {
    this.#text += this.#text === '' ? `"${name}":${text}` : `,"${name}":${text}`
  }
}
