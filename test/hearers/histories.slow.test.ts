import fc from 'fast-check'
import { expect, it } from 'vitest'
import { histories, played } from './histories.ts'
import { PROMISES } from './promises.ts'

it('whatever happens to the CLBs of several teams, many times: every promise to their receivers holds', async () => {
  const holds = fc.asyncProperty(histories, async (history) => {
    const all = await played(history)
    for (const [name, promise] of Object.entries(PROMISES)) expect(promise(all), name).toEqual([])
  })
  await fc.assert(holds, { numRuns: 400 })
}, 300_000)
