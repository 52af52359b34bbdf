import fc from 'fast-check'
import { expect, it } from 'vitest'
import { familiesOf } from './losses.ts'
import { OUTPUTS, untrueOf } from './untrue.ts'

/** One part in so many. losses.long.test.ts takes all. */
const SHARE = 6

it('whatever one section or kind of fact is lost, nothing untrue is said', () => {
  const { seed = 1 } = fc.readConfigureGlobal()
  const whole = OUTPUTS.filter(({ name }) => name.endsWith('/probe.txt'))
  const untrue = whole.flatMap((output, i) =>
    familiesOf(output.lines)
      .filter((_, at) => (at + i + seed) % SHARE === 0)
      .flatMap(([what, lose]) => untrueOf(output, lose(output.lines), `${what} (seed ${seed})`)),
  )
  expect(untrue).toEqual([])
})
