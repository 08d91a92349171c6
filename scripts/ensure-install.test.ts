import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = fileURLToPath(new URL('./ensure-install.mjs', import.meta.url))

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fundmesh-install-'))
  mkdirSync(join(root, 'scripts'))
  cpSync(script, join(root, 'scripts/ensure-install.mjs'))
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0' }))
  writeFileSync(join(root, 'package-lock.json'), lockfile({}))
})
afterEach(() => rmSync(root, { recursive: true }))

function lockfile(packages: Record<string, object>): string {
  return JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages: { '': {}, ...packages } })
}

/** Stands in for npm: writes what it was asked to do. */
const npm = `require('node:fs').writeFileSync('asked', process.argv.slice(2).join(' ')); process.exit(Number(process.env.NPM_EXIT ?? 0))`

function run(env: NodeJS.ProcessEnv = {}) {
  writeFileSync(join(root, 'npm.cjs'), npm)
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/ensure-install.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: join(root, 'npm.cjs'), ...env },
  })
  return { status, stdout, stderr }
}

function install(packages: Record<string, object>): void {
  for (const path of Object.keys(packages)) mkdirSync(join(root, path), { recursive: true })
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, 'node_modules/.package-lock.json'), lockfile(packages))
}

const said = (reason: string) => ({
  status: 0,
  stdout: '',
  stderr: `Installing packages from package-lock.json, because ${reason} …\n`,
})
const silent = { status: 0, stdout: '', stderr: '' }

test('installs where node_modules is missing', () => {
  expect(run()).toEqual(said('node_modules is missing'))
  expect(readFileSync(join(root, 'asked'), 'utf8')).toMatch(/^ci /)
})

test('is silent where everything is there', () => {
  install({ 'node_modules/a': { version: '1.0.0' } })
  expect(run()).toEqual(silent)
})

test('repairs an installation that was interrupted or lost a package', () => {
  mkdirSync(join(root, 'node_modules'))
  expect(run()).toEqual(said('node_modules is incomplete'))
  install({ 'node_modules/a': { version: '1.0.0' } })
  rmSync(join(root, 'node_modules/a'), { recursive: true })
  expect(run()).toEqual(said('node_modules/a is missing'))
})

test('installs when the lockfile asks for something else, and not when only its date is newer', () => {
  install({ 'node_modules/a': { version: '1.0.0' } })
  const elsewhere = { 'node_modules/mac': { version: '1.0.0', optional: true, os: ['darwin'] } }
  writeFileSync(join(root, 'package-lock.json'), lockfile({ 'node_modules/a': { version: '1.0.0' }, ...elsewhere }))
  expect(run()).toEqual(silent)
  writeFileSync(join(root, 'package-lock.json'), lockfile({ 'node_modules/a': { version: '1.0.1' } }))
  expect(run()).toEqual(said('node_modules is older than package-lock.json'))
})

test('says in a sentence that npm failed', () => {
  const { status, stderr } = run({ NPM_EXIT: '7' })
  expect(status).toBe(1)
  expect(stderr).toMatch(/npm ci failed; run it by hand to see why\.\n$/)
})

// npm leaves out of the lockfile what its registry does not have, and then refuses its own lockfile.
test('the lockfile names the packages of every platform, so that npm ci accepts it everywhere', () => {
  const { packages } = JSON.parse(readFileSync(join(script, '../../package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>
  }
  const paths = Object.keys(packages)
  const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies).filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`))),
  )
  expect(missing).toEqual([])
})
