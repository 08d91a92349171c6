import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operationsFolder, readTrustedDocuments } from '@fundmesh/contracts/operations'
import { buildSchema } from 'graphql'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { parse, stringify } from 'yaml'
import { type TestMesh, testMesh } from '../mesh.ts'
import { socketUrl } from '../streams.ts'

const committed = parse(readFileSync(new URL('../../contracts/access/audiences.yaml', import.meta.url), 'utf8')) as {
  audiences: object[]
}

/** The committed audiences, and before them two single tenants with rules of their own. */
const audiences = {
  audiences: [
    {
      name: 'birch',
      callers: [{ tenant: 'birch' }],
      exclude: ['internal'],
      documents: 'required',
      apps: ['dashboard'],
    },
    { name: 'cedar', callers: [{ tenant: 'cedar' }], exclude: ['internal'], introspection: 'off' },
    ...committed.audiences,
  ],
}
const documentId = (name: string) =>
  `sha256:${readTrustedDocuments(operationsFolder).find((document) => document.name === name)!.id}`

describe('views', () => {
  let mesh: TestMesh
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fundmesh-audiences-'))
    const file = join(folder, 'audiences.yaml')
    writeFileSync(file, stringify(audiences))
    mesh = await testMesh({ env: { gateway: { ACCESS_AUDIENCES: file } } })
  })
  afterAll(async () => {
    await mesh?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const authorization = async (tenant: string) => ({ authorization: `Bearer ${await mesh.token(tenant)}` })
  const download = async (tenant: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${mesh.urls.gateway}/schema.graphql`, { method, headers: { ...(await authorization(tenant)), ...headers } })
  const post = async (tenant: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${mesh.urls.gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await authorization(tenant)), ...headers },
      body: JSON.stringify(body),
    })
    return { status: response.status, text: await response.text() }
  }

  describe('the schema as a file', () => {
    it('is the caller’s view, without the machinery of federation', async () => {
      const [partner, internal] = await Promise.all([download('alder'), download('house')])
      expect([partner.status, internal.status]).toEqual([200, 200])
      const [seen, all] = [await partner.text(), await internal.text()]
      expect(buildSchema(seen).getMutationType()).toBeFalsy()
      expect(seen).not.toMatch(/registerTenant|GrantInput|join__|@tag/)
      expect(Object.keys(buildSchema(all).getMutationType()!.getFields())).toContain('registerTenant')
      expect(partner.headers.get('cache-control')).toContain('private')
      expect(partner.headers.get('vary')).toMatch(/authorization/i)
      const fromPage = await download('alder', { origin: mesh.urls.graphiql })
      expect(fromPage.headers.get('access-control-allow-origin')).toBe(mesh.urls.graphiql)
      expect(fromPage.headers.get('vary')).toMatch(/origin.*authorization/i)
    })

    it('is what introspection says', async () => {
      const { data } = await mesh.ask('alder', '{ __schema { types { name } } }')
      const names = data.__schema.types.map(({ name }: { name: string }) => name).sort()
      expect(Object.keys((await mesh.schemaOf('alder')).getTypeMap()).sort()).toEqual(names)
    })

    it('is not sent again to who has it, and is to who has another’s', async () => {
      const etag = (await download('alder')).headers.get('etag')!
      expect((await download('dogwood')).headers.get('etag')).toBe(etag)
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const answer = await download('alder', { 'if-none-match': known })
        expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', etag])
        expect(answer.headers.get('vary')).toMatch(/authorization/i)
      }
      expect((await download('house', { 'if-none-match': etag })).status).toBe(200)
    })

    it('is given to nobody without a token, by no other method, and not where introspection is off', async () => {
      expect((await fetch(`${mesh.urls.gateway}/schema.graphql`)).status).toBe(401)
      expect((await download('alder', {}, 'POST')).status).toBe(405)
      const head = await download('alder', {}, 'HEAD')
      expect([head.status, await head.text()]).toEqual([200, ''])
      expect((await download('cedar')).status).toBe(403)
    })
  })

  describe('a hidden name', () => {
    it.each<[string, string, string, (name: string) => object]>([
      ['a field', 'tenants', 'tenantz', (name) => ({ query: `{ ${name} { id } }` })],
      ['a mutation', 'revoke', 'rewoke', (name) => ({ query: `mutation { ${name}(grantId: "g") { epoch } }` })],
      [
        'a type, by introspection',
        'GrantReceipt',
        'GrantReceipu',
        (name) => ({ query: `{ __type(name: "${name}") { name } }` }),
      ],
      [
        'a type, in a fragment',
        'GrantReceipt',
        'GrantReceipu',
        (name) => ({ query: `{ me { ... on ${name} { id } } }` }),
      ],
      [
        'a type, of a variable',
        'RegisterTenantInput',
        'RegisterTenantInpuu',
        (name) => ({ query: `query ($x: ${name}) { me { id } }` }),
      ],
    ])('is to a partner as one that was never there: %s', async (_, hidden, never, request) => {
      const [one, other] = [await post('alder', request(hidden)), await post('alder', request(never))]
      const withoutNames = ({ status, text }: typeof one) => [
        status,
        text
          .replaceAll(hidden, '·')
          .replaceAll(never, '·')
          .replace(/"knownAt":"[^"]*"/, '')
          // What is left of the budget: a new window may begin between the two.
          .replace(/"remaining":\d+/, ''),
      ]
      expect(withoutNames(one)).toEqual(withoutNames(other))
    })

    it('is there for the asset manager’s own', async () => {
      const { data, errors } = await mesh.ask('house', '{ __type(name: "GrantReceipt") { name } }')
      expect([data, errors]).toEqual([{ __type: { name: 'GrantReceipt' } }, undefined])
    })

    it('is in no suggestion, and where introspection is off no other is either', async () => {
      expect((await post('alder', { query: '{ tenantss { id } }' })).text).toContain('Did you mean \\"tenant\\"?')
      const { text } = await post('cedar', { query: '{ tenantss { id } }' })
      expect(text).toContain('tenantss')
      expect(text).not.toContain('Did you mean')
      expect((await post('cedar', { query: '{ __schema { types { name } } }' })).text).toContain(
        'GRAPHQL_VALIDATION_FAILED',
      )
    })
  })

  describe('a trusted document', () => {
    const id = documentId('dashboard/share-classes.graphql')
    const adHoc = '{ shareClasses { nodes { id } } }'

    it('is answered by its id over POST and GET, in either form of asking', async () => {
      const asked = { documentId: id, variables: { first: 2 } }
      const byGet = await fetch(
        `${mesh.urls.gateway}/graphql?documentId=${encodeURIComponent(id)}&variables=${encodeURIComponent('{"first":2}')}`,
        { headers: await authorization('birch') },
      )
      const apollo = { extensions: { persistedQuery: { version: 1, sha256Hash: id.slice('sha256:'.length) } } }
      const texts = [
        (await post('birch', asked)).text,
        (await post('birch', { ...apollo, variables: asked.variables })).text,
        await byGet.text(),
      ]
      for (const text of texts) expect(JSON.parse(text).data.shareClasses.nodes).toHaveLength(2)
    })

    it('is the only thing answered where it is required, whatever the transport', async () => {
      const refused = 'TRUSTED_DOCUMENT_REQUIRED'
      const stream = 'subscription { navUpdates { __typename } }'
      const byGet = await fetch(`${mesh.urls.gateway}/graphql?query=${encodeURIComponent(adHoc)}`, {
        headers: await authorization('birch'),
      })
      expect(await byGet.text()).toContain(refused)
      expect((await post('birch', { query: adHoc })).text).toContain(refused)
      expect((await post('birch', { query: stream }, { accept: 'text/event-stream' })).text).toContain(refused)
      expect(JSON.stringify(await overSocket('birch', { query: stream }))).toContain(refused)
      expect(JSON.stringify(await overSocket('birch', { query: adHoc }))).toContain(refused)
      expect((await post('birch', { query: '{ __schema { types { name } } }' })).text).toContain(refused)
    })

    it('is answered over a socket', async () => {
      const answer = await overSocket('birch', { query: '', documentId: id, variables: { first: 1 } })
      expect(answer).toMatchObject({ data: { shareClasses: { nodes: [{ id: expect.any(String) }] } } })
    })

    it('of another audience’s app has the bytes of one that does not exist', async () => {
      const others = await post('birch', { documentId: documentId('console/tenants.graphql') })
      const nobodys = await post('birch', { documentId: `sha256:${'0'.repeat(64)}` })
      expect(others).toEqual(nobodys)
      expect(JSON.parse(others.text).errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND')
      expect((await post('house', { documentId: documentId('console/tenants.graphql') })).status).toBe(200)
    })
  })

  /** The first thing that a socket says to an operation. */
  async function overSocket(tenant: string, payload: { query: string } & Record<string, unknown>): Promise<unknown> {
    const client = createClient({
      url: socketUrl(mesh),
      webSocketImpl: WebSocket,
      connectionParams: await authorization(tenant),
      retryAttempts: 0,
    })
    try {
      return await new Promise((resolve) => {
        client.subscribe(payload, { next: resolve, error: resolve, complete: () => resolve(undefined) })
      })
    } finally {
      await client.dispose()
    }
  }
})
