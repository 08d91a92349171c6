/**
 * The isolation generator for as long as one likes: `npm run isolation -- --cases 1000000 --seed 7`. The cases are those of
 * `npm test`, more of them; a seed repeats them, and what is found ends with exit code 1. Services are found as the system
 * tests find them: embedded, or `DATABASE_URL`.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
})
for (const [name, value] of Object.entries(values)) {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new Error(`--${name}: expected a whole number from 1; got ${value}`)
}
const seed = values.seed ?? String(1 + Math.floor(Math.random() * 1_000_000))
console.log(`isolation: ${values.cases} cases of seed ${seed}`)
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'system', 'test/isolation/generated-'], {
  stdio: 'inherit',
  env: { ...process.env, ISOLATION_CASES: values.cases, ISOLATION_SEED: seed },
})
process.exit(status ?? 1)
