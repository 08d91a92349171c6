/** A market in a process of its own, to be killed: `node market-process.ts <databaseUrl> <eventLogUrl> <dayMs>`. */
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { startMarket } from '../market.ts'

const [databaseUrl = '', postgresUrl = '', dayMs = ''] = process.argv.slice(2)
const market = await startMarket({
  databaseUrl,
  eventLog: { postgresUrl },
  dayMs: Number(dayMs),
  log: createLogger('market', 'silent'),
})
process.stdin.resume().on('end', () => market.close())
