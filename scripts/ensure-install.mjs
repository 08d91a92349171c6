/**
 * Runs before `npm start`, `npm test` and `npm run check`: installs from the lockfile where node_modules is missing,
 * incomplete, or older than the lockfile. Plain Node without packages, since there may be none; it must parse on old Nodes.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Fundmesh needs Node 20.19 or newer; this is ${process.versions.node}.`)
}
const reason = reasonToInstall()
if (reason) {
  process.stderr.write(`Installing packages from package-lock.json, because ${reason} …\n`)
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']]
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  const { status, error } = spawnSync(command, [...args, ...quiet], { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) fail(`npm ci failed${error ? `: ${error.message}` : ''}; run it by hand to see why.`)
}

function reasonToInstall() {
  const record = `${root}node_modules/.package-lock.json`
  // npm writes its record last: without it, an installation was interrupted.
  if (!existsSync(`${root}node_modules`)) return 'node_modules is missing'
  if (!existsSync(record)) return 'node_modules is incomplete'
  const lockfile = `${root}package-lock.json`
  if (statSync(record).mtimeMs < statSync(lockfile).mtimeMs && !sameVersions(record, lockfile)) {
    return 'node_modules is older than package-lock.json'
  }
  const { packages } = JSON.parse(readFileSync(record, 'utf8'))
  const missing = Object.keys(packages).find((path) => !existsSync(root + path))
  return missing && `${missing} is missing`
}

/** Whether everything installed is what the lockfile says: a checkout sets the file's time and changes nothing. */
function sameVersions(record, lockfile) {
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(lockfile, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { version, link, optional }]) =>
      !path.includes('node_modules/') || link || (installed[path] ? installed[path].version === version : optional),
  )
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
