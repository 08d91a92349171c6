import { type Data, own } from './data.ts'

/** The variables of a request as JSON text: the operation's that it uses, its own, and the representations. */
export function variablesText(
  names: readonly string[],
  variables: Readonly<Data>,
  values: Readonly<Data> | undefined,
  representations: readonly string[] | undefined,
): string {
  let text = ''
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index]!
    const value = own(variables, name)
    // One that was not given is not sent: null would be another answer than the default.
    if (value !== undefined) text += `${text === '' ? '' : ','}"${name}":${JSON.stringify(value)}`
  }
  for (const name in values) text += `${text === '' ? '' : ','}"${name}":${JSON.stringify(values[name])}`
  if (representations) text += `${text === '' ? '' : ','}"representations":[${representations.join(',')}]`
  return `{${text}}`
}
