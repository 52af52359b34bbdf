import { expect, it } from 'vitest'
import { mutatedAnswers } from './answers.ts'

// Other answers: FUZZ_SEED=2.
const SEED = Number(process.env.FUZZ_SEED ?? 1)

it(`2_000 mutated answers of the API (seed ${SEED}) have an outcome with a name each, and the heap stays flat`, async () => {
  const { names, wrong, growth } = await mutatedAnswers(2_000, SEED)
  process.stdout.write(`${JSON.stringify({ names, growth })}\n`)
  expect(wrong.slice(0, 3)).toEqual([])
  expect(Object.keys(names)).toEqual(expect.arrayContaining(['degraded', 'inconclusive', 'a rendering']))
  expect(growth).toBeLessThan(12 * 1024 * 1024)
}, 1_200_000)
