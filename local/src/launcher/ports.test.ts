import { once } from 'node:events'
import { createServer } from 'node:net'
import { freePort } from '@fundmesh/platform/testing/port'
import { expect, test } from 'vitest'
import { checkPortsAreFree, DEFAULT_PORTS } from './ports.ts'

test('the default ports are those of the developers’ page', () => {
  expect(DEFAULT_PORTS).toEqual({
    gateway: 4000,
    fund: 4001,
    performance: 4002,
    risk: 4003,
    entitlement: 4004,
    marketplace: 4005,
    dataApi: 4006,
    identity: 4007,
    graphiql: 4008,
    postgres: 4009,
  })
})

test('a port in use is named with the variable that moves it', async () => {
  const other = createServer().listen(await freePort(), '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const check = checkPortsAreFree({ fund: await freePort(), risk: port }, '127.0.0.1')
  await expect(check).rejects.toThrow(
    `This port is in use by another program: ${port} (for risk; RISK_PORT chooses another).`,
  )
  other.close()
})

test('a port that its owner is just leaving is waited for', async () => {
  const other = createServer().listen(await freePort(), '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  setTimeout(() => other.close(), 300)
  await checkPortsAreFree({ risk: port }, '127.0.0.1')
})
