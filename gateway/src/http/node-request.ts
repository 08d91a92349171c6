import type { IncomingMessage } from 'node:http'

/** node's own request behind the one that yoga's plugins are given. */
export const nodeRequest = (serverContext: unknown) => (serverContext as { req: IncomingMessage }).req
