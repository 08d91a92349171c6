/**
 * A way to PostgreSQL on which a test can hold up what the server says to some of its clients, by their application
 * names: a bus that is late for those who read it, while those who write to it are not disturbed.
 */

import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'
import { freePort } from '@fundmesh/platform/testing/port'

export interface SlowBus {
  /** The server of the connection string, through here. The first one decides which server that is. */
  through(url: string): string
  /** From now on these clients hear nothing. */
  hold(applications: ReadonlySet<string>): void
  /** They hear what was held up, and all that follows. */
  release(): void
  close(): Promise<void>
}

export async function openSlowBus(): Promise<SlowBus> {
  const port = await freePort()
  const open = new Map<Socket, { readonly server: Socket; application?: string }>()
  let target: URL | undefined
  let held: ReadonlySet<string> = new Set()

  const settle = () => {
    for (const { server, application } of open.values()) {
      if (application !== undefined && held.has(application)) server.pause()
      else server.resume()
    }
  }

  const listener = createServer((client) => {
    const server = dial(Number(target!.port || 5432), target!.hostname)
    const connection: { readonly server: Socket; application?: string } = { server }
    open.set(client, connection)
    client.once('data', (startup) => {
      // The startup packet: names and values in turn, each ended by a zero byte.
      const words = startup.toString('latin1').split('\0')
      const application = words[words.indexOf('application_name') + 1]
      if (words.includes('application_name') && application !== undefined) connection.application = application
      settle()
    })
    // Not `pipe`, which would resume what was paused.
    client.on('data', (bytes) => server.write(bytes))
    server.on('data', (bytes) => client.write(bytes))
    const end = () => {
      open.delete(client)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', end).on('close', end)
  })
  listener.listen(port, '127.0.0.1')
  await once(listener, 'listening')

  return {
    through(text) {
      target ??= new URL(text)
      const url = new URL(text)
      url.hostname = '127.0.0.1'
      url.port = String(port)
      return url.href
    },
    hold(applications) {
      held = applications
      settle()
    },
    release() {
      held = new Set()
      settle()
    },
    async close() {
      for (const [client, { server }] of open) {
        client.destroy()
        server.destroy()
      }
      listener.close()
      await once(listener, 'close')
    },
  }
}
