import closeWithGrace from 'close-with-grace'
import { createLogger, type Logger } from '../telemetry/log.ts'
import type { Service } from './service.ts'

/** Milliseconds in which a service must have drained before the process ends anyhow. */
const graceMs = 20_000

/**
 * The life of a service process: create, listen, drain on SIGTERM, SIGINT or the loss of the parent that started it.
 * A start that fails is one sentence on stderr and exit code 1.
 */
export async function run(
  name: string,
  create: (env: NodeJS.ProcessEnv, log: Logger) => Promise<Service>,
): Promise<void> {
  const log = createLogger(name, process.env.LOG_LEVEL ?? 'info')
  let service: Service | undefined
  const grace = closeWithGrace({ delay: graceMs, logger: false }, async ({ err }) => {
    if (err) log.fatal({ err }, 'unexpected failure')
    await service?.drain()
  })
  // A launcher that is killed cannot say goodbye; its channel closes, perhaps before this line was reached.
  if (process.send) {
    if (!process.connected) process.exit(1)
    process.once('disconnect', () => grace.close())
  }
  try {
    service = await create(process.env, log)
    const { url } = await service.listen()
    process.send?.({ listening: url })
  } catch (error) {
    log.fatal({ err: error }, 'cannot start')
    process.stderr.write(`${name} cannot start: ${(error as Error).message}\n`)
    process.exit(1)
  }
}
