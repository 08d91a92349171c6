/** Why the embedded PostgreSQL could not be started, each with one sentence that says what to do. */

export type EmbeddedPostgresCode =
  | 'UNSUPPORTED_PLATFORM'
  | 'BINARIES_UNUSABLE'
  | 'PORT_IN_USE'
  | 'DISK_FULL'
  | 'FOLDER_UNUSABLE'
  | 'USER_WITHOUT_NAME'
  | 'ALREADY_RUNNING'
  | 'OTHER_VERSION'
  | 'DATA_CORRUPT'

export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly code: EmbeddedPostgresCode

  constructor(code: EmbeddedPostgresCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What the sentences speak of. */
export interface Attempt {
  readonly folder: string
  readonly port: number
}

interface Symptom {
  readonly code: EmbeddedPostgresCode
  readonly seen: RegExp
  readonly say: (attempt: Attempt, output: string) => string
}

/** In order of trust: a full disk also looks like a corrupt folder. */
const symptoms: readonly Symptom[] = [
  {
    code: 'DISK_FULL',
    seen: /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/,
    say: ({ folder }) => `The disk that holds ${folder} is full: free some space (PostgreSQL needs about 200 MB).`,
  },
  {
    code: 'PORT_IN_USE',
    seen: /Address already in use|could not create any TCP\/IP sockets/,
    say: ({ port }) => `Port ${port} on 127.0.0.1, wanted by PostgreSQL, is in use by another program.`,
  },
  {
    code: 'ALREADY_RUNNING',
    seen: /lock file "postmaster\.pid" already exists|pre-existing shared memory block/,
    say: ({ folder }, output) => {
      const pid = /\(PID (\d+)\)/.exec(output)?.[1]
      return `Another Fundmesh${pid ? ` (its PostgreSQL is process ${pid})` : ''} is running on the folder ${folder}: stop it, or choose another folder.`
    },
  },
  {
    code: 'OTHER_VERSION',
    seen: /initialized by PostgreSQL version/,
    say: ({ folder }, output) =>
      `The folder ${folder} was made by another version of PostgreSQL (${detail(output)}): move it away, and a new one is made.`,
  },
  {
    code: 'USER_WITHOUT_NAME',
    seen: /could not look up effective user ID/,
    say: (_, output) =>
      `PostgreSQL runs only as a user that has a name, and user ${/user ID (\d+)/.exec(output)?.[1]} has none on this machine: add it to /etc/passwd, or set DATABASE_URL to a PostgreSQL server.`,
  },
  {
    code: 'FOLDER_UNUSABLE',
    // Node's recursive mkdir says ENOENT on a read-only file system.
    seen: /EACCES|EPERM|EROFS|ENOTDIR|ENOENT: .*, mkdir|Permission denied|Read-only file system/,
    say: ({ folder }, output) => `The folder ${folder} cannot be written by this user: ${detail(output)}.`,
  },
]

/** The error for what `initdb`, `postgres` or the file system said. */
export function diagnose(output: string, attempt: Attempt): EmbeddedPostgresError {
  for (const { code, seen, say } of symptoms) {
    if (seen.test(output)) return new EmbeddedPostgresError(code, say(attempt, output))
  }
  return new EmbeddedPostgresError(
    'DATA_CORRUPT',
    `PostgreSQL cannot use the folder ${attempt.folder} (${detail(output)}): move it away, and a new one is made.`,
  )
}

/** The line that says it best: the fatal one, its detail, or the last. */
function detail(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const telling =
    lines.find((line) => /DETAIL: {2}The data directory was initialized/.test(line)) ??
    lines.find((line) => /PANIC|FATAL/.test(line)) ??
    lines.find((line) => /error/i.test(line)) ??
    lines.at(-1) ??
    'it said nothing'
  return telling.replace(/^.*?(?:PANIC|FATAL|DETAIL|ERROR|error): +/, '').replace(/[.:\s]+$/, '')
}
