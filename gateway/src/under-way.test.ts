import { describe, expect, it } from 'vitest'
import { UnderWay } from './under-way.ts'

describe('what is under way', () => {
  it('is found until it ends, however much comes and goes beside it', () => {
    const underWay = new UnderWay<object>()
    const lasting = {}
    underWay.begin('lasting', lasting)
    for (let index = 0; index < 1_000; index += 1) {
      const passing = {}
      underWay.begin(String(index), passing)
      expect(underWay.get(String(index))).toBe(passing)
      underWay.end(String(index), passing)
      expect(underWay.get(String(index))).toBeUndefined()
    }
    expect(underWay.get('lasting')).toBe(lasting)
    underWay.end('lasting', lasting)
    expect(underWay.get('lasting')).toBeUndefined()
  })

  it('is not ended by what it came after', () => {
    const underWay = new UnderWay<object>()
    const [first, second] = [{}, {}]
    underWay.begin('a', first)
    underWay.forget()
    expect(underWay.get('a')).toBeUndefined()
    underWay.begin('a', second)
    underWay.end('a', first)
    expect(underWay.get('a')).toBe(second)
  })
})
