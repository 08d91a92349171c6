/** The files of an embedded PostgreSQL: where they are, who owns them, and making them the first time. */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readyBinaries } from './binaries.ts'
import { EmbeddedPostgresError } from './failure.ts'
import { type RunAs, serverEnv } from './watchdog.ts'

/** PostgreSQL refuses to run as root; as root we run it as `nobody`. */
const NOBODY: RunAs = { uid: 65_534, gid: 65_534 }

/** A data folder that a server can be started on. */
export interface Cluster {
  /** PostgreSQL's data directory, with links resolved. */
  readonly data: string
  readonly postgres: string
  readonly password: string
  readonly runAs: RunAs | undefined
}

/**
 * The cluster in `folder`, made if it is not there. The folder holds `admin-password`, `data`, and `binaries-…` where a
 * copy is needed.
 *
 * As root with a folder that `nobody` cannot reach (a clone below /root), programs and data live in a new folder below
 * /var/lib, or the temporary folder where that is read-only, and `elsewhere` is a link to it. Deleting `folder` starts
 * afresh in either case.
 */
export async function openCluster(folder: string): Promise<Cluster> {
  mkdirSync(folder, { recursive: true })
  const runAs = process.getuid?.() === 0 ? NOBODY : undefined
  const place = runAs ? reachablePlace(folder, runAs) : realpathSync(folder)
  const data = join(place, 'data')
  const passwordFile = join(folder, 'admin-password')
  const { initdb, postgres } = readyBinaries(place, runAs)

  if (!existsSync(data)) {
    const password = randomBytes(24).toString('base64url')
    writeFileSync(passwordFile, password, { mode: 0o600 })
    await initialise(initdb, data, password, runAs)
  }
  if (!existsSync(join(data, 'PG_VERSION')) || !existsSync(passwordFile)) {
    const missing = existsSync(passwordFile) ? 'data/PG_VERSION' : 'admin-password'
    throw new EmbeddedPostgresError(
      'DATA_CORRUPT',
      `The folder ${folder} is not a complete PostgreSQL folder (${missing} is missing): move it away, and a new one is made.`,
    )
  }
  return { data, postgres, password: readFileSync(passwordFile, 'utf8'), runAs }
}

/** Makes the cluster beside its final place, so that an interrupted start leaves nothing that looks finished. */
async function initialise(initdb: string, data: string, password: string, runAs: RunAs | undefined): Promise<void> {
  const unfinished = `${data}.${process.pid}`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  const passwordFile = `${unfinished}.password`
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (runAs) for (const path of [unfinished, passwordFile]) chownSync(path, runAs.uid, runAs.gid)
  const authentication = ['-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile]
  try {
    await finish(initdb, ['-D', unfinished, ...authentication, '-E', 'UTF8', '--locale=C', '--no-sync'], runAs)
    renameSync(unfinished, data)
  } finally {
    rmSync(passwordFile, { force: true })
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** Runs a program to its end. Rejects with all it said when it fails. */
function finish(command: string, args: readonly string[], runAs: RunAs | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...runAs, cwd: '/', env: serverEnv(), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(output))))
  })
}

function reachablePlace(folder: string, runAs: RunAs): string {
  const elsewhere = join(folder, 'elsewhere')
  if (existsSync(elsewhere)) return realpathSync(elsewhere)
  if (reaches(folder, runAs)) return realpathSync(folder)
  rmSync(elsewhere, { force: true })
  const place = newFolder(['/var/lib', tmpdir(), '/tmp'], runAs)
  symlinkSync(place, elsewhere)
  return place
}

function newFolder(parents: readonly string[], runAs: RunAs): string {
  for (const parent of parents) {
    try {
      const place = mkdtempSync(join(parent, 'fundmesh-'))
      chmodSync(place, 0o711)
      if (reaches(place, runAs)) return realpathSync(place)
      rmSync(place, { recursive: true })
    } catch {
      // Read-only or missing: the next one.
    }
  }
  throw new EmbeddedPostgresError(
    'FOLDER_UNUSABLE',
    `PostgreSQL does not run as root, and user ${runAs.uid} can reach none of ${parents.join(', ')}: start as another user.`,
  )
}

function reaches(folder: string, runAs: RunAs): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...runAs, cwd: '/' }).status === 0
}
