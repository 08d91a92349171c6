/** Our rendering against the real one, where a kustomize or kubectl is installed. */
import { execFileSync } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { type KubernetesObject, nameOf } from './objects.ts'

const BUILDERS: readonly (readonly [string, ...string[]])[] = [
  ['kustomize', 'build'],
  ['kubectl', 'kustomize'],
]

/** What the first builder on PATH makes of a folder; null where there is none. Throws what a builder complains of. */
export function buildWithKustomize(folder: string): { builder: string; objects: KubernetesObject[] } | null {
  for (const [command, verb] of BUILDERS) {
    try {
      const text = execFileSync(command, [verb as string, folder], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      return { builder: `${command} ${verb}`, objects: parseAllDocuments(text).map((document) => document.toJS()) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return null
}

/** The differences between two renderings, whatever the order of their objects. */
export function differences(ours: readonly KubernetesObject[], theirs: readonly KubernetesObject[]): string[] {
  const byName = (objects: readonly KubernetesObject[]) => new Map(objects.map((object) => [nameOf(object), object]))
  const [own, real] = [byName(ours), byName(theirs)]
  return [...new Set([...own.keys(), ...real.keys()])]
    .filter((name) => !isDeepStrictEqual(own.get(name), real.get(name)))
    .map((name) => `${name}: kustomize renders it differently`)
}
