/**
 * A thread that plans, one operation at a time. Planning is a search: a short operation can keep it busy for minutes or
 * take all memory, and nothing but the end of its thread interrupts it.
 */
import { setImmediate, setTimeout } from 'node:timers'
import { Worker } from 'node:worker_threads'
import type { PlanQuestion } from './plan-question.ts'
import type { Plan } from './planner.ts'

/** The part of the graph that an audience sees: the whole without what is hidden from it. */
export interface PlannedView {
  readonly fingerprint: string
  readonly hidden: ReadonlySet<string>
}

/** What a thread is made for. */
export interface PlannedGraph {
  /** The supergraph's text. */
  readonly supergraph: string
  readonly views: readonly PlannedView[]
}

/** What a thread says: that it can plan, or what became of the operation that it was given. */
export type FromThread = { readonly ready: true } | { readonly plan: string } | { readonly failed: Error }

export interface PlanningThread {
  /** Resolves when it can plan. Rejects where it cannot be started. */
  readonly ready: Promise<void>
  readonly isReady: boolean
  readonly hasEnded: boolean
  /** Only when it is ready, and one at a time. After PlanningOverrun it has ended. */
  plan(question: PlanQuestion): Promise<Plan>
  end(): Promise<void>
}

/** A plan took more time or memory than one may take. */
export class PlanningOverrun extends Error {}

/** Megabytes. */
const mostMemory = 512

export function planningThread(graph: PlannedGraph, limitMs: number): PlanningThread {
  const worker = startWorker(graph)
  let ended = false
  let listen: { told(message: FromThread): void; lost(reason: Error): void } | undefined

  const next = () =>
    new Promise<FromThread>((told, lost) => {
      listen = { told, lost }
    }).finally(() => {
      listen = undefined
    })
  const lose = (reason: Error) => {
    ended = true
    listen?.lost(reason)
  }
  worker.on('message', (message: FromThread) => listen?.told(message))
  worker.on('error', (error: Error & { code?: string }) =>
    lose(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new PlanningOverrun('more memory than a plan may take') : error),
  )
  worker.on('exit', () => lose(new Error('the planning thread has ended')))

  let isReady = false
  const ready = next().then(() => {
    isReady = true
  })
  // Whoever waits for it is told; nobody may be waiting.
  ready.catch(() => {})

  return {
    ready,
    get isReady() {
      return isReady && !ended
    },
    get hasEnded() {
      return ended
    },
    async plan(question) {
      const answer = next()
      const overrun = () => {
        lose(new PlanningOverrun(`longer than ${limitMs} ms`))
        void worker.terminate()
      }
      // An answer that waits behind whatever kept this thread busy is heard before the limit is looked at.
      const limit = setTimeout(() => setImmediate(() => listen && overrun()), limitMs)
      try {
        worker.postMessage(question)
        const told = await answer
        if ('plan' in told) return JSON.parse(told.plan) as Plan
        throw 'failed' in told ? told.failed : new Error('the planning thread began anew')
      } finally {
        clearTimeout(limit)
      }
    },
    async end() {
      ended = true
      await worker.terminate()
    },
  }
}

function startWorker({ supergraph, views }: PlannedGraph): Worker {
  const options = {
    workerData: { supergraph, views: views.map(({ fingerprint, hidden }) => ({ fingerprint, hidden })) },
    resourceLimits: { maxOldGenerationSizeMb: mostMemory, maxYoungGenerationSizeMb: 48 },
    execArgv: [],
  }
  const isSource = import.meta.url.endsWith('.ts')
  const entry = new URL(`./planning-worker.${isSource ? 'ts' : 'js'}`, import.meta.url)
  // From source: a worker's own file is read before tsx could be asked to translate it.
  const translated = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import('${entry.href}') })`
  const worker = isSource ? new Worker(translated, { ...options, eval: true }) : new Worker(entry, options)
  worker.unref()
  return worker
}
