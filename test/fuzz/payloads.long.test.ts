import { describe, expect, it } from 'vitest'
import { throughHandler, throughHttp } from './payloads.ts'

// The whole of what payloads.slow.test.ts runs a tenth of. Other payloads: FUZZ_SEED=2.
const SEED = Number(process.env.FUZZ_SEED ?? 1)

describe(`20,000 mutated payloads (seed ${SEED})`, () => {
  it('over HTTP have an outcome with a name each, and the heap stays flat', {
    timeout: 1_800_000,
  }, async () => {
    const names = await throughHttp(20_000, SEED)
    process.stdout.write(`${JSON.stringify(names)}\n`)
    expect(Object.keys(names)).toEqual(
      expect.arrayContaining(['alarm', 'not-json', 'no-clb-named', 'unknown-shape']),
    )
  })

  it('through the handler have an outcome with a name each, and the heap stays flat', {
    timeout: 1_800_000,
  }, async () => {
    const names = await throughHandler(20_000, SEED)
    process.stdout.write(`${JSON.stringify(names)}\n`)
    expect(Object.keys(names)).toEqual(
      expect.arrayContaining(['alarm', 'HTTP 200', 'HTTP 400', 'unknown-shape']),
    )
  })
})
