import { type FieldDefinitionNode, Kind, parse } from 'graphql'
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

/** Lists whose length nothing tells before they are fetched, `Type.field`; a connection's own follow the field that returns it. */
function unsized(sdl: string): readonly string[] {
  return parse(sdl).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return []
    const owner = definition.name.value
    const has = (field: FieldDefinitionNode, name: string) => field.directives?.some((one) => one.name.value === name)
    return (definition.fields ?? [])
      .filter((field) => {
        const named = namedType(field.type)
        const multiplies = owner.endsWith('Connection')
          ? named.endsWith('Connection')
          : isList(field.type) || named.endsWith('Connection')
        return multiplies && !has(field, 'listSize') && !has(field, 'external')
      })
      .map((field) => `${owner}.${field.name.value}`)
  })
}

const isList = (node: TypeNode): boolean =>
  node.kind === Kind.LIST_TYPE || (node.type !== undefined && isList(node.type))

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

  it('says of every list and connection how long it may be, so that an operation has a cost before it runs', () => {
    expect(unsized(subgraphSdl(name))).toEqual([])
  })
})
