/**
 * Sends what only reads over few connections, the next post before the last one is answered: fewer reads and writes of
 * sockets, which is most of what a small fetch costs. A response has no name, only its place in the order. So:
 *
 * - what changes something, is large or is not of one party with those before it goes elsewhere, by one post at a time;
 * - none is put behind an answer that is late, and those that are behind one that becomes late go elsewhere;
 * - a subgraph whose bytes leave any doubt loses the connection with all that wait on it, and is not pipelined for a minute.
 */
import { performance } from 'node:perf_hooks'
import { PASSPORT_HEADER } from '@fundmesh/platform/identity/passport'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Exchange, Post } from '../exchange.ts'
import { Pipeline, type PipelineOwner } from './pipeline.ts'

export interface PipeliningOptions {
  readonly name: string
  readonly url: string
  /** Takes what is not pipelined. */
  readonly elsewhere: Exchange
  readonly log: Logger
  /** Milliseconds for which a subgraph whose bytes are unusual is not pipelined. */
  readonly suspendMs?: number
  /** Milliseconds after which those behind an answer that has not come go elsewhere. */
  readonly lateMs?: number
}

const maxPipelines = 6
const maxDepth = 16
/** Characters of a post that is still small. */
const maxBody = 16 * 1024
/** Milliseconds that a post may have to wait, by what is known, for those before it. */
const maxWaitMs = 20
/** An answer is late when it takes so many times the usual, and not before `youngMs`. */
const lateTimes = 4
const turnTimes = 3
const youngMs = 10
/** Milliseconds without a post, after which a connection is closed: sooner than subgraphs do, whose usual is 5 s. */
const idleMs = 4_000
const watchMs = 50
/** Of a connection that is ended by the subgraph sooner than after so many answers, pipelining has nothing. */
const fewAnswers = 10

export function pipeliningExchange(options: PipeliningOptions): Exchange {
  const { name, url, elsewhere, log, suspendMs = 60_000, lateMs = 100 } = options
  const { hostname, host, port, pathname, search, protocol } = new URL(url)
  if (protocol !== 'http:') return elsewhere

  const pipelines = new Set<Pipeline>()
  /** The milliseconds of an answer, lately. */
  let usual = 1
  /** A connection has shown that it stays open. */
  let proven = false
  let suspendedUntil = 0
  let closed = false
  let watch: NodeJS.Timeout | undefined

  const fixed = [
    `POST ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
    'accept-encoding: identity',
    'content-length: ',
  ].join('\r\n')

  const suspend = (reason: string) => {
    proven = false
    suspendedUntil = performance.now() + suspendMs
    log.warn({ subgraph: name, reason }, 'pipelining is suspended')
    for (const pipeline of [...pipelines]) pipeline.displace(reason)
  }

  /** The milliseconds that a turn of the event loop takes, lately: answers that are there are not read before it ends. */
  let turn = 0
  let turnBegan = 0
  const lateAfter = (leastMs: number) => Math.max(leastMs, lateTimes * usual, turnTimes * turn)

  let waiting: Pipeline[] = []
  const flush = () => {
    turn = Math.max(performance.now() - turnBegan, 0.9 * turn)
    const those = waiting
    waiting = []
    for (const pipeline of those) pipeline.flush()
  }

  const owner: PipelineOwner = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 80),
    write({ body, passport }) {
      const seal = passport === undefined ? '' : `\r\n${PASSPORT_HEADER}: ${passport}`
      return `${fixed}${Buffer.byteLength(body)}${seal}\r\n\r\n${body}`
    },
    // Not at once: what this turn of the event loop has for one connection leaves in one write.
    wrote(pipeline) {
      if (waiting.includes(pipeline)) return
      waiting.push(pipeline)
      if (waiting.length > 1) return
      turnBegan = performance.now()
      setImmediate(flush)
    },
    answered(milliseconds, last, answers) {
      if (!last) proven = true
      else if (answers < fewAnswers) suspend('its connections do not last')
      usual += (milliseconds - usual) / 16
    },
    unusual: suspend,
    gone(pipeline) {
      pipelines.delete(pipeline)
      if (pipelines.size > 0) return
      clearInterval(watch)
      watch = undefined
    },
  }

  const open = (): Pipeline => {
    const pipeline = new Pipeline(owner)
    pipelines.add(pipeline)
    // Once what came has been read.
    watch ??= setInterval(() => setImmediate(look), watchMs)
    return pipeline
  }

  const look = () => {
    const now = performance.now()
    for (const pipeline of pipelines) {
      const age = now - pipeline.since
      if (pipeline.load === 0 && age > idleMs) pipeline.close()
      else if (pipeline.load > 1 && age > lateAfter(lateMs)) pipeline.displaceFollowers()
    }
  }

  const choose = (party: string | undefined): Pipeline | undefined => {
    const now = performance.now()
    if (closed || now < suspendedUntil) return undefined
    const young = lateAfter(youngMs)
    let best: Pipeline | undefined
    for (const pipeline of pipelines) {
      if (!pipeline.takes(party)) continue
      const { load } = pipeline
      if (load === 0) return pipeline
      if (!proven || load >= maxDepth || load * usual > maxWaitMs || now - pipeline.since > young) continue
      if (!best || load < best.load) best = pipeline
    }
    return pipelines.size < maxPipelines ? open() : best
  }

  return {
    send(post, receiver) {
      const pipeline = isPlain(post) ? choose(post.party) : undefined
      return (pipeline ?? elsewhere).send(post, receiver)
    },
    async close() {
      closed = true
      for (const pipeline of [...pipelines]) pipeline.close()
      await elsewhere.close()
    },
  }
}

/** A seal is written as it stands: it must not be able to end its line. */
const isPlain = ({ repeatable, body, passport }: Post) =>
  repeatable && body.length <= maxBody && (passport === undefined || /^[\w.-]+$/.test(passport))
