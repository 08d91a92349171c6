/**
 * Our gateway against others, in the same run: one core for the gateway, another for the subgraphs and the load. Method,
 * options and the last figures: bench/README.md. `npm run bench:gateway -- --hive-router <binary>`
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { contestants, peerFolders, sections } from './gateway/contestants.ts'
import { prepareHarness } from './gateway/harness.ts'
import { barsOf, markdownOf, rowsOf } from './gateway/table.ts'

const project = fileURLToPath(new URL('..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    harness: { type: 'string', default: join(project, '../shared/bench') },
    'hive-router': { type: 'string' },
    /** Of the other gateways these only; ours always. */
    peers: { type: 'string' },
    sections: { type: 'string', default: sections.map(({ name }) => name).join(',') },
    workloads: { type: 'string', default: 'W1,W1u,W2,W3,W4' },
    duration: { type: 'string', default: '10' },
    warmup: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    out: { type: 'string', default: join(project, 'bench/results') },
  },
})
const listed = (value: string) => value.split(',')
const hiveRouter = options['hive-router'] && resolve(options['hive-router'])

execFileSync('npx', ['tsc', '-b', 'gateway'], { cwd: project, stdio: 'inherit' })

const isAsked = (peer: string) => options.peers === undefined || listed(options.peers).includes(peer)
const canRun = (peer: string) => !peer.startsWith('hive-router') || hiveRouter !== undefined
const asked = sections
  .filter(({ name }) => listed(options.sections).includes(name))
  .map((section) => ({
    ...section,
    peers: section.peers.filter((peer) => isAsked(peer) && canRun(peer)),
    workloads: Object.keys(section.bars).filter((workload) => listed(options.workloads).includes(workload)),
  }))
  .filter(({ workloads }) => workloads.length > 0)

const folders = asked.flatMap(({ peers }) => peers.flatMap((peer) => peerFolders[peer] ?? []))
const harness = prepareHarness(resolve(options.harness), join(project, '.fundmesh/bench-gateway'), folders)
const load = {
  duration: Number(options.duration),
  warmup: Number(options.warmup),
  rounds: Number(options.rounds),
}

const results = []
for (const section of asked) {
  const peers = [section.ours, ...section.peers]
  const measured = await harness.run(section.name, contestants(harness.folder, hiveRouter), {
    ...load,
    ...section,
    peers,
  })
  const rows = rowsOf(measured)
  for (const peer of peers.filter((name) => !rows.some(({ gateway }) => gateway === name)))
    process.stderr.write(`${peer} did not run; see ${join(harness.folder, 'results')}\n`)
  results.push({ section, rows, bars: barsOf(section, rows) })
}

const conditions = `${load.rounds} rounds of ${load.duration} s after ${load.warmup} s, 50 connections, medians; ${cpus()[0]?.model.trim()}, one core for the gateway; Node ${process.versions.node}`
const markdown = [
  '# The gateway against others',
  `Made by \`npm run bench:gateway\` (method: ../README.md). ${conditions}.`,
  ...results.map(({ section, rows, bars }) => markdownOf(section, rows, bars)),
].join('\n\n')
mkdirSync(options.out, { recursive: true })
writeFileSync(join(options.out, 'gateway.md'), `${markdown}\n`)
const figures = results.map(({ section: { name, ours }, rows, bars }) => ({ name, ours, bars, rows }))
writeFileSync(join(options.out, 'gateway.json'), `${JSON.stringify({ conditions, sections: figures }, null, 2)}\n`)
process.stdout.write(`${markdown}\n`)
