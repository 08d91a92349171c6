import { Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { selectedPaths } from './selected-path.ts'

const document = parse(
  '{ one: fund { id ...F } fund { list { name } } gone @skip(if: true) { x } } fragment F on Fund { ... on Fund { deep: inner { x } } }',
)
const definition = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
const fragments = Object.fromEntries(
  document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
)
const selected = selectedPaths({ definition, fragments, variables: {} })

describe('the path of an error', () => {
  it.each<[string, (string | number)[], (string | number)[]]>([
    ['is whole where the client selected it', ['fund', 'list', 3, 'name'], ['fund', 'list', 3, 'name']],
    ['is whole through fragments and aliases', ['one', 'deep', 'x'], ['one', 'deep', 'x']],
    ['ends before a field that only the plan asked for', ['fund', 'list', 3, 'secretKey'], ['fund', 'list', 3]],
    ['ends before a field that is selected under another name', ['one', 'inner', 'x'], ['one']],
    ['ends before a field that is selected elsewhere', ['one', 'list', 0, 'name'], ['one']],
    ['ends before a field that was skipped', ['gone', 'x'], []],
    ['is empty where nothing of it was asked', ['hidden', 0], []],
  ])('%s', (_, path, expected) => {
    expect(selected(path)).toEqual(expected)
  })
})
