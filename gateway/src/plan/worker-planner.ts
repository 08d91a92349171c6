/**
 * Plans in threads of their own, so that no operation, however hard to plan, keeps the process from serving others. Each
 * thread takes one operation after the other from one bounded queue; one that takes too long costs the thread its life,
 * and another takes its place.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { PermittedOperation } from '../access/permit.ts'
import { codedError } from '../errors/catalogue.ts'
import { questionOf } from './plan-question.ts'
import type { Decided, Plan, Planner } from './planner.ts'
import { type PlannedGraph, PlanningOverrun, type PlanningThread, planningThread } from './planning-thread.ts'

export interface WorkerPlanner extends Planner {
  /** Whether a thread is there to plan; one that was ended is being replaced. */
  readonly ready: boolean
  close(): Promise<void>
}

export interface WorkerPlannerOptions extends PlannedGraph {
  /** Milliseconds that one plan may take. */
  readonly limitMs: number
  readonly threads?: number
  /** Operations that may wait for a thread. */
  readonly mostWaiting?: number
  readonly log: Logger
}

interface Job {
  readonly operation: PermittedOperation
  readonly overrides: readonly string[] | undefined
  readonly decided: Decided | undefined
  resolve(plan: Plan): void
  reject(error: unknown): void
}

/** Until a thread that could not be started is tried again. */
const retryMs = 1_000

export function workerPlanner(options: WorkerPlannerOptions): WorkerPlanner {
  const { limitMs, threads = 1, mostWaiting = 100, log } = options
  const waiting: Job[] = []
  /** Threads that have nothing to do. */
  const idle: ((job: Job | undefined) => void)[] = []
  const open = new Set<PlanningThread>()
  let closed = false

  const nextJob = () =>
    new Promise<Job | undefined>((take) => {
      const job = waiting.shift()
      if (job || closed) take(job)
      else idle.push(take)
    })

  const failed = ({ operation, reject }: Job, error: Error) => {
    const about = { operation: operation.hash, reason: error.message }
    if (error instanceof PlanningOverrun) {
      log.warn(about, 'an operation was not planned: it took too much')
      return reject(codedError('OPERATION_PLANNING_TIMEOUT'))
    }
    if (!closed) log.error({ ...about, err: error }, 'planning failed')
    reject(codedError('OPERATION_PLANNING_FAILED'))
  }

  /** Plans until the thread ends. */
  const work = async (thread: PlanningThread) => {
    await thread.ready
    while (!thread.hasEnded) {
      const job = await nextJob()
      if (!job) return
      if (thread.hasEnded) return void waiting.unshift(job)
      await thread
        .plan(questionOf(job.operation, job.overrides, job.decided))
        .then(job.resolve, (error) => failed(job, error))
    }
  }

  const keepWorking = async () => {
    while (!closed) {
      let thread: PlanningThread | undefined
      try {
        // Where the system gives no more threads, this throws.
        thread = planningThread(options, limitMs)
        open.add(thread)
        await work(thread)
      } catch (error) {
        if (closed) return
        for (const job of waiting.splice(0)) failed(job, error as Error)
        await sleep(retryMs, undefined, { ref: false })
      } finally {
        if (thread) open.delete(thread)
      }
    }
  }
  for (let started = 0; started < threads; started += 1) void keepWorking()

  return {
    get ready() {
      return [...open].some((thread) => thread.isReady)
    },
    plan: (operation, overrides, decided) =>
      new Promise((resolve, reject) => {
        const job = { operation, overrides, decided, resolve, reject }
        const take = idle.shift()
        if (take) take(job)
        else if (waiting.length < mostWaiting && !closed) waiting.push(job)
        else reject(codedError('SERVICE_UNAVAILABLE'))
      }),
    async close() {
      closed = true
      for (const take of idle.splice(0)) take(undefined)
      await Promise.all([...open].map((thread) => thread.end()))
      for (const job of waiting.splice(0)) failed(job, new Error('closed'))
    },
  }
}
