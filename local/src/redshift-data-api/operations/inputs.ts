import { z } from 'zod'

/** Members that several operations share, with the bounds that the API documents. */

export const waitTimeSeconds = z.number().int().min(0).max(30).optional()

export const statementId = z.string()

export const nextToken = z.string().min(1).optional()

export const statementName = z.string().max(500)

export const sql = z.string().refine((text) => text.trim() !== '', 'expected an SQL statement, got an empty text')

/** Features of the real service that this one does not have; asking for one is refused rather than ignored. */
const absent = z.undefined('not supported by the local Data API').optional()

/** What ExecuteStatement and BatchExecuteStatement have in common. */
export const submission = z.object({
  Database: z.string(),
  SecretArn: z.string(),
  WorkgroupName: z.string('Either ClusterIdentifier or WorkgroupName needs to be specified.'),
  StatementName: statementName.optional(),
  Parameters: z
    .array(z.object({ name: z.string().regex(/^[0-9a-zA-Z_]+$/), value: z.string() }))
    .min(1)
    .optional(),
  ClientToken: z.string().min(1).max(64).optional(),
  WaitTimeSeconds: waitTimeSeconds,
  ResultFormat: z.literal('JSON', 'only JSON is supported by the local Data API').optional(),
  WithEvent: z.literal(false, 'events are not supported by the local Data API').optional(),
  ClusterIdentifier: absent,
  DbUser: absent,
  SessionId: absent,
  SessionKeepAliveSeconds: absent,
})
