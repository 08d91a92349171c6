import { expect, test } from 'vitest'
import { diagnose } from './failure.ts'

const attempt = { folder: '.fundmesh/postgres', port: 4009 }

test.each([
  [
    'DISK_FULL',
    'PANIC:  could not write to file "pg_wal/xlogtemp.42": No space left on device\nFATAL:  could not locate a valid checkpoint record',
    'The disk that holds .fundmesh/postgres is full: free some space (PostgreSQL needs about 200 MB).',
  ],
  [
    'OTHER_VERSION',
    'FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 16, which is not compatible with this version 17.10.',
    'The folder .fundmesh/postgres was made by another version of PostgreSQL (The data directory was initialized by PostgreSQL version 16, which is not compatible with this version 17.10): move it away, and a new one is made.',
  ],
  [
    'FOLDER_UNUSABLE',
    "EACCES: permission denied, mkdir '.fundmesh/postgres'",
    "The folder .fundmesh/postgres cannot be written by this user: EACCES: permission denied, mkdir '.fundmesh/postgres'.",
  ],
  [
    'USER_WITHOUT_NAME',
    'initdb: error: could not look up effective user ID 1000620000: user does not exist',
    'PostgreSQL runs only as a user that has a name, and user 1000620000 has none on this machine: add it to /etc/passwd, or set DATABASE_URL to a PostgreSQL server.',
  ],
  [
    'DATA_CORRUPT',
    'LOG:  database system was shut down\nPANIC:  could not locate a valid checkpoint record at 0/1',
    'PostgreSQL cannot use the folder .fundmesh/postgres (could not locate a valid checkpoint record at 0/1): move it away, and a new one is made.',
  ],
])('says %s in one sentence', (code, output, message) => {
  expect(diagnose(output, attempt)).toMatchObject({ code, message })
})
