import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from './http-listener.ts'
import { type IdentityProvider, startIdentityProvider } from './identity/provider.ts'

let folder: string
let identity: IdentityProvider
/** An address at which nothing listens. */
let nowhere: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'token-'))
  const keysFile = path.join(folder, 'keys.json')
  const log = createLogger('identity', 'silent')
  identity = await startIdentityProvider({ host: '127.0.0.1', port: 0, keysFile, log })
  const gone = await listen(createServer(), { host: '127.0.0.1', port: 0, what: 'Nobody' })
  nowhere = gone.url
  await gone.close()
})

afterAll(async () => {
  await identity.close()
  await rm(folder, { recursive: true })
})

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function token(args: readonly string[], identityUrl = identity.issuer): Promise<Outcome> {
  const script = path.join(import.meta.dirname, 'token.ts')
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', '--conditions=source', script, ...args],
      { env: { ...process.env, IDENTITY_URL: identityUrl } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

describe('the token command', () => {
  it('prints a token of the tenant and nothing else', async () => {
    const { code, stdout, stderr } = await token(['cedar', '--ttl', '1h'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const { tenant, iat, exp } = decodeJwt(stdout.trim())
    expect(tenant).toBe('cedar')
    expect(exp! - iat!).toBe(3600)
  })

  it('gives the house its scope', async () => {
    const { stdout } = await token(['house', '--scope', 'entitlement:admin'])
    expect(decodeJwt(stdout.trim())).toMatchObject({ tenant: 'house', scope: 'entitlement:admin' })
  })

  it('lists the four demo tenants, one a line, without asking the provider', async () => {
    expect(await token(['--list'], nowhere)).toEqual({
      code: 0,
      stdout: 'alder\nbirch\ncedar\ndogwood\n',
      stderr: '',
    })
  })

  it.each([
    [['elm'], 'There is no demo tenant "elm"; there are alder, birch, cedar, dogwood, house.'],
    [[], 'Name one tenant: npm run -s token -- <tenant>'],
    [['alder', 'birch'], 'Name one tenant: npm run -s token -- <tenant>'],
    [['alder', '--tll', '900'], "Unknown option '--tll'."],
    [['alder', '--ttl'], "Option '--ttl <value>' argument missing."],
    [['alder', '--ttl', 'soon'], 'A lifetime is seconds, or a number with s, m or h (900, 30s, 15m, 1h), not "soon".'],
    [['alder', '--ttl', '2h'], 'refused: ttl is a whole number of seconds from 1 to 3600, not "7200".'],
    [
      ['alder', '--scope', 'entitlement:admin'],
      'refused: the client alder-demo may not have the scope entitlement:admin',
    ],
  ])('answers %j with one sentence on stderr and exit code 1', async (args, sentence) => {
    const { code, stdout, stderr } = await token(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).toMatch(/^[^\n]+\.\n$/)
  })

  it('says how to start the graph when no provider answers', async () => {
    expect(await token(['alder'], nowhere)).toEqual({
      code: 1,
      stdout: '',
      stderr: `No identity provider answers at ${nowhere}: start the graph with \`npm start\`.\n`,
    })
  })

  it('names the variable that is no address', async () => {
    const { stderr } = await token(['alder'], 'nonsense')
    expect(stderr).toBe('IDENTITY_URL is an address such as http://127.0.0.1:4007, not "nonsense".\n')
  })
})
