/** `npm start`: the whole graph on this machine, until Ctrl-C. */
import './launcher/node-version.ts'
import { failureSentence } from './launcher/failure-sentence.ts'
import { greeting } from './launcher/greeting.ts'
import { startMesh } from './launcher/mesh.ts'
import { readSettings } from './launcher/settings.ts'

const started = performance.now()
const say = (message: string) => process.stdout.write(`${message}\n`)

// The terminal and npm may both send a signal, perhaps twice: the first one counts, the others find us on our way.
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
const stopped = new Promise<undefined>((resolve) => {
  stopping.signal.addEventListener('abort', () => resolve(undefined))
})

try {
  const settings = readSettings(process.env)
  const mesh = await startMesh({ ...settings, tell: say, signal: stopping.signal })
  say(greeting(mesh, (performance.now() - started) / 1000))
  const failure = await Promise.race([stopped, mesh.failed])
  await mesh.close()
  if (failure) throw new Error(failure)
} catch (error) {
  if (!stopping.signal.aborted) {
    process.stderr.write(`${failureSentence(error)}\n`)
    process.exit(1)
  }
}
process.exit(0)
