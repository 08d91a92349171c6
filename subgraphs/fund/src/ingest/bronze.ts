import type { ClientBase } from 'pg'
import type { ReceivedFile } from './received-file.ts'

/** Keeps a file as it was received, once per source and content. Returns its id. */
export async function keepFile(client: ClientBase, source: string, file: ReceivedFile): Promise<string> {
  await client.query(
    `insert into bronze.file (source, name, sha256, byte_count, content) values ($1, $2, $3, $4, $5)
     on conflict (source, sha256) do nothing`,
    [source, file.name, file.sha256, file.bytes.length, file.bytes],
  )
  const { rows } = await client.query<{ file_id: string }>(
    'select file_id from bronze.file where source = $1 and sha256 = $2',
    [source, file.sha256],
  )
  return rows[0]!.file_id
}
