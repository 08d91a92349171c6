import fc from 'fast-check'
import { Partitioners } from 'kafkajs'
import { expect, it } from 'vitest'
import { partitionOf } from './partitioner.ts'

it('a key has the same partition in both logs', () => {
  const kafka = Partitioners.DefaultPartitioner()
  const metadata = (partitions: number) =>
    Array.from({ length: partitions }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      partitionErrorCode: 0,
      replicas: [],
      isr: [],
    }))
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 1, max: 40 }), (key, partitions) => {
      const message = { key, value: '' }
      expect(partitionOf(key, partitions)).toBe(kafka({ topic: 't', partitionMetadata: metadata(partitions), message }))
    }),
  )
})
