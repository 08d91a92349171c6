import type { Adapter } from './adapter.ts'
import { amfi } from './adapters/amfi.ts'
import { ecb } from './adapters/ecb.ts'
import { tsp } from './adapters/tsp.ts'
import { Refusal } from './refusal.ts'

const adapters: Readonly<Record<string, Adapter>> = { tsp, amfi, ecb }

/** The names of the sources that can be ingested. */
export const sourceNames: readonly string[] = Object.keys(adapters)

/** The adapter of a source; throws a Refusal for a name that is none. */
export function adapterOf(source: string): Adapter {
  const adapter = Object.hasOwn(adapters, source) ? adapters[source] : undefined
  if (!adapter) throw new Refusal(`unknown source ${JSON.stringify(source)}: expected one of ${sourceNames.join(', ')}`)
  return adapter
}
