/** What runs in a planning thread: a planner for each view, and one answer for each question. */
import { parentPort, workerData } from 'node:worker_threads'
import { buildSupergraph } from '../supergraph/build.ts'
import { supergraphFor } from '../view/supergraph-for.ts'
import type { PlanQuestion } from './plan-question.ts'
import type { FromThread, PlannedGraph } from './planning-thread.ts'
import { viewPlanner } from './view-planner.ts'

const { supergraph, views } = workerData as PlannedGraph
const port = parentPort!
const say = (message: FromThread) => port.postMessage(message)

const whole = buildSupergraph(supergraph)
const planners = new Map(
  views.map(({ fingerprint, hidden }) => [fingerprint, viewPlanner(supergraphFor(whole, hidden))]),
)

port.on('message', (question: PlanQuestion) => {
  try {
    say({ plan: JSON.stringify(planners.get(question.view)!(question)) })
  } catch (error) {
    say({ failed: error as Error })
  }
})
say({ ready: true })
