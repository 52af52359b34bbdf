import { describe, expect, it } from 'vitest'
import { siteOf } from './catalogue/fault.ts'
import { healthy } from './healthy.ts'
import { randomFrom } from './random.ts'
import { SHAPES, shaped } from './shapes.ts'

describe('a random healthy CLB', () => {
  it('is the same for the same seed, and is healthy for every seed', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const world = healthy(randomFrom(seed))
      if (seed % 50 === 0) expect(healthy(randomFrom(seed))).toEqual(world)
      const sick = siteOf(world).targets.filter((target) => target.status() !== 'Alive')
      expect([seed, sick.map(({ key }) => key)]).toEqual([seed, []])
    }
  })
})

describe.each(SHAPES)('a random CLB with $name', (shape) => {
  it('is the same for the same seed, and some of the seeds fit', () => {
    const made = Array.from({ length: 60 }, (_, seed) => shaped(randomFrom(seed), shape))
    expect(made.filter((world) => world !== null).length).toBeGreaterThan(5)
    expect(Array.from({ length: 60 }, (_, seed) => shaped(randomFrom(seed), shape))).toEqual(made)
  })
})
