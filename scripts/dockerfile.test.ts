import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('..', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')

it('the Dockerfile copies the manifest of every workspace, without which npm ci refuses the lockfile', () => {
  const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] }
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, unknown> }
  const isWorkspace = (path: string) =>
    workspaces.some((pattern) => new RegExp(`^${pattern.replace('*', '[^/]+')}$`).test(path))
  const expected = Object.keys(lock.packages).filter(isWorkspace)
  const copied = [...read('Dockerfile').matchAll(/^COPY (\S+)\/package\.json \1\/$/gm)].map(([, path]) => path)
  expect(copied.sort()).toEqual(expected.sort())
})
