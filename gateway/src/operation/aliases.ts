/**
 * Client aliases are renamed before planning and restored in the answer. The planner reads keys and `__typename` under
 * their own names from the merged data: a client's alias of that name would stand in their place.
 */
import { type DocumentNode, Kind, visit } from 'graphql'

const prefix = '_fm_'

/** How the names begin that a plan gives by itself: for keys, types and required fields. */
const ours = /^_(fm|audit)/

/**
 * The document with every alias made unmistakable; so is a field of the graph whose name begins as ours do. An alias that
 * is the field's own name is none: the two are one field.
 */
export const renameAliases = (document: DocumentNode): DocumentNode =>
  visit(document, {
    Field({ alias, ...field }) {
      const { value } = alias ?? field.name
      if (value !== field.name.value || ours.test(value))
        return { ...field, alias: { kind: Kind.NAME, value: prefix + value } }
      return alias ? field : undefined
    },
  })

/** The name that the client chose. */
export const restoreName = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name)

/** An error's path in the client's names. */
export const restorePath = (path: readonly (string | number)[] | undefined) =>
  path?.map((step) => (typeof step === 'string' ? restoreName(step) : step))
