/** Which partition a key belongs to: the same as Kafka's default partitioner, so that both logs agree. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions
}

/** Murmur2 with Kafka's seed, as 32 signed bits (org.apache.kafka.common.utils.Utils.murmur2). */
export function murmur2(bytes: Buffer): number {
  const multiplier = 0x5bd1e995
  let hash = 0x9747b28c ^ bytes.length
  const words = bytes.length >> 2
  for (let word = 0; word < words; word++) {
    let k = Math.imul(bytes.readInt32LE(word * 4), multiplier)
    k = Math.imul(k ^ (k >>> 24), multiplier)
    hash = Math.imul(hash, multiplier) ^ k
  }
  const rest = bytes.length & 3
  const tail = words * 4
  if (rest === 3) hash ^= bytes[tail + 2]! << 16
  if (rest >= 2) hash ^= bytes[tail + 1]! << 8
  if (rest >= 1) hash = Math.imul(hash ^ bytes[tail]!, multiplier)
  hash = Math.imul(hash ^ (hash >>> 13), multiplier)
  return hash ^ (hash >>> 15)
}
