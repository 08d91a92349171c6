/** The data that ships in the repository, and the demo's own: loaded the first time, and again when it has changed. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { inherited } from './services.ts'
import { programArguments, ROOT } from './workspace.ts'

interface Step {
  readonly title: string
  readonly workspace: string
  readonly program: string
  readonly args: readonly string[]
  /** When one of these files changes, the step runs again; every step may run twice. */
  readonly sources: readonly [name: string, ...others: string[]]
}

const FIXTURES = 'subgraphs/fund/fixtures/data'

const steps: readonly Step[] = [
  ingest('TSP share prices', 'tsp', `${FIXTURES}/tsp/share_prices.csv.gz`),
  ingest('ECB reference rates', 'ecb', `${FIXTURES}/ecb/eurofxref-hist.csv.gz`),
  seed('data products', 'subgraphs/marketplace', 'subgraphs/marketplace/fixtures/data-products.json'),
  seed('tenants, contracts and grants', 'subgraphs/entitlement', 'subgraphs/entitlement/fixtures/tenants.json'),
]

function ingest(title: string, source: string, file: string): Step {
  const args = [source, join(ROOT, file)]
  const reference = 'subgraphs/fund/fixtures/tsp-funds.json'
  return { title, workspace: 'subgraphs/fund', program: 'ingest/main', args, sources: [file, reference] }
}

function seed(title: string, workspace: string, fixture: string): Step {
  return { title, workspace, program: 'seed', args: [], sources: [`${workspace}/src/seed.ts`, fixture] }
}

export interface Loading {
  readonly adminUrl: string
  readonly tell: (message: string) => void
  readonly signal: AbortSignal
}

/** Runs the steps that have not run on this database. Rejects with a sentence and the program's own words when one fails. */
export async function loadShippedData({ adminUrl, tell, signal }: Loading): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'shipped data' })
  client.on('error', () => {}) // The query in hand tells.
  await client.connect()
  try {
    await client.query(
      `create schema if not exists launcher;
       create table if not exists launcher.loaded (
         source text primary key, sha256 char(64) not null, loaded_at timestamptz not null default now())`,
    )
    for (const step of steps) {
      const [source] = step.sources
      const hash = createHash('sha256')
      for (const file of step.sources) hash.update(readFileSync(join(ROOT, file)))
      const sha256 = hash.digest('hex')
      const known = await client.query('select from launcher.loaded where source = $1 and sha256 = $2', [
        source,
        sha256,
      ])
      if (known.rowCount === 1) continue
      const started = performance.now()
      tell(`Loading ${step.title} …`)
      await runToEnd(step, { adminUrl, tell, signal })
      tell(`  ${((performance.now() - started) / 1000).toFixed(1)} s`)
      await client.query(
        `insert into launcher.loaded (source, sha256) values ($1, $2)
         on conflict (source) do update set sha256 = excluded.sha256, loaded_at = now()`,
        [source, sha256],
      )
    }
  } finally {
    await client.end()
  }
}

/** Runs the step's program, and passes on what it says. */
async function runToEnd(step: Step, { adminUrl, tell, signal }: Loading): Promise<void> {
  const child = spawn(process.execPath, [...programArguments(step.workspace, step.program), ...step.args], {
    cwd: ROOT,
    env: { ...inherited(), DATABASE_URL: adminUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGTERM',
  })
  const complaints: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => tell(`  ${line}`))
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code === 0) return
  const why = complaints.slice(-8).join('\n  ') || 'it said nothing'
  throw new Error(`Loading ${step.title} failed (exit code ${code}):\n  ${why}`)
}
