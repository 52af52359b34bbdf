import { describe, expect, it } from 'vitest'
import { throughHttp } from './payloads.ts'

// A tenth of payloads.long.test.ts. Other payloads: FUZZ_SEED=2.
const SEED = Number(process.env.FUZZ_SEED ?? 1)

describe(`2,000 mutated payloads (seed ${SEED})`, () => {
  it('over HTTP have an outcome with a name each, and the heap stays flat', {
    timeout: 300_000,
  }, async () => {
    const names = await throughHttp(2_000, SEED)
    process.stdout.write(`${JSON.stringify(names)}\n`)
    expect(Object.keys(names)).toEqual(
      expect.arrayContaining(['alarm', 'not-json', 'no-clb-named', 'unknown-shape']),
    )
  })
})
