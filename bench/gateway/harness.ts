/**
 * The harness that this benchmark drives: four fast subgraphs, a load generator, the workloads with their right answers,
 * and how each other gateway is started. It is not part of this project (bench/README.md says where it is): what is read
 * from it here is a copy, in which its packages are installed and its results written.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** How a gateway is started; `cwd` is relative to the harness. It listens on `PORT`. */
export interface Contestant {
  readonly cwd: string
  readonly cmd: readonly string[]
  readonly path?: string
  readonly env?: Readonly<Record<string, string>>
}

/** One workload of one gateway in one round. What did not start, or answered nothing, has no `rps`, or 0. */
export interface Measured {
  readonly peer: string
  readonly round: number
  readonly workload: string
  readonly rps?: number
  readonly p50: number
  readonly p99: number
  readonly cpuMsPerReq: number
  readonly rssMiB: number
  readonly subgraphReqPerReq: number
  readonly requests: number
  /** Whether an answer before the load was right, and how many of those asked for beside the load were not. */
  readonly ok: boolean
  readonly probes: number
  readonly bad: number
  readonly err_status: number
  readonly err_sock: number
}

export interface Load {
  readonly peers: readonly string[]
  readonly workloads: readonly string[]
  /** Seconds. */
  readonly duration: number
  readonly warmup: number
  readonly rounds: number
}

export interface Harness {
  readonly folder: string
  /** Runs the gateways turn by turn. Rejects where the harness itself fails, not where a gateway does. */
  run(name: string, contestants: Readonly<Record<string, Contestant>>, load: Load): Promise<readonly Measured[]>
}

/** Copies the harness and installs its packages, and those of the peers that are asked for; once. */
export function prepareHarness(from: string, folder: string, peerFolders: readonly string[]): Harness {
  if (!existsSync(join(from, 'run.mjs')))
    throw new Error(`${from}: expected the benchmark harness (--harness <folder>)`)
  for (const command of ['wrk', 'taskset']) execFileSync('which', [command], { stdio: 'ignore' })
  mkdirSync(folder, { recursive: true })
  cpSync(from, folder, {
    recursive: true,
    filter: (source) => !['node_modules', 'results'].includes(basename(source)),
  })
  execFileSync('chmod', ['-R', 'u+w', folder])
  for (const within of ['.', ...peerFolders]) install(join(folder, within))

  return {
    folder,
    async run(name, contestants, { peers, workloads, duration, warmup, rounds }) {
      const results = join(folder, 'results')
      mkdirSync(results, { recursive: true })
      const [peerFile, out] = [join(results, `${name}-peers.json`), join(results, `${name}.json`)]
      writeFileSync(peerFile, JSON.stringify(contestants))
      const options = {
        'peer-file': peerFile,
        peers: peers.join(','),
        workloads: workloads.join(','),
        duration,
        warmup,
        rounds,
        out,
      }
      const given = Object.entries(options).flatMap(([option, value]) => [`--${option}`, String(value)])
      const running = spawn(process.execPath, ['run.mjs', ...given], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const code = await new Promise((resolve) => running.once('exit', resolve))
      if (code !== 0) throw new Error(`the harness ended with ${code}`)
      return JSON.parse(readFileSync(out, 'utf8'))
    },
  }
}

function install(folder: string): void {
  if (!existsSync(join(folder, 'package.json')) || existsSync(join(folder, 'node_modules'))) return
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
