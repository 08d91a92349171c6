/** The ways in which a case is asked, and the bytes that came back: all of them, headers and frames included. */
import { Agent, request } from 'node:http'
import { WebSocket } from 'ws'

export interface Reply {
  readonly status: number
  /** Head and body, or every frame of a stream. */
  readonly text: string
}

export interface HttpQuestion {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Of an answer that does not end by itself: milliseconds after which it is left. */
  readonly leaveAfterMs?: number
}

/** A question that is not answered by then never will be. */
const patienceMs = 180_000

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export function http({ url, method, headers, body, leaveAfterMs }: HttpQuestion): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let status = 0
    const parts: string[] = []
    const done = () => {
      clearTimeout(timer)
      resolve({ status, text: parts.join('\n') })
    }
    const asked = request(url, { agent, method, headers }, (response) => {
      status = response.statusCode!
      parts.push(JSON.stringify(response.headers))
      response.setEncoding('utf8').on('data', (part: string) => parts.push(part))
      response.once('end', done).once('error', failed)
    })
    const failed = (error: Error) => {
      clearTimeout(timer)
      reject(error)
    }
    // Also where nothing has come yet: a stream's head may come with its first event.
    const timer = setTimeout(() => {
      asked.removeListener('error', failed).on('error', () => {})
      asked.destroy()
      if (leaveAfterMs === undefined) reject(new Error(`${url} did not answer`))
      else done()
    }, leaveAfterMs ?? patienceMs)
    asked.once('error', failed)
    asked.end(body)
  })
}

export interface Socket {
  /** Asks, and takes what comes until the operation is complete or the time is over. */
  ask(payload: object, leaveAfterMs: number): Promise<Reply>
  /** Opens a stream; every frame is told. */
  follow(payload: object, onFrame: (text: string) => void): void
  /** Comes with another token. */
  renew(token: string): void
  close(): void
}

/** A graphql-transport-ws connection of one caller, spoken by hand so that every byte is seen. */
export async function openSocket(
  gateway: string,
  token: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Socket> {
  const socket = new WebSocket(`${gateway.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  const listeners = new Map<string, (type: string, text: string) => void>()
  const waiting = new Set<() => void>()
  let count = 0
  socket.on('error', () => {})
  socket.once('close', () => {
    for (const end of waiting) end()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)))
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
    )
    socket.on('message', (data) => {
      const text = String(data)
      const { type, id } = JSON.parse(text) as { type: string; id?: string }
      if (type === 'connection_ack') resolve()
      else if (type === 'ping') socket.send('{"type":"pong"}')
      else if (id !== undefined) listeners.get(id)?.(type, text)
    })
  })
  const send = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  return {
    ask(payload, leaveAfterMs) {
      const id = String(++count)
      const frames: string[] = []
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          listeners.delete(id)
          waiting.delete(end)
          resolve({ status: 200, text: frames.join('\n') })
        }
        const timer = setTimeout(() => {
          send({ id, type: 'complete' })
          end()
        }, leaveAfterMs)
        listeners.set(id, (type, text) => {
          frames.push(text)
          if (type === 'complete' || type === 'error') end()
        })
        waiting.add(end)
        if (socket.readyState === socket.OPEN) send({ id, type: 'subscribe', payload })
        else end()
      })
    },
    follow(payload, onFrame) {
      const id = String(++count)
      listeners.set(id, (_, text) => onFrame(text))
      send({ id, type: 'subscribe', payload })
    },
    renew: (other) => send({ type: 'ping', payload: { authorization: `Bearer ${other}` } }),
    close: () => socket.terminate(),
  }
}
