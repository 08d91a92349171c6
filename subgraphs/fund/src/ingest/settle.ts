import type { Finding, Observation } from './adapter.ts'

/** An observation that can still turn out to contradict another: with what a finding about it would say. */
export interface Candidate extends Observation {
  readonly origin: Omit<Finding, 'reason'>
}

/**
 * Leaves one value per subject and day. An equal value that stands again is counted. Of values that contradict each
 * other none is kept: nothing in the file says which is right.
 */
export function settle(candidates: readonly Candidate[]): {
  observations: Observation[]
  repeated: number
  findings: Finding[]
} {
  const byKey = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    const key = `${candidate.subject} ${candidate.day}`
    const group = byKey.get(key)
    if (group) group.push(candidate)
    else byKey.set(key, [candidate])
  }
  const observations: Observation[] = []
  const findings: Finding[] = []
  let repeated = 0
  for (const group of byKey.values()) {
    const [first] = group as [Candidate]
    if (group.every(({ value }) => value === first.value)) {
      const { subject, day, value, line } = first
      observations.push({ subject, day, value, line })
      repeated += group.length - 1
      continue
    }
    const said = group.map(({ value, line }) => `${value} (line ${line})`).join(', ')
    const reason = `${first.subject} has different values for ${first.day} in this file: ${said}`
    for (const { origin } of group) findings.push({ ...origin, reason })
  }
  return { observations, repeated, findings }
}
