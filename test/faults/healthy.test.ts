import { describe, expect, it } from 'vitest'
import { healthy } from './healthy.ts'
import { randomFrom } from './random.ts'

describe('a healthy CLB of random shape', () => {
  it('is the same for the same seed, and healthy for any', () => {
    // It throws where it is not.
    for (let seed = 1; seed <= 200; seed++) {
      const world = healthy(randomFrom(seed))
      if (seed % 50 === 0) expect(healthy(randomFrom(seed))).toEqual(world)
    }
  })
})
