/** Whether two answers are the same, as far as the specification says what they must be. */

export interface Comparable {
  readonly data: unknown
  readonly errors: readonly (readonly (string | number)[])[]
}

/**
 * What is different, or nothing. The data is compared as text: so is the order of its fields. Of errors it is compared
 * which nulls they explain: where a null goes further up, the specification leaves open which of the errors below are told.
 */
export function difference(expected: Comparable, got: Comparable): string | undefined {
  const [wanted, given] = [JSON.stringify(expected.data ?? null), JSON.stringify(got.data ?? null)]
  if (wanted !== given) return `expected data ${wanted}\n     got data ${given}`
  const [explained, explains] = [explainedNulls(expected), explainedNulls(got)]
  if (explained !== explains) return `expected errors at ${explained}\n     got errors at ${explains}\nin ${wanted}`
  return undefined
}

function explainedNulls({ data, errors }: Comparable): string {
  const nulls = new Set(
    errors.map((path) => {
      let at: unknown = data
      let depth = 0
      while (depth < path.length && typeof at === 'object' && at !== null) {
        at = Object.getOwnPropertyDescriptor(at, String(path[depth]))?.value
        depth++
      }
      return `${path.slice(0, depth).join('.')}${at === null || at === undefined ? '' : ' which is not null'}`
    }),
  )
  return JSON.stringify([...nulls].sort())
}
