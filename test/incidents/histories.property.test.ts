import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { histories, played } from './histories.ts'
import { PROMISES } from './promises.ts'

describe('whatever happens to a few CLBs', () => {
  it.each(Object.entries(PROMISES))('%s', (_, promise) => {
    const holds = fc.property(histories, (history) => {
      expect(promise(played(history))).toEqual([])
    })
    fc.assert(holds, { numRuns: 100 })
  })

  it('a restart after each step changes nothing', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { tellings, incidents } = played(history, { restarts: true })
        const whole = played(history)
        expect(tellings).toEqual(whole.tellings)
        expect([...incidents]).toEqual([...whole.incidents])
      }),
      { numRuns: 60 },
    )
  })
})
