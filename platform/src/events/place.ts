/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** A partition's name, for maps and messages. */
export function placeName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
