import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestMesh, testMesh } from '../mesh.ts'

describe('the public door', () => {
  let mesh: TestMesh
  beforeAll(async () => {
    mesh = await testMesh()
  })
  afterAll(() => mesh?.close())

  const post = (headers: Record<string, string>, body: unknown = { query: '{ me { id } }' }) =>
    fetch(`${mesh.urls.gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const authorized = async (tenant = 'alder') => ({ authorization: `Bearer ${await mesh.token(tenant)}` })

  it('answers 401 without a token, whatever the path and method', async () => {
    const { gateway } = mesh.urls
    const answers = await Promise.all([
      post({}),
      fetch(`${gateway}/graphql?query={me{id}}`),
      fetch(`${gateway}/graphql`, { headers: { accept: 'text/html' } }),
      fetch(`${gateway}/graphql`, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: '{"query":"subscription{navUpdates{__typename}}"}',
      }),
      fetch(`${gateway}/`),
      fetch(`${gateway}/anything`),
      fetch(`${gateway}/graphql/health`),
      fetch(`${gateway}/graphql?query={me{id}}&x=/health`),
    ])
    for (const answer of answers) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
      expect(await answer.json()).toEqual({
        errors: [{ message: 'A valid bearer token is required.', extensions: { code: 'UNAUTHENTICATED' } }],
      })
    }
  })

  it('tells a probe that it lives and is ready, without a token', async () => {
    for (const probe of ['health', 'ready']) {
      expect((await fetch(`${mesh.urls.gateway}/${probe}`)).status).toBe(200)
    }
  })

  it('refuses tokens that are not the issuer’s', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const claims = { tenant: 'alder', scope: '' }
    const token = (issuer: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'unknown' })
        .setSubject('alder-demo')
        .setIssuer(issuer)
        .setAudience('https://fundmesh.example/graphql')
        .setExpirationTime('5m')
        .sign(privateKey)
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ ...claims, sub: 'x', exp: 9999999999 })).toString('base64url')}.`
    const genuine = await mesh.token('alder')
    const [header, , signature] = genuine.split('.')
    const swapped = `${header}.${Buffer.from(JSON.stringify({ tenant: 'birch', exp: 9999999999 })).toString('base64url')}.${signature}`
    for (const bad of [
      await token(mesh.urls.identity),
      await token('https://other.example'),
      unsigned,
      swapped,
      'x',
      '',
    ]) {
      expect((await post({ authorization: `Bearer ${bad}` })).status).toBe(401)
    }
    expect((await post({ authorization: `Basic ${genuine}` })).status).toBe(401)
  })

  it('takes queries by POST and GET', async () => {
    const headers = await authorized()
    const byGet = await fetch(`${mesh.urls.gateway}/graphql?query=${encodeURIComponent('{ me { id } }')}`, { headers })
    for (const answer of [await post(headers), byGet]) {
      expect(answer.status).toBe(200)
      expect(await answer.json()).toMatchObject({ data: { me: { id: 'alder' } } })
    }
  })

  it('does not take a tenant from a header', async () => {
    const answer = await post({ ...(await authorized('birch')), 'x-tenant': 'alder', 'x-fundmesh-passport': 'forged' })
    expect(await answer.json()).toMatchObject({ data: { me: { id: 'birch' } } })
  })

  it('names the mistake in a bad request', async () => {
    const headers = await authorized()
    const codeOf = async (body: unknown) => {
      const answer = await post(headers, body)
      const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] }
      return [answer.status, errors[0]?.extensions.code]
    }
    expect(await codeOf({ query: '{ me {' })).toEqual([400, 'GRAPHQL_PARSE_FAILED'])
    expect(await codeOf({ query: '{ you }' })).toEqual([400, 'GRAPHQL_VALIDATION_FAILED'])
    expect(await codeOf({ query: '{ me { id } }', extensions: { knownAt: 'yesterday' } })).toEqual([
      400,
      'BAD_USER_INPUT',
    ])
    expect((await codeOf({ query: 7 }))[0]).toBe(400)
    expect((await codeOf('{'))[0]).toBe(400)
  })

  it('knows no administrator’s mutation for a tenant, and does nothing', async () => {
    const { errors } = await mesh.ask(
      'dogwood',
      'mutation { grant(input: { tenantId: "dogwood", resourceKind: FUND, resourceId: "tsp:i-fund" }) { epoch } }',
    )
    expect(errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' })
    expect((await mesh.ask('dogwood', '{ fund(id: "tsp:i-fund") { id } }')).data.fund).toBeNull()
  })

  it('leaves no subgraph open beside it', async () => {
    const token = await mesh.token('alder')
    for (const url of Object.values(mesh.urls.subgraphs)) {
      for (const headers of [{}, { authorization: `Bearer ${token}` }, { 'x-fundmesh-passport': token }] as Record<
        string,
        string
      >[]) {
        const answer = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: '{"query":"{ _service { sdl } }"}',
        })
        expect(answer.status).toBe(401)
        expect(await answer.text()).not.toContain('type ')
      }
    }
  })
})
