import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { A, B, histories, played, REFUSES, REST, URGENT } from './histories.ts'
import { heardBy, PROMISES } from './promises.ts'

describe('whatever happens to the CLBs of several teams', () => {
  it('every promise to their receivers holds', async () => {
    const holds = fc.asyncProperty(histories, async (history) => {
      const all = await played(history)
      for (const [name, promise] of Object.entries(PROMISES)) expect(promise(all), name).toEqual([])
    })
    await fc.assert(holds, { numRuns: 40 })
  })

  it('what a receiver hears does not depend on the other receivers', async () => {
    const holds = fc.asyncProperty(histories, async (history) => {
      const [all, alone] = [await played(history), await played(history, [A])]
      expect(heardBy(alone, B)).toEqual([])
      expect(heardBy(all, A)).toEqual(heardBy(alone, A))
      const pair = await played(history, [B, REFUSES, URGENT, REST])
      expect(heardBy(all, URGENT)).toEqual(heardBy(pair, URGENT))
    })
    await fc.assert(holds, { numRuns: 10 })
  })
})
