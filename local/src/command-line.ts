/** What the commands of a developer's terminal share: options read, mistakes told in one sentence. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** An end of a command that is not a bug: its message is all that the person at the terminal needs. */
export class CommandError extends Error {
  override name = 'CommandError'
}

/** Runs a command: a CommandError becomes one line on stderr and exit code 1, a bug keeps its stack. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    process.stderr.write(`${error instanceof CommandError ? error.message : (error as Error).stack}\n`)
    process.exitCode = 1
  }
}

type Options = NonNullable<ParseArgsConfig['options']>
type Strict<O extends Options> = { options: O; allowPositionals: true; strict: true }

/** Options and positionals of the command line. Throws a CommandError that names the option it does not understand. */
export function readArguments<const O extends Options>(options: O): ReturnType<typeof parseArgs<Strict<O>>> {
  try {
    return parseArgs({ options, allowPositionals: true, strict: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw error
    throw new CommandError(message.split(/\. |\n/)[0]!.replace(/\.?$/, '.'), { cause: error })
  }
}

/** The address in an environment variable, or the default. Throws a CommandError that names the variable. */
export function addressFrom(variable: string, fallback: string): URL {
  const given = process.env[variable] || fallback
  if (!URL.canParse(given)) throw new CommandError(`${variable} is an address such as ${fallback}, not "${given}".`)
  return new URL(given)
}
