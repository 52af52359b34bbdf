import { describe, expect, it } from 'vitest'
import { contains } from '../../src/rules/index.ts'
import { CAUSES, check, evaluated, FOLDERS, folder, outcomeIn, outcomeOf, portOf, set } from './recordings.ts'

const RANGE = '100.64.0.0/10'

describe.each(FOLDERS)('the recordings of %s', (name) => {
  const { files, truth } = folder(name)
  const of = check(portOf(name))

  it.each(truth)('give $src the outcome that it met', (met) => {
    const evaluation = evaluated(files, of, met.src)
    expect(outcomeIn(evaluation, met.src)).toBe(outcomeOf(met))
    if (outcomeOf(met) === 'ok')
      expect(
        evaluation.reasons.filter(({ sources }) => contains(sources, set(met.src))).map(({ code }) => code),
      ).toEqual([])
  })

  it('name the injected fault of the whole range, and nothing else', () => {
    const evaluation = evaluated(files, of, RANGE)
    const cause = CAUSES[name]
    expect(evaluation.reasons.map(({ code }) => code)).toEqual(cause === null ? [] : [cause])
    if (cause === null) expect(evaluation.parts.map(({ outcome }) => outcome)).toEqual(['ok'])
  })
})
