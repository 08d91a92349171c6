import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { render } from './render.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'render-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: fund }\nspec: { ports: [{ port: 1 }] }\n'

describe('rendering', () => {
  it('adds the namespace and the patches of the kind', () => {
    write({
      'kustomization.yaml':
        'namespace: here\nresources: [a.yaml]\npatches: [{ path: p.yaml, target: { kind: Service } }]\n',
      'a.yaml': `${service}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: here }\n`,
      'p.yaml':
        '- { op: add, path: /spec/ports/-, value: { port: 2 } }\n- { op: replace, path: /spec/ports/0/port, value: 3 }\n',
    })
    expect(render(folder)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'fund', namespace: 'here' },
        spec: { ports: [{ port: 3 }, { port: 2 }] },
      },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'here' } },
    ])
  })

  it.each([
    ['a field that it does not know', 'resources: []\nimages: []\n', 'and not "images"'],
    [
      'a target that it does not know',
      'resources: []\npatches: [{ path: p, target: { name: x } }]\n',
      'and not "name"',
    ],
    ['an inline patch', 'resources: []\npatches: [{ patch: "", target: { kind: x } }]\n', 'and not "patch"'],
  ])('refuses %s', (_, kustomization, message) => {
    write({ 'kustomization.yaml': kustomization })
    expect(() => render(folder)).toThrow(message)
  })

  it('refuses a file that is no object, or no YAML', () => {
    write({ 'kustomization.yaml': 'resources: [a.yaml]\n', 'a.yaml': 'just: this\n' })
    expect(() => render(folder)).toThrow('a.yaml: expected an object with apiVersion, kind and metadata.name')
    write({ 'a.yaml': 'a: [\n' })
    expect(() => render(folder)).toThrow('a.yaml: ')
  })

  it('refuses a patch to a place that is not there', () => {
    write({
      'kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: p.yaml, target: { kind: Service } }]\n',
      'a.yaml': service,
      'p.yaml': '- { op: add, path: /spec/template/spec/x, value: 1 }\n',
    })
    expect(() => render(folder)).toThrow('parent of /spec/template/spec/x')
  })
})
