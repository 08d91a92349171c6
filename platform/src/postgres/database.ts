/** Databases of a server. */
import pg from 'pg'

/** Makes the database if it is not there, and returns the administrator's connection string to it. */
export async function ensureDatabase(adminUrl: string, database: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'ensure database' })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
  const url = new URL(adminUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}

/** Drops the database, whoever is connected, and the logins made for it (`<database>_…`). */
export async function dropDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'drop database' })
  await client.connect()
  try {
    await client.query(`drop database if exists ${client.escapeIdentifier(database)} with (force)`)
    const { rows } = await client.query<{ rolname: string }>(
      'select rolname from pg_roles where rolcanlogin and starts_with(rolname, $1)',
      [`${database}_`],
    )
    for (const { rolname } of rows) await client.query(`drop role ${client.escapeIdentifier(rolname)}`)
  } finally {
    await client.end()
  }
}
