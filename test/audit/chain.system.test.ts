/** The audit chain in a real database: what it takes, what it refuses, and that every way of tampering is found. */
import { fileURLToPath } from 'node:url'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { type FreshDatabase, freshDatabase } from '@fundmesh/platform/testing/database'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deprecatedUse } from '../../subgraphs/entitlement/src/audit/access-log.ts'
import { type ChainEntry, canonicalBody, type Head, hashOf } from '../../subgraphs/entitlement/src/audit/chain.ts'
import { exportHeader, exportLine, parseExport } from '../../subgraphs/entitlement/src/audit/export-format.ts'
import { pieceOf, verifyChains, verifyPiece } from '../../subgraphs/entitlement/src/audit/verify.ts'
import { grantOrder } from '../../subgraphs/entitlement/src/domain/grant.ts'
import { recordGrant, revokeGrant } from '../../subgraphs/entitlement/src/store/grant-changes.ts'
import { type LedgerPort, openLedger } from '../../subgraphs/entitlement/src/store/ledger.ts'
import { registerTenant } from '../../subgraphs/entitlement/src/store/tenant-changes.ts'

const folder = fileURLToPath(new URL('../../subgraphs/entitlement/migrations', import.meta.url))

describe('the audit chain', () => {
  let database: FreshDatabase
  let ledgers: LedgerPort
  let admin: pg.Client
  let service: pg.Client

  beforeAll(async () => {
    database = await freshDatabase()
    await migrate(database.url, { set: 'entitlement', folder })
    const role = `${database.name}_service`
    const url = await ensureLogin(database.url, { role, memberOf: 'entitlement_service', password: 'secret' })
    ledgers = openLedger(url, createLogger('test', 'silent'))
    admin = new pg.Client(database.url)
    service = new pg.Client(url)
    await admin.connect()
    await service.connect()
  })
  afterAll(async () => {
    await ledgers.close()
    await service.end()
    await admin.end()
    await database.drop()
  })

  const append = (tenant: string, ...names: readonly string[]) =>
    ledgers
      .forService()
      .transaction((ask) =>
        ask<{ append: number }>('select audit.append($1, $2, $3)', [
          tenant,
          names.map((name) => `${tenant}:${name}`),
          names.map((name) => canonicalBody({ kind: 'ANSWER', at: '2026-01-02T03:04:05.000Z', name })),
        ]),
      )
      .then(([row]) => row!.append)

  it('takes an entry once, however often it comes', async () => {
    expect(await append('once', 'a', 'b')).toBe(2)
    expect(await append('once', 'a', 'b', 'c')).toBe(1)
    const { rows } = await admin.query(
      `select position::int, entry_id from audit.entry where tenant_id = 'once' order by 1`,
    )
    expect(rows.map(({ position, entry_id }) => [position, entry_id])).toEqual([
      [1, 'once:a'],
      [2, 'once:b'],
      [3, 'once:c'],
    ])
  })

  it('lets many append at the same time, and stays one chain', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => append('busy', `${n}a`, `${n}b`, `${n}c`)))
    const { entries } = await verifyChains(admin, [])
    expect(entries).toBeGreaterThanOrEqual(24)
  })

  it('is made of the hashes that anybody can compute', async () => {
    await append('hash', 'ä "quoted" \\ text')
    const piece: ChainEntry[] = []
    for await (const entry of pieceOf(admin, 'hash', '2000-01-01T00:00:00Z', '2200-01-01T00:00:00Z')) piece.push(entry)
    expect(piece).toHaveLength(1)
    expect(hashOf(piece[0]!)).toBe(piece[0]!.hash)
  })

  it('is closed to the service but for adding: no update, no delete, no insert by hand', async () => {
    await append('closed', 'a')
    for (const statement of [
      `update audit.entry set body = '{}'`,
      'delete from audit.entry',
      'truncate audit.entry',
      'update audit.chain set length = 0',
      `insert into audit.entry (tenant_id, position, entry_id, recorded_at, body, previous_hash, hash)
       values ('closed', 9, 'x', '', '{}', '', '')`,
    ])
      await expect(service.query(statement), statement).rejects.toThrow(/permission denied/)
  })

  it('refuses even its owner to change an entry, or to delete one that is younger than seven years', async () => {
    await append('kept', 'a')
    await expect(admin.query(`update audit.entry set body = '{}' where tenant_id = 'kept'`)).rejects.toThrow(
      /only added to/,
    )
    await expect(admin.query(`delete from audit.entry where tenant_id = 'kept'`)).rejects.toThrow(
      /kept for seven years/,
    )
    await expect(admin.query('truncate audit.entry')).rejects.toThrow(/only added to/)
  })

  it('shows a tenant its own entries only', async () => {
    await append('one', 'a')
    await append('other', 'a')
    const caller = { tenant: 'one', subject: 's', client: 'c', scopes: new Set<string>(), expiresAt: new Date() }
    const rows = await ledgers
      .forCaller(caller)
      .transaction((ask) => ask<{ tenant_id: string }>('select distinct tenant_id from audit.entry'))
    expect(rows).toEqual([{ tenant_id: 'one' }])
  })

  it('counts who used what is deprecated, by tenant, client, coordinate and day', async () => {
    const used = (name: string, day: string, client: string, deprecated: readonly string[]) =>
      ledgers
        .forService()
        .transaction((ask) =>
          ask('select audit.append($1, $2, $3)', [
            'late',
            [`late:${name}`],
            [canonicalBody({ kind: 'ANSWER', at: `${day}T03:04:05.000Z`, client, deprecated })],
          ]),
        )
    await used('1', '2026-01-02', 'app', ['Fund.house', 'Fund.old'])
    await used('2', '2026-01-02', 'app', ['Fund.house'])
    await used('3', '2026-01-03', 'web', ['Fund.house'])
    await used('4', '2025-01-03', 'web', ['Fund.house'])
    await used('5', '2026-01-03', 'web', [])
    const found = await deprecatedUse(ledgers.forService(), '2026-01-01', 'late')
    expect(found.map(({ day, client, coordinate, count }) => [day, client, coordinate, count])).toEqual([
      ['2026-01-03', 'web', 'Fund.house', 1],
      ['2026-01-02', 'app', 'Fund.house', 2],
      ['2026-01-02', 'app', 'Fund.old', 1],
    ])
    expect(await deprecatedUse(ledgers.forService(), undefined, 'nobody')).toEqual([])
  })

  it('holds each change of the ledger, and none that was undone', async () => {
    const ledger = ledgers.forService()
    await registerTenant(ledger, 'house/ann', { id: 'changed', name: 'Changed', lei: null })
    const order = { tenantId: 'changed', resourceKind: 'SHARE_CLASS', resourceId: 'tsp:c-fund' } as const
    const { grant } = await recordGrant(ledger, 'house/ann', grantOrder(order))
    await revokeGrant(ledger, 'house/bob', grant.id, 'over')
    await ledger
      .transaction(async (ask) => {
        await ask(
          `insert into entitlement.tenant (tenant_id, name, epoch, registered_by) values ('undone', 'Undone', 1, 'x')`,
        )
        throw new Error('undone')
      })
      .catch(() => {})
    expect((await admin.query(`select from audit.entry where tenant_id = 'undone'`)).rowCount).toBe(0)
    const { rows } = await admin.query(
      `select subject, resources, body::jsonb ->> 'table' as "table", body::jsonb ->> 'operation' as operation
       from audit.entry where tenant_id = 'changed' order by position`,
    )
    expect(rows).toEqual([
      { subject: 'house/ann', resources: [], table: 'tenant', operation: 'INSERT' },
      { subject: 'house/ann', resources: ['SHARE_CLASS:tsp:c-fund'], table: 'access_grant', operation: 'INSERT' },
      { subject: 'house/bob', resources: ['SHARE_CLASS:tsp:c-fund'], table: 'access_grant', operation: 'UPDATE' },
    ])
  })

  describe('tampered with by whoever can switch the guard off', () => {
    let tenant: string
    let round = 0
    let checkpoint: Head

    beforeEach(async () => {
      round += 1
      tenant = `target-${round}`
      await append(tenant, ...Array.from({ length: 9 }, (_, n) => `entry ${n + 1}`))
      const { rows } = await admin.query<Head>(
        `select tenant_id as "tenantId", length::float8 as length, encode(hash, 'hex') as hash from audit.chain where tenant_id = $1`,
        [tenant],
      )
      checkpoint = rows[0]!
    })

    /** Does it, looks, and puts everything back. */
    const found = async (tampering: string, known: readonly Head[] = [checkpoint]) => {
      const backup = await admin.query(
        'select tenant_id, position, entry_id, recorded_at, body, previous_hash, hash from audit.entry where tenant_id = $1',
        [tenant],
      )
      expect(backup.rowCount).toBe(9)
      await admin.query(`alter table audit.entry disable trigger all`)
      try {
        await admin.query(tampering.replaceAll('$tenant', `'${tenant}'`))
        return await verifyChains(admin, known).then(
          () => 'nothing',
          (error: Error) => error.message,
        )
      } finally {
        await admin.query('delete from audit.entry where tenant_id = $1', [tenant])
        await admin.query('delete from audit.chain where tenant_id = $1', [tenant])
        await admin.query('alter table audit.entry enable trigger all')
      }
    }

    it.each<[string, string, number, RegExp]>([
      [
        'one byte changed',
        `update audit.entry set body = replace(body, 'entry 4', 'entry 5') where tenant_id = $tenant`,
        4,
        /changed/,
      ],
      [
        'a time changed',
        `update audit.entry set recorded_at = '2020' where tenant_id = $tenant and position = 2`,
        2,
        /changed/,
      ],
      [
        'one byte changed, and its hash made anew',
        `update audit.entry set body = '{}', hash = audit.hash_of(previous_hash, position, entry_id, recorded_at, '{}')
         where tenant_id = $tenant and position = 4`,
        5,
        /follows another entry/,
      ],
      ['one row deleted', `delete from audit.entry where tenant_id = $tenant and position = 6`, 6, /missing/],
      ['the first row deleted', `delete from audit.entry where tenant_id = $tenant and position = 1`, 1, /missing/],
      [
        'two rows swapped',
        `update audit.entry set position = 1000 where tenant_id = $tenant and position = 3;
         update audit.entry set position = 3 where tenant_id = $tenant and position = 7;
         update audit.entry set position = 7 where tenant_id = $tenant and position = 1000`,
        3,
        /put elsewhere/,
      ],
      ['the tail cut off', `delete from audit.entry where tenant_id = $tenant and position > 7`, 8, /missing/],
      [
        'the tail cut off and the head moved',
        `delete from audit.entry where tenant_id = $tenant and position > 7;
         update audit.chain c set length = 7, hash = e.hash from audit.entry e
         where c.tenant_id = $tenant and e.tenant_id = $tenant and e.position = 7`,
        8,
        /the log was told of 9/,
      ],
      [
        'everything deleted',
        `delete from audit.entry where tenant_id = $tenant; delete from audit.chain where tenant_id = $tenant`,
        1,
        /the log was told of 9/,
      ],
      [
        'a row inserted in the middle',
        `update audit.entry set position = -position where tenant_id = $tenant and position > 4;
         update audit.entry set position = 1 - position where tenant_id = $tenant and position < 0;
         insert into audit.entry (tenant_id, position, entry_id, recorded_at, body, previous_hash, hash)
         select tenant_id, 5, entry_id || 'x', recorded_at, body, hash,
           audit.hash_of(hash, 5, entry_id || 'x', recorded_at, body)
         from audit.entry where tenant_id = $tenant and position = 4`,
        6,
        /changed or put elsewhere/,
      ],
      [
        'a row added at the end by hand',
        `insert into audit.entry (tenant_id, position, entry_id, recorded_at, body, previous_hash, hash)
         select tenant_id, 10, entry_id || 'x', recorded_at, body, hash,
           audit.hash_of(hash, 10, entry_id || 'x', recorded_at, body)
         from audit.entry where tenant_id = $tenant and position = 9`,
        9,
        /head/,
      ],
    ])('%s is found and named', async (_, tampering, position, what) => {
      // The check is what holds the position positive; whoever tampers can drop it.
      await admin.query('alter table audit.entry drop constraint if exists entry_position_check')
      const message = await found(tampering)
      expect(message).toContain(`audit entry ${tenant}/${position}:`)
      expect(message).toMatch(what)
    })

    it('a chain that was written anew, hashes and all, does not fit its checkpoint', async () => {
      const message = await found(
        `do $$ declare previous bytea := sha256(convert_to($tenant, 'UTF8')); row audit.entry; begin
           for row in select * from audit.entry where tenant_id = $tenant order by position loop
             row.body := replace(row.body, 'entry 4', 'entry 5');
             row.hash := audit.hash_of(previous, row.position, row.entry_id, row.recorded_at, row.body);
             update audit.entry set body = row.body, previous_hash = previous, hash = row.hash
               where tenant_id = row.tenant_id and position = row.position;
             previous := row.hash;
           end loop;
           update audit.chain set hash = previous where tenant_id = $tenant;
         end $$`,
      )
      expect(message).toContain(`audit entry ${tenant}/9: the chain was written anew`)
    })

    it('nothing is found where nothing was done', async () => {
      expect(await found('select 1')).toBe('nothing')
    })
  })

  it.each(['jsonl', 'csv'] as const)(
    'an export as %s can be verified by itself, and shows what was changed in it',
    async (format) => {
      const tenant = `export-${format}`
      await append(tenant, 'a, b', 'with "quotes"', 'c', 'd')
      const since = new Date(Date.now() - 60_000).toISOString()
      let text = exportHeader[format]
      for await (const entry of pieceOf(admin, tenant, since, '2200-01-01T00:00:00Z')) text += exportLine[format](entry)
      expect(verifyPiece(parseExport(text))).toBe(4)
      expect(() => verifyPiece(parseExport(text.replace('quotes', 'Quotes')))).toThrow(
        `audit entry ${tenant}/2: it was changed`,
      )
      const lines = text.split('\n')
      lines.splice(format === 'csv' ? 3 : 2, 1)
      expect(() => verifyPiece(parseExport(lines.join('\n')))).toThrow(`audit entry ${tenant}/3: it is missing`)
    },
  )
})
