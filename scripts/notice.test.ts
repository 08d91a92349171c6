import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('..', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')

/** Licences that ask for no more than to keep their text. */
const PERMISSIVE = /^\(?((MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0)( (AND|OR) )?)+\)?$/

it('NOTICE names every package whose licence asks for more than to keep its text', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { license?: string }> }
  const demanding = Object.entries(packages)
    .filter(([path, { license }]) => path.includes('node_modules/') && license && !PERMISSIVE.test(license))
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
  expect(demanding).toContain('@apollo/query-planner')
  const notice = read('NOTICE')
  // One name stands for the builds of a package for each platform.
  expect(demanding.filter((name) => !notice.includes(name.replace(/^(lightningcss)-.*/, '$1')))).toEqual([])
})
