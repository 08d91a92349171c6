/** What was measured, as tables: medians over the rounds, and the ratios to the fastest peer of the same run. */
import type { Section } from './contestants.ts'
import type { Measured } from './harness.ts'

/** A gateway at a workload, over all rounds. */
export interface Row {
  readonly gateway: string
  readonly workload: string
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuMicrosecondsPerRequest: number
  /** The largest of the rounds. */
  readonly memoryMiB: number
  readonly subgraphRequestsPerRequest: number
  /** Every answer that was looked at was the right one, and every answer under load was a 200. */
  readonly right: boolean
}

/** Ours against the fastest peer that answered rightly. */
export interface Bar {
  readonly workload: string
  readonly against: string
  readonly wanted: number
  readonly ratio: number
  readonly cpuRatio: number
  readonly p99Ratio: number
}

export function rowsOf(measured: readonly Measured[]): readonly Row[] {
  const runs = new Map<string, Measured[]>()
  for (const one of measured) {
    if (!one.rps) continue
    const key = `${one.workload} ${one.peer}`
    runs.set(key, [...(runs.get(key) ?? []), one])
  }
  return [...runs.values()].map((rounds) => {
    const { peer, workload } = rounds[0]!
    const median = (figure: keyof Measured) => medianOf(rounds.map((round) => Number(round[figure])))
    return {
      gateway: peer,
      workload,
      requestsPerSecond: Math.round(median('rps')),
      p50Ms: median('p50'),
      p99Ms: median('p99'),
      cpuMicrosecondsPerRequest: Math.round(median('cpuMsPerReq') * 1000),
      memoryMiB: Math.max(...rounds.map(({ rssMiB }) => rssMiB)),
      subgraphRequestsPerRequest: median('subgraphReqPerReq'),
      right: rounds.every(({ ok, bad, err_status, err_sock }) => ok && bad + err_status + err_sock === 0),
    }
  })
}

export function barsOf({ ours, bars }: Section, rows: readonly Row[]): readonly Bar[] {
  return Object.entries(bars).flatMap(([workload, wanted]) => {
    const ofWorkload = rows.filter((row) => row.workload === workload).sort(byRequests)
    const own = ofWorkload.find(({ gateway }) => gateway === ours)
    const fastest = ofWorkload.find(({ gateway, right }) => gateway !== ours && right)
    if (!own || !fastest) return []
    return {
      workload,
      against: fastest.gateway,
      wanted,
      ratio: ratio(own.requestsPerSecond, fastest.requestsPerSecond),
      cpuRatio: ratio(own.cpuMicrosecondsPerRequest, fastest.cpuMicrosecondsPerRequest),
      p99Ratio: ratio(own.p99Ms, fastest.p99Ms),
    }
  })
}

export function markdownOf({ title }: Section, rows: readonly Row[], bars: readonly Bar[]): string {
  const workloads = [...new Set(rows.map(({ workload }) => workload))]
  return [
    `## ${title}`,
    table(
      ['workload', 'against', 'requests/s, wanted', 'requests/s, ratio', 'CPU per request, ratio', 'p99, ratio', ''],
      bars.map((bar) => [
        bar.workload,
        bar.against,
        `${bar.wanted}×`,
        `${bar.ratio.toFixed(2)}×`,
        bar.cpuRatio.toFixed(2),
        bar.p99Ratio.toFixed(2),
        bar.ratio >= bar.wanted ? 'met' : 'missed',
      ]),
    ),
    ...workloads.map(
      (workload) =>
        `### ${workload}\n\n${table(
          ['gateway', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request', 'RSS MiB', 'subgraph requests', 'answers'],
          rows
            .filter((row) => row.workload === workload)
            .sort(byRequests)
            .map((row) => [
              row.gateway,
              row.requestsPerSecond.toLocaleString('en'),
              row.p50Ms.toFixed(1),
              row.p99Ms.toFixed(1),
              String(row.cpuMicrosecondsPerRequest),
              String(row.memoryMiB),
              row.subgraphRequestsPerRequest.toFixed(2),
              row.right ? 'right' : 'WRONG',
            ]),
        )}`,
    ),
  ].join('\n\n')
}

const byRequests = (one: Row, other: Row) => other.requestsPerSecond - one.requestsPerSecond

const ratio = (own: number, other: number) => Math.round((own / other) * 100) / 100

function medianOf(figures: readonly number[]): number {
  const inOrder = figures.toSorted((one, other) => one - other)
  const middle = inOrder.length >> 1
  return inOrder.length % 2 === 1 ? inOrder[middle]! : (inOrder[middle - 1]! + inOrder[middle]!) / 2
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
