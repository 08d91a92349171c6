/**
 * `npm run -s token -- <tenant>`: a bearer token of a demo tenant on stdout, and nothing else.
 * IDENTITY_URL says where the identity provider is, if not where `npm start` puts it.
 */
import { addressFrom, CommandError, readArguments, runCommand } from './command-line.ts'
import { DEMO_TENANTS, HOUSE, tenantById } from './demo-tenants.ts'
import { secondsOf } from './identity/lifetime.ts'
import { DEFAULT_IDENTITY_URL, requestToken } from './identity/token-request.ts'

const USAGE = 'npm run -s token -- <tenant> [--scope <scopes>] [--ttl <900|30s|15m|1h>], or --list for the tenants'

await runCommand(async () => {
  const { values, positionals } = readArguments({
    scope: { type: 'string' },
    ttl: { type: 'string' },
    list: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return say(USAGE)
  if (values.list) {
    if (process.stderr.isTTY) {
      process.stderr.write(
        `Besides these, \`${HOUSE.id} --scope ${HOUSE.client.scopes[0]}\` administers entitlements.\n`,
      )
    }
    return say(DEMO_TENANTS.map(({ id }) => id).join('\n'))
  }
  const [id, ...more] = positionals
  if (!id || more.length > 0) throw new CommandError(`Name one tenant: ${USAGE}.`)
  const token = await requestToken({
    tenant: tenantById(id),
    identityUrl: addressFrom('IDENTITY_URL', DEFAULT_IDENTITY_URL),
    scope: values.scope,
    ttl: values.ttl === undefined ? undefined : secondsOf(values.ttl),
  })
  say(token)
})

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
