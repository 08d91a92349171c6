import { composeServices } from '@apollo/composition'
import { Supergraph } from '@apollo/federation-internals'
import { parse } from 'graphql'
import { expect, it } from 'vitest'
import { unansweredPolicies } from './policy-names.ts'

it('names the policies of a graph that no Cedar policy answers for, also where the directive has another name', () => {
  const typeDefs = parse(`
    extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ name: "@policy", as: "@needs" }])
    type Query { a: String @needs(policies: [["known", "first"], ["second"]]) thing: Thing }
    type Thing @needs(policies: [["second"]]) { b: Int }`)
  const { supergraphSdl } = composeServices([{ name: 'one', url: 'http://one.example', typeDefs }])
  const supergraph = Supergraph.build(supergraphSdl!, { supportedFeatures: null })
  const found = unansweredPolicies(supergraph, new Set(['known']))
  expect(new Map([...found].map(([name, coordinates]) => [name, [...coordinates].sort()]))).toEqual(
    new Map([
      ['first', ['Query.a']],
      ['second', ['Query.a', 'Thing']],
    ]),
  )
})
