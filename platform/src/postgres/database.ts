/** Databases of a server. */
import pg from 'pg'

/**
 * Makes the database if it is not there, as a copy of `template` if one is named (nobody may be connected to that), and
 * returns the administrator's connection string to it.
 */
export async function ensureDatabase(adminUrl: string, database: string, template = 'template1'): Promise<string> {
  if (!(await databaseExists(adminUrl, database))) {
    await withClient(adminUrl, async (client) => {
      const [name, original] = [database, template].map((identifier) => client.escapeIdentifier(identifier))
      await client.query(`create database ${name} template ${original}`)
    })
  }
  const url = new URL(adminUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

export async function databaseExists(adminUrl: string, database: string): Promise<boolean> {
  return withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
    return rowCount === 1
  })
}

export async function renameDatabase(adminUrl: string, from: string, to: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(`alter database ${client.escapeIdentifier(from)} rename to ${client.escapeIdentifier(to)}`)
  })
}

/** Drops the database, whoever is connected, and the logins made for it (`<database>_…`). */
export async function dropDatabase(adminUrl: string, database: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(database)} with (force)`)
    const { rows } = await client.query<{ rolname: string }>(
      'select rolname from pg_roles where rolcanlogin and starts_with(rolname, $1)',
      [`${database}_`],
    )
    for (const { rolname } of rows) await client.query(`drop role ${client.escapeIdentifier(rolname)}`)
  })
}

async function withClient<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'databases' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
