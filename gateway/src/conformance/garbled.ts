/** Subgraphs that answer wrongly: right answers in which something was changed by chance. */
import type { Random } from '@fundmesh/platform/testing/random'
import type { SubgraphAnswer, SubgraphClient } from '../fetch/subgraph-client.ts'

const garbage: readonly ((chance: Random) => unknown)[] = [
  () => null,
  () => true,
  () => [],
  () => ({}),
  () => -1.5e300,
  () => 2 ** 53,
  () => '',
  () => '\ud800"\u2028</script>',
  () => [[[null]], {}],
  () => ({ __typename: 'Query', id: { id: null } }),
  () => ({ __typename: 7 }),
  () => JSON.parse('{"__proto__":{"id":"polluted"},"constructor":1}'),
  (chance) => Array.from({ length: 1 + chance.below(30) }, () => ({ __typename: 'E0', id: 'E0-1' })),
  () => nested(200),
]

const nested = (depth: number): unknown =>
  depth === 0 ? 'deep' : depth % 2 ? [nested(depth - 1)] : { id: nested(depth - 1) }

/** `state.on` says whether anything is changed now. */
export function garbling(chance: Random, state: { on: boolean }) {
  return (client: SubgraphClient): SubgraphClient => ({
    async ask(request) {
      const answer = await client.ask(request)
      if (!state.on) return answer
      const data = { data: answer.data } as { data: unknown }
      for (let changes = chance.below(4); changes > 0; changes--) change(data, chance)
      return { data: isObject(data.data) ? data.data : null, errors: garbledErrors(answer, chance) }
    },
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Changes one place: puts something else there, or takes it away, or adds to a list. */
function change(root: { data: unknown }, chance: Random): void {
  let holder: Record<string, unknown> | unknown[] = root as Record<string, unknown>
  let key: string | number = 'data'
  for (;;) {
    const value: unknown = (holder as Record<string | number, unknown>)[key]
    const below: readonly (string | number)[] = Array.isArray(value)
      ? [...value.keys()]
      : isObject(value)
        ? Object.keys(value)
        : []
    if (below.length === 0 || (chance.chance(0.2) && holder !== root)) break
    holder = value as typeof holder
    key = chance.pick(below)
  }
  if (Array.isArray(holder) && chance.chance(0.4)) {
    if (chance.chance(0.5)) holder.splice(key as number, 1)
    else
      holder.splice(
        key as number,
        0,
        chance.pick([null, structuredClone(holder[key as number]), chance.pick(garbage)(chance)]),
      )
    return
  }
  if (isObject(holder) && chance.chance(0.25)) delete holder[key]
  else
    Object.defineProperty(holder, key, {
      value: chance.pick(garbage)(chance),
      enumerable: true,
      configurable: true,
      writable: true,
    })
}

function garbledErrors({ errors }: SubgraphAnswer, chance: Random): SubgraphAnswer['errors'] {
  if (!chance.chance(0.3)) return errors
  const steps: readonly (string | number)[] = ['_entities', 0, 1, 99, -1, 1.5, 'id', '__proto__', 'f0', 'a0']
  const path = chance.chance(0.3) ? undefined : Array.from({ length: chance.below(5) }, () => chance.pick(steps))
  const code = chance.pick<unknown>(['FORBIDDEN', 'BAD_USER_INPUT', 'constructor', 7, null, undefined, { code: 1 }])
  return [...errors, { message: 'secret of the subgraph', code, path }]
}
