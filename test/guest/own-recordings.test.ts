import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateGuest, factsOf } from '../../src/guest/index.ts'
import { differences, outcomesOf, rangeOf, sourcesOf } from '../guest-live/compare.ts'
import { FAULTS } from '../guest-live/faults/index.ts'
import { type Met, outcomeOf } from '../guest-live/truth.ts'

// What guest/probe.sh printed on backends with one fault each (test/fixtures/guest-probe), and what real probes met there.

const FOLDER = new URL('../fixtures/guest-probe/', import.meta.url)

const read = (recording: string, file: string): string =>
  readFileSync(new URL(`${recording}/${file}`, FOLDER), 'utf8')

const RECORDED = readdirSync(FOLDER, { withFileTypes: true })
  .filter((item) => item.isDirectory())
  .map(({ name }) => name)

function faultOf(recording: string) {
  const fault = FAULTS.find(({ name }) => name === recording)
  if (!fault) throw new Error(`no fault ${recording}`)
  return fault
}

function evaluated(recording: string, text: string) {
  const fault = faultOf(recording)
  const facts = factsOf({ kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null })
  return { fault, evaluation: evaluateGuest(facts, fault.check, rangeOf(fault)) }
}

describe.each(RECORDED)('the recording of %s', (name) => {
  it('is of a backend on which the probes met what the fault says', () => {
    const fault = faultOf(name)
    const met: readonly Met[] = JSON.parse(read(name, 'TRUTH.json'))
    expect(met.map(({ src }) => src)).toEqual(sourcesOf(fault))
    expect(met.map((one) => outcomeOf(one, fault.check))).toEqual(fault.meets)
  })

  it('gives each source the outcome that it met, and names the injected fault', () => {
    const { fault, evaluation } = evaluated(name, read(name, 'probe.txt'))
    const means = { name: 'dash', isComplete: true, isSampledTwice: true }
    expect(differences(evaluation, fault, means).join('\n')).toBe('')
    // An outcome that may be unknown must not be so for each of them.
    if (fault.mayBeUnknown === null) expect(outcomesOf(evaluation, fault)).not.toContain('unknown')
  })

  it('with BusyBox only says nothing wrong', () => {
    const { fault, evaluation } = evaluated(name, read(name, 'probe-busybox.txt'))
    const means = { name: 'BusyBox only', isComplete: false, isSampledTwice: true }
    expect(differences(evaluation, fault, means).join('\n')).toBe('')
  })
})

it('there is a recording of nearly every fault that is injected live', () => {
  const missing = FAULTS.map(({ name }) => name).filter((name) => !RECORDED.includes(name))
  expect(missing).toEqual([])
})

it('whatever is missing at the end of an output, nothing is said that is not so', () => {
  const cuts = fc.record({
    name: fc.constantFrom(...RECORDED),
    file: fc.constantFrom('probe.txt', 'probe-busybox.txt'),
    part: fc.double({ min: 0.02, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(cuts, ({ name, file, part }) => {
      const text = read(name, file)
      const { fault, evaluation } = evaluated(name, text.slice(0, Math.floor(text.length * part)))
      const means = { name: 'cut', isComplete: false, isSampledTwice: true }
      expect(differences(evaluation, fault, means).join('\n')).toBe('')
    }),
    { numRuns: 300 },
  )
})
