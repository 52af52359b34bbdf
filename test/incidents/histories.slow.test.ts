import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { histories, played } from './histories.ts'
import { PROMISES } from './promises.ts'

describe('whatever happens to a few CLBs, many times', () => {
  it('every promise holds', () => {
    const holds = fc.property(histories, (history) => {
      const world = played(history)
      for (const [name, promise] of Object.entries(PROMISES)) expect(promise(world), name).toEqual([])
    })
    fc.assert(holds, { numRuns: 5_000 })
  }, 120_000)
})
