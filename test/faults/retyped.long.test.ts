import { expect, it } from 'vitest'
import { retypeAll } from './retyped.ts'

const seed = Number(process.env.RETYPE_SEED ?? 1)

it(`a diagnosis stays right if any field of any answer has another type (RETYPE_SEED=${seed})`, async () => {
  const { trials, problems } = await retypeAll(seed, 1)
  process.stdout.write(`${trials} answers with one field retyped, seed ${seed}\n`)
  expect(problems).toEqual([])
}, 900_000)
