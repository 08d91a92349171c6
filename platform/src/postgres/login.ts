/** Login roles: what a service connects as. They carry no rights of their own, only those of their groups. */
import pg from 'pg'

export interface Login {
  readonly role: string
  /** Group roles; they must exist. */
  readonly memberOf: string | readonly string[]
  readonly password: string
}

/**
 * Makes the role, or brings its password and groups up to date, and returns its connection string to the same
 * database. Refuses a role that row policies do not bind (SUPERUSER or BYPASSRLS).
 */
export async function ensureLogin(adminUrl: string, { role, memberOf, password }: Login): Promise<string> {
  // PostgreSQL would cut a longer name, and two roles could become one.
  if (role.length > 63) throw new Error(`Role name ${role} has ${role.length} characters; at most 63 are possible`)
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'ensure login' })
  await client.connect()
  try {
    const name = client.escapeIdentifier(role)
    // Held until the connection ends: two processes would update the same catalogue row.
    await client.query(`select pg_advisory_lock(hashtext('fundmesh logins'))`)
    const { rows } = await client.query<{ unbound: boolean }>(
      'select rolsuper or rolbypassrls as unbound from pg_roles where rolname = $1',
      [role],
    )
    if (rows[0]?.unbound) throw new Error(`Role ${role} is SUPERUSER or BYPASSRLS: row policies would not bind it`)
    const verb = rows.length === 0 ? 'create' : 'alter'
    await client.query(`${verb} role ${name} login password ${client.escapeLiteral(password)}`)
    for (const group of [memberOf].flat()) await client.query(`grant ${client.escapeIdentifier(group)} to ${name}`)
    const { rows: databases } = await client.query<{ name: string }>('select current_database() as name')
    await client.query(`grant connect on database ${client.escapeIdentifier(databases[0]!.name)} to ${name}`)
  } finally {
    await client.end()
  }
  const url = new URL(adminUrl)
  url.username = encodeURIComponent(role)
  url.password = encodeURIComponent(password)
  return url.href
}
