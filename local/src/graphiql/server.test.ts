import { readFileSync } from 'node:fs'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { buildSchema, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandError } from '../command-line.ts'
import { NAV_EVENTS } from '../watch/event-line.ts'
import { SAMPLE_QUERY, SAMPLE_SUBSCRIPTION } from './sample-operations.ts'
import { type GraphiQLServer, startGraphiQL } from './server.ts'

let server: GraphiQLServer
let providerIsAway = false

beforeAll(async () => {
  server = await startGraphiQL({
    host: '127.0.0.1',
    port: 0,
    gatewayUrl: 'http://127.0.0.1:4000/graphql',
    token: async (tenant) => {
      if (providerIsAway) throw new CommandError('No identity provider answers.')
      return `token-of-${tenant}`
    },
    log: createLogger('graphiql', 'silent'),
  })
})

afterAll(() => server.close())

const get = (path: string, init?: RequestInit) => fetch(new URL(path, server.url), { redirect: 'manual', ...init })

describe('the GraphiQL page', () => {
  it('asks the gateway as the tenant of its address, streams over SSE, and lets one choose another', async () => {
    const page = await (await get('/?tenant=birch')).text()
    expect(page).toContain('"endpoint":"http://127.0.0.1:4000/graphql"')
    expect(page).toContain('"subscriptionsProtocol":"SSE"')
    expect(page).toContain('Bearer token-of-birch')
    expect(page).toContain('<strong aria-current="page">Birch Insurance</strong>')
    for (const other of ['alder', 'cedar', 'dogwood']) expect(page).toContain(`<a href="/?tenant=${other}">`)
  })

  it('loads nothing from elsewhere, and the browser is told to allow nothing else', async () => {
    const response = await get('/?tenant=alder')
    const page = await response.text()
    const markup = page.replaceAll(/<script>[\s\S]*?<\/script>/g, '').replaceAll(/<style>[\s\S]*?<\/style>/g, '')
    const loaded = [...markup.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, address]) => address!)
    expect(loaded.filter((address) => !/^(data:|\/\?tenant=)/.test(address))).toEqual([])
    for (const [style] of page.matchAll(/<style>[\s\S]*?<\/style>/g)) {
      expect(style).not.toMatch(/@import|url\(\s*["']?(?!data:|#)/)
    }
    const policy = response.headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain('connect-src http://127.0.0.1:4000;')
    expect(policy.match(/https?:\/\/[^;\s]+/g)).toEqual(['http://127.0.0.1:4000'])
  })

  it('leads to the first tenant where none is named, and refuses one that does not exist', async () => {
    expect((await get('/')).headers.get('location')).toBe('/?tenant=alder')
    const unknown = await get('/?tenant=elm')
    expect(unknown.status).toBe(404)
    expect(await unknown.text()).toBe('There is no such demo tenant; there are alder, birch, cedar, dogwood.')
    expect((await get('/?tenant=house')).status).toBe(404)
  })

  it('serves one page and nothing else', async () => {
    expect((await get('/favicon.ico')).status).toBe(404)
    expect((await get('/?tenant=alder', { method: 'POST' })).status).toBe(405)
    const head = await get('/?tenant=alder', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('says in a sentence why it has no token', async () => {
    providerIsAway = true
    const response = await get('/?tenant=alder')
    providerIsAway = false
    expect([response.status, await response.text()]).toEqual([503, 'No identity provider answers.'])
  })

  it.each([SAMPLE_QUERY, SAMPLE_SUBSCRIPTION, NAV_EVENTS])(
    'offers operations that the graph understands',
    (operation) => {
      const supergraph = new URL('../../../contracts/graph/supergraph.graphql', import.meta.url)
      expect(validate(buildSchema(readFileSync(supergraph, 'utf8')), parse(operation))).toEqual([])
    },
  )
})
