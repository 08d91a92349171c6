import { readFileSync } from 'node:fs'
import { buildSchema, isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseRowContract, rowContract } from './rows.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('the contract about rows', () => {
  it('names entities and keys that the graph has, and every subgraph of it', () => {
    const schema = buildSchema(read('../graph/supergraph.graphql'), { assumeValidSDL: true, assumeValid: true })
    for (const [name, { key }] of rowContract.entities) {
      const type = schema.getType(name)
      expect(isObjectType(type) && String(type.getFields()[key]?.type)).toBe('ID!')
    }
    const { subgraphs } = parse(read('../../supergraph.yaml'))
    expect([...rowContract.fieldSets.keys()].sort()).toEqual(Object.keys(subgraphs).sort())
  })

  it('refuses what it does not know, with the place', () => {
    expect(() => parseRowContract('entities: { Fund: { kind: FUN, key: id } }\nsubgraphs: {}')).toThrow(
      /rows\.yaml: [\s\S]*entities\.Fund\.kind/,
    )
  })
})
