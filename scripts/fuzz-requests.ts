/**
 * The gateway's door under random requests for as long as one likes: `npm run fuzz:requests -- --cases 100000 --seed 7`. The
 * cases are those of `npm test`, more of them; a seed repeats them, and what is found ends with exit code 1.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string' } },
})
for (const [name, value] of Object.entries(values)) {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new Error(`--${name}: expected a whole number from 1; got ${value}`)
}
const seed = values.seed ?? String(1 + Math.floor(Math.random() * 1_000_000))
const test = ['run', '--project', 'unit', '--testTimeout', '86400000', 'gateway/src/http/fuzzed-requests']
const { status } = spawnSync('npx', ['vitest', ...test], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_CASES: values.cases, FUZZ_SEED: seed },
})
process.exit(status ?? 1)
