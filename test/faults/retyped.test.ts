import { expect, it } from 'vitest'
import { retypeAll } from './retyped.ts'

// A few of the fields. retyped.slow.test.ts has more, and retyped.long.test.ts has all.

it('a message arrives and stays right if one of a few fields has another type', async () => {
  const { trials, problems } = await retypeAll(2, 0.03, 1)
  expect(trials).toBeGreaterThan(10)
  expect(problems).toEqual([])
}, 120_000)
