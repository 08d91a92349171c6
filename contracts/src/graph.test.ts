import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { type SubgraphName, subgraphSdl } from './graph.ts'

const SUBGRAPHS: readonly SubgraphName[] = ['fund', 'performance', 'risk', 'entitlement', 'marketplace']

/** What a reader of the schema meets: types, their fields, the values of enums, the directives and their arguments. */
interface Entry {
  readonly name: string
  readonly description: string
  /** The named type of a field; undefined of everything else. */
  readonly type: string | undefined
}

function entries(sdl: string): readonly Entry[] {
  return parse(sdl).definitions.flatMap((definition) => {
    if (!('name' in definition) || !definition.name || !('description' in definition)) return []
    const owner = definition.name.value
    const members = [
      ...('fields' in definition ? (definition.fields ?? []) : []),
      ...('values' in definition ? (definition.values ?? []) : []),
      ...('arguments' in definition ? (definition.arguments ?? []) : []),
    ]
    return [
      { name: owner, description: definition.description?.value ?? '', type: undefined },
      ...members.map((member) => ({
        name: `${owner}.${member.name.value}`,
        description: ('description' in member && member.description?.value) || '',
        type: 'type' in member ? namedType(member.type) : undefined,
      })),
    ]
  })
}

type TypeNode = { readonly kind: string; readonly type?: TypeNode; readonly name?: { readonly value: string } }
const namedType = (node: TypeNode): string => node.name?.value ?? namedType(node.type as TypeNode)

describe.each(SUBGRAPHS)('the SDL of %s', (name) => {
  const all = entries(subgraphSdl(name))

  it('describes every type, field, input field, enum value and directive', () => {
    expect(all.length).toBeGreaterThan(10)
    expect(all.filter(({ description }) => description.trim() === '').map((entry) => entry.name)).toEqual([])
  })

  it('names the unit of every decimal number', () => {
    const unit = /\bfraction\b|in (units of )?`\w*[cC]urrency`|[Nn]umber of/
    const numbers = all.filter(({ type }) => type === 'Decimal' || type === 'Fraction')
    expect(numbers.filter(({ description }) => !unit.test(description)).map((entry) => entry.name)).toEqual([])
  })
})
