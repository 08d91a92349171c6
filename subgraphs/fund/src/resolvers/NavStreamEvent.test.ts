import { subgraphSdl } from '@fundmesh/contracts/graph'
import { cursorCodec } from '@fundmesh/platform/service/cursor'
import { subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { fakeReader } from '@fundmesh/platform/testing/fake-reader'
import { execute, parse } from 'graphql'
import { expect, it } from 'vitest'
import { createContext } from '../context.ts'
import type { NavEvent } from '../events.ts'
import { shareClassRow } from '../testing/rows.ts'
import { resolvers } from './index.ts'

const event: NavEvent = {
  __typename: 'NavUpdate',
  shareClassId: 'tsp:c-fund',
  sequence: 7,
  navDate: '2024-01-15',
  navPrice: '26.662',
  priceCurrency: 'USD',
  priceNature: 'INDICATIVE',
  recordedAt: '2024-01-16T01:02:03.456Z',
}

async function resolve(navUpdates: NavEvent, visible: boolean) {
  const reader = fakeReader({ 'shareClass.byId': () => [shareClassRow('c-fund')] }, { sees: () => visible })
  const caller = {
    tenant: 'alder',
    subject: 'client',
    client: 'test',
    scopes: new Set<string>(),
    expiresAt: new Date(),
  }
  const result = await execute({
    schema: subgraphSchema(subgraphSdl('fund'), resolvers),
    document: parse(`subscription { navUpdates {
      __typename
      ... on NavTick { shareClass { name } sequence navPrice priceNature recordedAt }
      ... on NavSnapshot { navDate } } }`),
    rootValue: { navUpdates },
    contextValue: createContext(
      { caller, channel: 'GRAPHQL', atLeastEpoch: 0, knownAt: '2024-01-16T18:00:00.000Z' },
      () => reader,
      cursorCodec('a secret that is at least thirty-two characters'),
    ),
  })
  return JSON.parse(JSON.stringify(result.data?.navUpdates))
}

it('an event is what it says it is, with its share class', async () => {
  const served = { sequence: 7, navPrice: '26.662', priceNature: 'INDICATIVE', recordedAt: '2024-01-16T01:02:03.456Z' }
  const shareClass = { name: 'Fund c-fund' }
  expect(await resolve(event, true)).toEqual({ __typename: 'NavUpdate', shareClass, ...served })
  expect(await resolve({ ...event, __typename: 'NavSnapshot' }, true)).toEqual({
    __typename: 'NavSnapshot',
    shareClass,
    ...served,
    navDate: '2024-01-15',
  })
})

it('the share class is null where the caller can see it no longer', async () => {
  expect((await resolve(event, false)).shareClass).toBeNull()
})
