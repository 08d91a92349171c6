import { check } from './limits.ts'

/** Checks the variables before they are coerced, without recursion: their depth is the client's. */
export function checkVariables(variables: Readonly<Record<string, unknown>>): void {
  const waiting: [value: unknown, depth: number][] = Object.values(variables).map((value) => [value, 1])
  let values = waiting.length
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value, depth] = next
    if (typeof value !== 'object' || value === null) continue
    check('variableDepth', depth)
    const within = Array.isArray(value) ? value : Object.values(value)
    if (Array.isArray(value)) check('listItems', value.length)
    values += within.length
    check('variableValues', values)
    for (const inner of within) waiting.push([inner, depth + 1])
  }
}
