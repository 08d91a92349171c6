import type { Plugin } from 'graphql-yoga'
import { codedError } from '../errors/catalogue.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/**
 * Refuses bytes that are no UTF-8, in a body and in a query string. The platform's own readers put U+FFFD in their place:
 * what is then asked is not what was sent.
 */
export function useStrictText(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (request.method === 'GET') decoded(request.url)
      if (!requestParser || !request.body) return
      setRequestParser(async (sent) => {
        const text = decoded(await sent.arrayBuffer())
        return requestParser(withText(sent, text))
      })
    },
  }
}

function decoded(sent: string | ArrayBuffer): string {
  try {
    return typeof sent === 'string' ? decodeURIComponent(sent) : utf8.decode(sent)
  } catch {
    throw codedError('BAD_REQUEST', `${typeof sent === 'string' ? 'query string' : 'body'}: expected UTF-8`)
  }
}

/** The request as yoga's parsers read it. */
const withText = (request: Request, text: string): Request =>
  new Proxy(request, {
    get: (target, property) => {
      if (property === 'text') return async () => text
      if (property === 'json') return async () => JSON.parse(text)
      return Reflect.get(target, property, target)
    },
  })
