import { getEventListeners } from 'node:events'
import { Kind, type OperationDefinitionNode, parse } from 'graphql'
import { beforeEach, describe, expect, it } from 'vitest'
import type { PermittedOperation } from './access/permit.ts'
import { setDeadline, timeLeft } from './fetch/deadline.ts'
import type { Completed } from './shape/complete.ts'
import { type Work, withCoalescing } from './with-coalescing.ts'

const definitionOf = (query: string) =>
  parse(query).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode
const soon = () => new Date(Date.now() + 3_600_000)
const caller = { tenant: 'alder', subject: 'ann', client: 'app', scopes: new Set(['a']), expiresAt: soon() }
const rights = { authenticated: true, scopes: new Set<string>(), policies: new Set<string>(), grantsVersion: 1 }
const question = {
  view: 'v',
  planKey: 'p',
  definition: definitionOf('{ a }'),
  variables: { n: 1 },
  knownAt: '2026-01-01T00:00:00.000Z',
  isOfNow: true,
  caller,
  channel: 'GRAPHQL',
  atLeastEpoch: 0,
  rights: { ...rights, fingerprint: 'f' },
} as unknown as PermittedOperation

describe('equal questions in flight', () => {
  let begun: { signal: AbortSignal; land: (data: string) => void; fail: (error: Error) => void }[]
  let ask: (changed?: object, signal?: AbortSignal) => Promise<string>
  const asking = (told: boolean) => {
    const work: Work = (_, signal) =>
      new Promise((resolve, reject) =>
        begun.push({ signal, land: (data) => resolve({ data } as Completed), fail: reject }),
      )
    const once = withCoalescing(work, { told, longestMs: 15_000 })
    return async (changed: object = {}, signal = new AbortController().signal) =>
      (await once({ ...question, ...changed }, signal)).data
  }
  beforeEach(() => {
    begun = []
    ask = asking(true)
  })

  it('are answered once, and the next one anew', async () => {
    const all = Promise.all([ask(), ask(), ask({ knownAt: '2026-01-01T00:00:00.001Z' })])
    expect(begun).toHaveLength(1)
    begun[0]!.land('one')
    expect(await all).toEqual(['one', 'one', 'one'])
    void ask()
    expect(begun).toHaveLength(2)
  })

  it('are answered anew after a mutation that was worked on elsewhere', () => {
    let forget = () => {}
    const work: Work = (_, signal) => new Promise((_, fail) => begun.push({ signal, land() {}, fail }))
    const once = withCoalescing(work, { told: true, longestMs: 15_000, onForget: (given) => (forget = given) })
    const { signal } = new AbortController()
    void once(question, signal)
    forget()
    void once(question, signal)
    expect(begun).toHaveLength(2)
  })

  it('are each caller’s own where something in them is only for who asked', async () => {
    const work: Work = async () => {
      count += 1
      return { data: `${count}` } as Completed
    }
    let count = 0
    const once = withCoalescing(work, { told: false, isOwn: ({ planKey }) => planKey === 'own', longestMs: 15_000 })
    const { signal } = new AbortController()
    const asked = async (planKey: string) =>
      Promise.all(
        ['ann', 'ben', 'ann'].map(async (subject) => {
          const operation = { ...question, planKey, caller: { ...caller, subject } } as PermittedOperation
          return (await once(operation, signal)).data
        }),
      )
    expect(await asked('p')).toEqual(['1', '1', '1'])
    expect(await asked('own')).toEqual(['2', '3', '2'])
  })

  it('fail together, and the next one is asked anew', async () => {
    const all = Promise.allSettled([ask(), ask()])
    begun[0]!.fail(new Error('no'))
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    void ask()
    expect(begun).toHaveLength(2)
  })

  it.each<[string, object]>([
    ['another view', { view: 'w' }],
    ['other places that were taken out', { planKey: 'p 01' }],
    ['other variables', { variables: { n: 2 } }],
    ['other rights', { rights: { ...rights, fingerprint: 'g' } }],
    ['another channel', { channel: 'STREAM' }],
    ['a consistency token', { atLeastEpoch: 1 }],
    ['a fixed instant', { isOfNow: false }],
    ['another tenant', { caller: { ...caller, tenant: 'birch' } }],
    ['another subject', { caller: { ...caller, subject: 'bob' } }],
    ['another client', { caller: { ...caller, client: 'web' } }],
    ['other scopes', { caller: { ...caller, scopes: new Set(['b']) } }],
    ['another region', { caller: { ...caller, region: 'DE' } }],
    ['a token that ends meanwhile', { caller: { ...caller, expiresAt: new Date(Date.now() + 10_000) } }],
    ['a mutation', { definition: definitionOf('mutation { a }') }],
  ])('are not those with %s', (_, changed) => {
    void ask()
    void ask(changed)
    expect(begun).toHaveLength(2)
  })

  it('are those of all whose rights are the same, where subgraphs are told of nobody', () => {
    ask = asking(false)
    void ask()
    void ask({ caller: { ...caller, subject: 'bob', client: 'web' } })
    expect(begun).toHaveLength(1)
    void ask({ rights: { ...rights, fingerprint: 'g' } })
    expect(begun).toHaveLength(2)
  })

  it('go on while one who asked is there, and end with the last', async () => {
    const [first, second] = [new AbortController(), new AbortController()]
    void ask({}, first.signal)
    const stays = ask({}, second.signal)
    first.abort()
    expect(begun[0]!.signal.aborted).toBe(false)
    void ask()
    expect(begun).toHaveLength(1)
    begun[0]!.land('there')
    expect(await stays).toBe('there')
    expect(getEventListeners(second.signal, 'abort')).toEqual([])

    const last = new AbortController()
    void ask({}, last.signal)
    last.abort()
    expect(begun[1]!.signal.aborted).toBe(true)
    void ask()
    expect(begun).toHaveLength(3)
  })

  it('have the time that is left to the first of those who ask', () => {
    const first = new AbortController()
    setDeadline(first.signal, 1_000)
    void ask({}, first.signal)
    void ask()
    expect(timeLeft(begun[0]!.signal)).toBeLessThanOrEqual(1_000)
  })

  it('are not joined by who asks after a mutation was answered', async () => {
    void ask()
    const changed = ask({ definition: definitionOf('mutation { a }') })
    void ask()
    expect(begun).toHaveLength(2)
    begun[1]!.land('changed')
    await changed
    void ask()
    expect(begun).toHaveLength(3)
  })
})
