import type { Plugin } from 'graphql-yoga'

/** Headers that the stages of a road add to its answer, and to its refusal. */
export function replyHeaders() {
  const added = new WeakMap<Request, Map<string, string>>()
  const plugin: Plugin = {
    onResponse({ request, response }) {
      for (const [name, value] of added.get(request) ?? []) response.headers.set(name, value)
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
