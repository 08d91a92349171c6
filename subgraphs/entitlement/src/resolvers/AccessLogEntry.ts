import { idsOf } from '../audit/access-log.ts'
import type { AccessLogEntryResolvers } from '../generated/graphql.ts'

export const AccessLogEntry: AccessLogEntryResolvers = {
  id: ({ tenantId, position }) => `${tenantId}/${position}`,
  at: ({ body }) => body.at,
  kind: ({ body }) => body.kind as 'ANSWER',
  request: ({ body }) => body.request ?? null,
  subject: ({ body }) => body.subject,
  client: ({ body }) => body.client ?? null,
  channel: ({ body }) => body.channel ?? null,
  decision: ({ body }) => body.decision as 'ALLOWED',
  codes: ({ body }) => [...(body.codes ?? [])],
  denied: ({ body }) => [...(body.denied ?? [])],
  policies: ({ body }) => [...(body.policies ?? [])],
  delivered: ({ body }) => [...(body.delivered ?? [])],
  shareClassIds: (entry) => idsOf(entry, 'SHARE_CLASS'),
  fundIds: (entry) => idsOf(entry, 'FUND'),
  grantsVersion: ({ body }) => body.grantsVersion ?? null,
  rightsFingerprint: ({ body }) => body.rightsFingerprint ?? null,
  operationHash: ({ body }) => body.operationHash ?? null,
  operationName: ({ body }) => body.operationName ?? null,
  knownAt: ({ body }) => body.knownAt ?? null,
  count: ({ body }) => body.count ?? 1,
  change: ({ body: { table, before, after } }) =>
    table === undefined ? null : JSON.stringify({ table, before, after }),
  async grants(entry, _, { trail, loaders }) {
    const grants = await Promise.all((await trail.grantsOf(entry)).map((id) => loaders.grant.load(id)))
    return grants.filter((grant) => grant !== null)
  },
}
