/** The command line: `--supergraph file` and `--supergraph=file` stand for the setting SUPERGRAPH, and so each. */

/** The settings with those of the command line over them. Throws an Error that names what is not an option. */
export function withOptions(
  env: NodeJS.ProcessEnv,
  given: readonly string[],
  settings: readonly string[],
): NodeJS.ProcessEnv {
  const names = new Map(settings.map((setting) => [`--${setting.toLowerCase().replaceAll('_', '-')}`, setting]))
  const options: NodeJS.ProcessEnv = {}
  const rest = [...given]
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [name, inline] = split(argument)
    const setting = names.get(name)
    if (!setting) throw new Error(`${name} is no option; expected one of ${[...names.keys()].join(', ')}`)
    const value = inline ?? (rest[0]?.startsWith('--') ? undefined : rest.shift())
    if (value === undefined) throw new Error(`${name}: expected a value; got ${rest[0] ?? 'none'}`)
    options[setting] = value
  }
  return { ...env, ...options }
}

function split(argument: string): readonly [name: string, value: string | undefined] {
  const at = argument.indexOf('=')
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)]
}
