/** Fair shares: which member of a group reads which partition. Every member computes the same from the same list. */
import type { TopicPartition } from '../place.ts'

export interface Member {
  readonly id: string
  readonly topics: readonly string[]
}

/** Deals the partitions out like cards to the members that want their topic; nobody has two more than another. */
export function shareOf(
  memberId: string,
  members: readonly Member[],
  partitions: readonly TopicPartition[],
): TopicPartition[] {
  const ordered = [...members].sort((a, b) => (a.id < b.id ? -1 : 1))
  const dealt = new Map<string, number>()
  const mine: TopicPartition[] = []
  for (const place of [...partitions].sort(byPlace)) {
    let next: Member | undefined
    for (const member of ordered) {
      if (!member.topics.includes(place.topic)) continue
      if (next === undefined || count(dealt, member) < count(dealt, next)) next = member
    }
    if (next === undefined) continue
    dealt.set(next.id, count(dealt, next) + 1)
    if (next.id === memberId) mine.push(place)
  }
  return mine
}

function count(dealt: ReadonlyMap<string, number>, member: Member): number {
  return dealt.get(member.id) ?? 0
}

function byPlace(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1
}
