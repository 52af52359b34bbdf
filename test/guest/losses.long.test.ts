import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { familiesOf, lossesOf } from './losses.ts'
import { OUTPUTS, untrueOf } from './untrue.ts'

const LIMIT_MS = 1_200_000
const PAIRS_OF_EACH = 60

describe('of every output', () => {
  it('any one loss says nothing untrue', { timeout: LIMIT_MS }, () => {
    const untrue = OUTPUTS.flatMap((output) =>
      lossesOf(output.lines).flatMap(([what, lose]) => untrueOf(output, lose(output.lines), what)),
    )
    expect(untrue).toEqual([])
  })

  it('two losses say nothing untrue', { timeout: LIMIT_MS }, () => {
    const untrue = OUTPUTS.flatMap((output) => {
      const part = fc.constantFrom(...familiesOf(output.lines))
      const { seed = 1 } = fc.readConfigureGlobal()
      return fc
        .sample(fc.tuple(part, part), { numRuns: PAIRS_OF_EACH, seed })
        .flatMap(([[what, lose], [other, loseOther]]) =>
          untrueOf(output, loseOther(lose(output.lines)), `${what}, ${other} (seed ${seed})`),
        )
    })
    expect(untrue).toEqual([])
  })

  it('a cut at any fifth line says nothing untrue', { timeout: LIMIT_MS }, () => {
    const untrue = OUTPUTS.flatMap((output) =>
      output.lines.flatMap((_, at) =>
        at % 5 === 0 ? untrueOf(output, output.lines.slice(0, at), `cut at ${at}`) : [],
      ),
    )
    expect(untrue).toEqual([])
  })
})
