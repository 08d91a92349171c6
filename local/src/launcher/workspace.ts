/** Where things stand in the repository, and how one of its programs is started from here. */
import { fileURLToPath } from 'node:url'

/** The repository's root. From src/launcher and dist/launcher alike, it is three folders up. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/[\\/]$/, '')

const fromSource = import.meta.url.endsWith('.ts')

/**
 * Arguments of `node` for a program: `programArguments('subgraphs/fund', 'main')`. Source starts source and dist
 * starts dist; to be run with the repository's root as working directory, from where tsx is found.
 */
export function programArguments(workspace: string, program: string): readonly string[] {
  return fromSource
    ? ['--import', 'tsx', '--conditions=source', `${ROOT}/${workspace}/src/${program}.ts`]
    : [`${ROOT}/${workspace}/dist/${program}.js`]
}
