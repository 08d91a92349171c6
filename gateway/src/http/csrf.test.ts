import { fileURLToPath } from 'node:url'
import { httpService } from '@fundmesh/platform/service/http-service'
import type { Service } from '@fundmesh/platform/service/service'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { afterEach, describe, expect, it } from 'vitest'
import { unheard } from '../audit/testing.ts'
import { open } from '../identity/enter.ts'
import { loadSupergraph } from '../supergraph/supergraph.ts'
import { openViews } from '../view/views.ts'
import { httpHandler } from './http.ts'

const supergraphFile = fileURLToPath(new URL('../../../contracts/graph/supergraph.graphql', import.meta.url))
const log = createLogger('test', 'silent')

describe('a door that lets anybody in', () => {
  let service: Service
  afterEach(() => service.drain())

  const ask = async (headers: Record<string, string>, csrfPrevention = true) => {
    service = httpService({
      name: 'gateway',
      host: '127.0.0.1',
      port: 0,
      handler: httpHandler({
        enter: open,
        views: openViews(loadSupergraph(supergraphFile, new Map()), log),
        answer: async () => ({ data: { answered: true } }),
        audit: unheard,
        corsOrigins: [],
        csrfPrevention,
        log,
      }),
      ready: async () => {},
      close: async () => {},
      log,
    })
    const { url } = await service.listen()
    const answer = await fetch(`${url}/graphql?query={answered}`, { headers })
    const { errors } = (await answer.json()) as { errors?: { extensions: { code: string } }[] }
    return [answer.status, errors?.[0]?.extensions.code]
  }

  it('refuses a GET that any page could send', async () => {
    expect(await ask({ accept: 'application/json', 'accept-language': 'en' })).toEqual([400, 'CSRF_PREVENTED'])
  })

  it.each([
    { 'graphql-require-preflight': '1' },
    { 'apollo-require-preflight': 'true' },
    { 'x-apollo-operation-name': 'Answered' },
    { 'content-type': 'application/json' },
    { authorization: 'Bearer of somebody' },
  ] as Record<string, string>[])('answers one that a browser had to ask about: %j', async (headers) => {
    expect(await ask(headers)).toEqual([200, undefined])
  })

  it('answers any where prevention is off', async () => {
    expect(await ask({}, false)).toEqual([200, undefined])
  })
})
