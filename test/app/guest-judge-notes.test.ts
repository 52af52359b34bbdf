import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type AskedTarget, answerText, evaluateReport } from '../../src/app/guest-judge/index.ts'
import { isDoubtful, notesOn } from '../../src/app/guest-judge/notes.ts'
import { isOfOtherTime } from '../../src/checks/index.ts'
import { factsOf } from '../../src/guest/index.ts'
import { ok } from '../../src/model/fact.ts'
import type { GuestReport } from '../../src/model/guest.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { guestCheck } from '../support/guest-check.ts'
import { snapshotOf } from '../support/snapshots.ts'

// What an output is about, and when it was made.

/** Some machines have no `date`. */
const OUTPUT = readFileSync(
  new URL('../fixtures/guest-probe/listen-127/probe.txt', import.meta.url),
  'utf8',
).replace(/^at=.*\n/m, '')
const SAVED = '2026-11-29T12:00:00.000Z'
const SECONDS = 1_795_000_000
const LOOKED = new Date(SECONDS * 1000).toISOString()
const DATED = OUTPUT.replace('clb-doctor-probe 1\n', `clb-doctor-probe 1\nat=${SECONDS}\n`)

const reportOf = (text: string, by: GuestReport['by'] = 'hand'): GuestReport => ({
  kind: 'probe',
  text,
  by,
  at: SAVED,
  instanceId: null,
})
const BESIDE = { takenAt: SAVED, isOfOtherTime: false, pool: 'TCP:80', isOfOtherCheck: false }
const NOTHING = { kind: null, path: null, host: null, method: null, codes: null, timeoutSeconds: null }

function answered(text: string, target: AskedTarget | null, language: Language) {
  const evaluated = evaluateReport({
    report: reportOf(text),
    target,
    sources: null,
    check: NOTHING,
    language,
  })
  if (evaluated.refusal !== null) throw new Error(evaluated.refusal)
  return { ...evaluated.answer, text: answerText(evaluated.answer, evaluated.check, language) }
}

describe.each(LANGUAGES)('in %s', (language) => {
  it('the time is that of the output itself', () => {
    const { notes, findings } = answered(DATED, null, language)
    expect(notes).toBeUndefined()
    const details = findings.map(({ detail }) => detail).join()
    expect(details).toContain(LOOKED.slice(0, 10))
    expect(details).not.toContain(SAVED.slice(0, 10))
  })

  it('an output without a time says that it is the one of the file', () => {
    const { notes = [], text } = answered(OUTPUT, null, language)
    expect(notes).toHaveLength(1)
    expect(text).toContain(notes[0])
  })

  it.each([
    ['another port', { ip: '10.0.1.16', port: 9090 }, '10.0.1.16:9090'],
    ['another address', { ip: '10.0.1.17', port: 80 }, '10.0.1.17:80'],
  ])('%s than the script was asked about is named', (_, target, named) => {
    const { notes = [] } = answered(DATED, target, language)
    expect(notes).toHaveLength(1)
    expect(notes[0]).toContain('10.0.1.16:80')
    expect(notes[0]).toContain(named)
  })

  it('a CLB with other sources than the script was told of is named', () => {
    const report = reportOf(DATED)
    const facts = factsOf(report)
    const sources = [...(facts.target?.sources ?? []), '203.0.113.26/32']
    const of = (own: readonly string[]) =>
      notesOn(
        { report: { ...report, at: SAVED }, facts, check: guestCheck({ port: 80 }), language },
        { ...BESIDE, sources: own },
      )
    expect(of(sources)).toHaveLength(1)
    expect(of(sources)[0]).toContain('203.0.113.26/32')
    expect(of(sources.slice(0, -1))).toEqual([])
    expect(isDoubtful(facts, { ...BESIDE, sources })).toBe(true)
    expect(isDoubtful(facts, { ...BESIDE, sources: sources.slice(0, -1) })).toBe(false)
  })
})

describe.each(LANGUAGES)('a rule that more than probes may have met, in %s', (language) => {
  const probed = (name: string): string =>
    readFileSync(new URL(`../fixtures/guest-probe/${name}/probe.txt`, import.meta.url), 'utf8').replace(
      'clb-doctor-probe 1\n',
      `clb-doctor-probe 1\nat=${SECONDS}\n`,
    )

  it('is likely, and the answer says that a snapshot may make it certain', () => {
    const { notes = [], findings } = answered(probed('ipt-drop-100-64'), null, language)
    expect(findings.map(({ certainty }) => certainty)).toEqual(['likely'])
    expect(notes).toEqual([expect.stringContaining('--snapshot')])
    const words = language === 'en' ? /its counter rose by [1-9]\d* packets/ : /计数增加了 [1-9]\d* 个报文/
    for (const { detail } of findings) {
      expect(detail.toLowerCase()).toMatch(words)
      expect(detail).not.toMatch(/not seen to move|没有看到它的计数/)
    }
  })

  it.each(['listen-127', 'ipt-goto'])('is not at work in %s, so nothing is said', (name) => {
    const { notes, findings } = answered(probed(name), null, language)
    expect(findings.map(({ certainty }) => certainty)).toEqual(['certain'])
    expect(notes).toBeUndefined()
  })
})

it.each([
  ['an hour before the snapshot', '2026-11-29T11:00:00.000Z', null, false],
  ['more than that', '2026-11-29T10:59:59.000Z', null, true],
  ['more than an hour behind it', '2026-11-29T13:00:01.000Z', null, true],
  ['before the trouble', '2026-11-29T11:50:00.000Z', '2026-11-29T11:55:00.000Z', true],
  ['in the trouble', '2026-11-29T11:56:00.000Z', '2026-11-29T11:55:00.000Z', false],
])('%s is of another time: %s', (_, at, onset, expected) => {
  const target = { key: 'lbl-aaaaaaaa/-/10.0.1.16:80', ip: '10.0.1.16', port: 80 }
  const guests = { '10.0.1.16:80': ok({ ...reportOf(OUTPUT), at }) }
  const snapshot = { ...snapshotOf({ machines: [] }), takenAt: SAVED, guests }
  expect(isOfOtherTime(target, { snapshot, onsets: new Map([[target.key, onset]]) })).toBe(expected)
})

it.each(['', 'soon', '12', '99999999999', '-5', '1e9'])('the time %j is no time', (value) => {
  const text = OUTPUT.replace('clb-doctor-probe 1\n', `clb-doctor-probe 1\nat=${value}\n`)
  expect(factsOf(reportOf(text)).at).toBeUndefined()
})

it('an address without a port has the port that the output is about', () => {
  const question = { report: reportOf(OUTPUT), sources: null, check: NOTHING, language: 'en' } as const
  const judged = (ip: string) => evaluateReport({ ...question, target: { ip, port: null } })
  expect(judged('10.0.1.16')).toMatchObject({ refusal: null, answer: { target: '10.0.1.16:80' } })
  expect(judged('10.0.1.99')).toMatchObject({ refusal: 'no-port' })
})

describe.each(LANGUAGES)('a machine on which nothing stops the probes, %s', (language) => {
  it('leaves the reader with what to do next', () => {
    const healthy = readFileSync(
      new URL('../fixtures/guest-probe/healthy/probe.txt', import.meta.url),
      'utf8',
    )
    expect(answered(healthy, null, language).text).toContain('clb-doctor diagnose')
  })
})
