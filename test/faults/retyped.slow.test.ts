import { expect, it } from 'vitest'
import { retypeAll } from './retyped.ts'

const seed = Number(process.env.RETYPE_SEED ?? 1)

it(`a diagnosis stays right if one of some random fields has another type (RETYPE_SEED=${seed})`, async () => {
  const { trials, problems } = await retypeAll(seed, 0.06)
  expect(trials).toBeGreaterThan(60)
  expect(problems).toEqual([])
}, 120_000)
