import { describe, expect, it } from 'vitest'
import { throughHandler } from './payloads.ts'

// A tenth of payloads.long.test.ts. Other payloads: FUZZ_SEED=2.
const SEED = Number(process.env.FUZZ_SEED ?? 1)

describe(`2,000 mutated payloads (seed ${SEED})`, () => {
  it('through the handler have an outcome with a name each, and the heap stays flat', {
    timeout: 300_000,
  }, async () => {
    const names = await throughHandler(2_000, SEED)
    process.stdout.write(`${JSON.stringify(names)}\n`)
    expect(Object.keys(names)).toEqual(
      expect.arrayContaining(['alarm', 'HTTP 200', 'HTTP 400', 'unknown-shape']),
    )
  })
})
