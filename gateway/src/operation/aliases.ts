/**
 * Client aliases are renamed before planning and restored in the answer. The planner reads keys and `__typename` under
 * their own names from the merged data: a client's alias of that name would stand in their place.
 */
import { type DocumentNode, Kind, visit } from 'graphql'
import { isAuditName } from '../audit/resources.ts'

const prefix = '_fm_'

/** The document with every alias made unmistakable. */
export const renameAliases = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Field: (node) =>
      node.alias ? { ...node, alias: { kind: Kind.NAME, value: prefix + node.alias.value } } : undefined,
  })

const restoreName = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name)

/** The data under the names that the client chose. */
export function restoreAliases(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(restoreAliases)
  if (data === null || typeof data !== 'object') return data
  // A null prototype: a client may choose `__proto__` as a name.
  const restored: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(data)) {
    if (isAuditName(name)) continue
    restored[restoreName(name)] = restoreAliases((data as Record<string, unknown>)[name])
  }
  return restored
}

/** An error's path in the client's names. */
export const restorePath = (path: readonly (string | number)[] | undefined) =>
  path?.map((step) => (typeof step === 'string' ? restoreName(step) : step))
