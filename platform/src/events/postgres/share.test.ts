import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shareOf } from './share.ts'

const members = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 })
const partitions = fc.integer({ min: 1, max: 20 })

it('every partition has one reader, and nobody has two more than another', () => {
  fc.assert(
    fc.property(members, partitions, partitions, (ids, ofA, ofB) => {
      const everyone = ids.map((id) => ({ id, topics: ['a', 'b'] }))
      const places = [
        ...Array.from({ length: ofA }, (_, partition) => ({ topic: 'a', partition })),
        ...Array.from({ length: ofB }, (_, partition) => ({ topic: 'b', partition })),
      ]
      const shares = ids.map((id) => shareOf(id, everyone, places))
      const dealt = shares.flat().map(({ topic, partition }) => `${topic}/${partition}`)
      expect(dealt.sort()).toEqual(places.map(({ topic, partition }) => `${topic}/${partition}`).sort())
      const sizes = shares.map((share) => share.length)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }),
  )
})

it('a member reads only the topics that it wants', () => {
  const everyone = [
    { id: '1', topics: ['a'] },
    { id: '2', topics: ['a', 'b'] },
  ]
  const places = [
    { topic: 'a', partition: 0 },
    { topic: 'b', partition: 0 },
    { topic: 'b', partition: 1 },
  ]
  expect(shareOf('1', everyone, places)).toEqual([{ topic: 'a', partition: 0 }])
  expect(shareOf('2', everyone, places)).toEqual(places.slice(1))
})
