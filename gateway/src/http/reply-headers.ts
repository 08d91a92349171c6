import type { Plugin } from 'graphql-yoga'

/** Headers that the stages of a road add to its answer, and to its refusal. */
export function replyHeaders() {
  const added = new WeakMap<Request, Map<string, string>>()
  const plugin: Plugin = {
    onResponse({ request, response }) {
      for (const [name, value] of added.get(request) ?? []) {
        if (name === 'vary') response.headers.append(name, value)
        else response.headers.set(name, value)
      }
    },
  }
  return {
    plugin,
    of(request: Request): Map<string, string> {
      const headers = added.get(request) ?? new Map<string, string>()
      added.set(request, headers)
      return headers
    },
  }
}

/** Adds them to headers in the making, whose names are in lower case. */
export function addReplyHeaders(added: ReadonlyMap<string, string>, headers: Record<string, string | number>): void {
  for (const [name, value] of added)
    headers[name] = name === 'vary' && headers.vary ? `${headers.vary}, ${value}` : value
}
