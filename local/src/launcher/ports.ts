/** The ports of a mesh: what wants each, and the variable that moves it. */
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export const PORT_VARIABLES = {
  gateway: 'PORT',
  fund: 'FUND_PORT',
  performance: 'PERFORMANCE_PORT',
  risk: 'RISK_PORT',
  entitlement: 'ENTITLEMENT_PORT',
  marketplace: 'MARKETPLACE_PORT',
  dataApi: 'DATA_API_PORT',
  identity: 'IDENTITY_PORT',
  graphiql: 'GRAPHIQL_PORT',
  postgres: 'POSTGRES_PORT',
} as const

export type PortName = keyof typeof PORT_VARIABLES
export type Ports = Readonly<Record<PortName, number>>

const PORT_NAMES = Object.keys(PORT_VARIABLES) as PortName[]

export const DEFAULT_PORTS = Object.fromEntries(PORT_NAMES.map((name, index) => [name, 4000 + index])) as Ports

/** How long, in milliseconds, a mesh that is just ending gets to leave its ports. */
const PREDECESSOR_MS = 3_000

/** Rejects with one sentence that names each taken port and its variable. */
export async function checkPortsAreFree(ports: Partial<Ports>, host: string): Promise<void> {
  const deadline = Date.now() + PREDECESSOR_MS
  let taken = await takenOf(ports, host)
  while (taken.length > 0 && Date.now() < deadline) {
    await sleep(150)
    taken = await takenOf(ports, host)
  }
  if (taken.length === 0) return
  const list = taken.map((name) => `${ports[name]} (for ${name}; ${PORT_VARIABLES[name]} chooses another)`).join(', ')
  const hint = taken.length > 1 ? ' Is another Fundmesh running?' : ''
  throw new Error(`${taken.length > 1 ? 'These ports are' : 'This port is'} in use by another program: ${list}.${hint}`)
}

async function takenOf(ports: Partial<Ports>, host: string): Promise<readonly PortName[]> {
  const taken = await Promise.all(
    PORT_NAMES.map(async (name) => {
      const port = ports[name]
      return port !== undefined && (await isTaken(port, name === 'gateway' ? host : '127.0.0.1')) ? [name] : []
    }),
  )
  return taken.flat()
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(true) : reject(error),
    )
    server.listen(port, host, () => server.close(() => resolve(false)))
  })
}
