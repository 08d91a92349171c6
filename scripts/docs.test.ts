import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

describe('the table of invariants', () => {
  const rows = read('docs/invariants.md')
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line))

  it('is numbered without a gap', () => {
    expect(rows.map((row) => Number(row.split('|')[1]))).toEqual(rows.map((_, index) => index + 1))
  })

  it.each(rows)('names what exists and keeps it: %s', (row) => {
    const keepers = row.slice(row.indexOf('Enforced by: ')).matchAll(/`([^` ]+)`/g)
    const paths = [...keepers].map(([, path]) => path!)
    expect(paths).not.toEqual([])
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

const pages = ['README.md', 'k8s/README.md', 'docs/architecture.md', ...docsOf('docs/adr'), ...readmesOf('subgraphs')]

describe.each(pages)('%s', (page) => {
  it('links to what exists', () => {
    const targets = [...read(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target!)
    const here = targets.filter((target) => !target.includes('://'))
    expect(here.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })

  it('names folders of the repository that exist', () => {
    const named = [
      ...read(page).matchAll(/`((?:contracts|platform|gateway|subgraphs|local|test|docs|k8s)\/[\w./-]*)`/g),
    ]
    expect(named.map(([, path]) => path!).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

function docsOf(folder: string): string[] {
  return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)
}

function readmesOf(folder: string): string[] {
  return readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`)
}
