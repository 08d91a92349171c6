/**
 * Leaks, each a change of the code that a mistake could make: planted in the modules that a test loads, never in production
 * code. What stands behind several walls leaks only where all of them are open, and its name says so.
 */
import type pg from 'pg'
import { vi } from 'vitest'
import { idMark } from './marks.ts'

export interface PlantedLeak {
  readonly name: string
  /** Whether the database lets every row through as well. */
  readonly opensRowPolicies?: boolean
  /** Whether it shows only when rights change. */
  readonly needsChanges?: boolean
  /** Path from this file to the module that is changed. */
  readonly module: string
  // biome-ignore lint/suspicious/noExplicitAny: what is changed is whatever the module exports
  readonly change: (original: any) => object
}

const platform = (path: string) => `../../../platform/src/${path}`
const gateway = (path: string) => `../../../gateway/src/${path}`

// biome-ignore lint/suspicious/noExplicitAny: arguments are handed on as they came
type Anything = any

export const plantedLeaks: readonly PlantedLeak[] = [
  {
    name: 'a passport is sealed for the caller before',
    module: platform('identity/passport.ts'),
    change: ({ passportSealer }) => ({
      passportSealer: async (key: Anything) => {
        const seal = await passportSealer(key)
        let before: Anything
        return (passport: Anything) => {
          const sealed = seal({ ...passport, caller: before ?? passport.caller })
          before = passport.caller
          return sealed
        }
      },
    }),
  },
  {
    name: 'a subgraph opens what it was handed without looking at the seal',
    module: platform('identity/passport.ts'),
    change: ({ passportOpener }) => ({
      passportOpener: async (key: Anything) => {
        const open = await passportOpener(key)
        return (sealed: string) =>
          open(sealed).catch((error: unknown) => {
            const claims = JSON.parse(Buffer.from(sealed.split('.')[1] ?? '', 'base64url').toString() || '{}')
            if (!claims.tenant) throw error
            const caller = {
              tenant: claims.tenant,
              subject: 'x',
              client: 'x',
              scopes: new Set(),
              expiresAt: new Date(8e15),
            }
            return { caller, channel: 'GRAPHQL', atLeastEpoch: 0, knownAt: new Date().toISOString() }
          })
      },
    }),
  },
  {
    name: 'the gateway takes a token without verifying its signature',
    module: gateway('identity/token.ts'),
    change: ({ tokenVerifier }) => ({
      tokenVerifier: (rules: Anything) => {
        const verify = tokenVerifier(rules)
        return (token: string) =>
          verify(token).catch((error: unknown) => {
            const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}')
            if (!claims.tenant) throw error
            return {
              tenant: claims.tenant,
              subject: claims.sub,
              client: claims.client_id,
              scopes: new Set(),
              expiresAt: new Date(claims.exp * 1_000),
            }
          })
      },
    }),
  },
  {
    name: 'a token that was verified is known again by its signature alone',
    module: gateway('identity/token.ts'),
    change: ({ tokenVerifier }) => ({
      tokenVerifier: (rules: Anything) => {
        const verify = tokenVerifier(rules)
        const known = new Map<string, Anything>()
        return async (token: string) => {
          const [, , signature] = token.split('.')
          if (!known.has(signature!)) known.set(signature!, await verify(token))
          return known.get(signature!)
        }
      },
    }),
  },
  {
    name: 'a permit that denies nothing',
    module: gateway('access/requirement.ts'),
    change: () => ({ met: () => true }),
  },
  {
    name: 'a question under way is shared with whoever asks the same, whosever it is',
    module: gateway('fetch/transport/question.ts'),
    change: ({ questionWriter }) => ({
      questionWriter: () => {
        const write = questionWriter()
        return (asked: Anything) => {
          const { operationName, variablesText, event } = asked
          const { query, variables } = asked
          return write({ query, operationName, variables, variablesText, event, flight: asked.flight && 'everybody' })
        }
      },
    }),
  },
  {
    name: 'the documents of every app are answered, each as the audience that has it',
    module: gateway('operation/with-trusted-documents.ts'),
    change: ({ withTrustedDocuments }) => {
      const all: Anything[] = []
      return {
        withTrustedDocuments: (understand: Anything, rules: Anything) => {
          const own = withTrustedDocuments(understand, rules)
          all.push(own)
          return (request: Anything) => {
            for (const one of [own, ...all]) {
              try {
                return one(request)
              } catch (error) {
                if (one === all.at(-1)) throw error
              }
            }
          }
        },
      }
    },
  },
  {
    name: 'subgraphs read the warehouse, and look at the grants, as one and the same tenant',
    module: platform('service/reader.ts'),
    change: ({ readersOf }) => ({
      readersOf: (passport: Anything, ...rest: Anything[]) =>
        readersOf({ ...passport, caller: { ...passport.caller, tenant: idMark('tenant', 0) } }, ...rest),
    }),
  },
  {
    name: 'a request is given the readers, and with them the loaders, of the request before',
    module: platform('service/reader.ts'),
    change: ({ readersOf }) => {
      let before: Anything
      return {
        readersOf: (...given: Anything[]) => {
          const readers = readersOf(...given)
          const handed = before ?? readers
          before = readers
          return handed
        },
      }
    },
  },
  {
    name: 'the grants index forgets windows, and the row policies are open',
    opensRowPolicies: true,
    module: platform('grants/terms.ts'),
    change: () => ({ inForce: () => true }),
  },
  {
    name: 'the grants index forgets channels, and the row policies are open',
    opensRowPolicies: true,
    module: platform('grants/terms.ts'),
    change: ({ suits }) => ({
      suits: (terms: Anything, reading: Anything) => suits({ ...terms, channels: null }, reading),
    }),
  },
  {
    name: 'the grants index forgets regions, and the row policies are open',
    opensRowPolicies: true,
    module: platform('grants/terms.ts'),
    change: ({ suits }) => ({
      suits: (terms: Anything, reading: Anything) => suits({ ...terms, regions: null }, reading),
    }),
  },
  {
    name: 'the grants index forgets field sets, and the row policies are open',
    opensRowPolicies: true,
    module: platform('grants/terms.ts'),
    change: ({ suits }) => ({
      suits: (terms: Anything, reading: Anything) => suits({ ...terms, fieldSets: null }, reading),
    }),
  },
  {
    name: 'the grants index forgets embargoes, and the row policies are open',
    opensRowPolicies: true,
    module: platform('grants/terms.ts'),
    change: ({ EVERY_DAY }) => ({ lastDay: () => EVERY_DAY }),
  },
  {
    name: 'the grants index keeps what was revoked, and the row policies are open',
    opensRowPolicies: true,
    needsChanges: true,
    module: platform('grants/grants-index.ts'),
    change: ({ GrantsIndex }) => ({
      GrantsIndex: class extends GrantsIndex {
        readonly held = new Map<string, Map<string, Anything>>()
        put(grants: Anything): boolean {
          const held = this.held.get(grants.tenantId) ?? new Map<string, Anything>()
          this.held.set(grants.tenantId, held)
          for (const grant of grants.grants) held.set(grant.grantId, grant)
          return super.put({ ...grants, grants: [...held.values()] })
        }
      },
    }),
  },
  {
    name: 'a stream sends its events to whoever asked for them',
    module: platform('grants/event-access.ts'),
    change: () => ({ eventAccess: () => () => true }),
  },
  {
    name: 'everybody is shown the view of the audience inside',
    module: gateway('view/views.ts'),
    change: ({ openViews }) => ({
      openViews: (...given: Anything[]) => {
        const views = openViews(...given)
        return { ...views, of: (caller: Anything) => views.of({ ...caller, tenant: 'house' }) }
      },
    }),
  },
  {
    name: 'answers are kept by operation and variables, without who asked',
    module: gateway('query.ts'),
    change: ({ queryRoad }) => ({
      queryRoad: (rooms: Anything) => {
        const ask = queryRoad(rooms)
        const kept = new Map<string, unknown>()
        return async (operation: Anything, asking: Anything) => {
          const key = `${operation.hash} ${JSON.stringify(operation.variables)}`
          if (!kept.has(key)) kept.set(key, await ask(operation, asking))
          return kept.get(key)
        }
      },
    }),
  },
  {
    name: 'entities are put back in another order',
    module: gateway('fetch/batch.ts'),
    change: ({ batch }) => ({
      batch: (...given: Anything[]) => {
        const whole = batch(...given)
        return { ...whole, indexes: [...whole.indexes].reverse() }
      },
    }),
  },
  {
    name: 'a cursor is bound to its question, and not to the tenant',
    module: platform('service/cursor.ts'),
    change: ({ cursorCodec }) => ({
      cursorCodec: (secret: string) => {
        const codec = cursorCodec(secret)
        return {
          seal: (position: Anything, binding: Anything) => codec.seal(position, { ...binding, tenant: '' }),
          open: (cursor: string, binding: Anything) => codec.open(cursor, { ...binding, tenant: '' }),
        }
      },
    }),
  },
]

/** Plants a leak in what is loaded after this. */
export function plant({ module, change }: PlantedLeak): void {
  vi.resetModules()
  vi.doMock(new URL(module, import.meta.url).pathname, async (importOriginal) => {
    const original = (await importOriginal()) as object
    return { ...original, ...change(original) }
  })
}

export function removePlanted({ module }: PlantedLeak): void {
  vi.doUnmock(new URL(module, import.meta.url).pathname)
  vi.resetModules()
}

const tables = ['gold.fund', 'gold.share_class', 'gold.nav']

export async function openRowPolicies(admin: pg.Client): Promise<void> {
  for (const table of tables)
    await admin.query(`create policy planted on ${table} for select to warehouse_reader using (true)`)
}

export async function closeRowPolicies(admin: pg.Client): Promise<void> {
  for (const table of tables) await admin.query(`drop policy if exists planted on ${table}`)
}
