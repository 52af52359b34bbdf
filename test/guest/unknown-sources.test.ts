import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { tellingReasons } from '../../src/guest/index.ts'
import { check, evaluatedProbe, set } from './recordings.ts'

const text = (name: string): string =>
  readFileSync(new URL(`../fixtures/guest-probe/${name}/probe.txt`, import.meta.url), 'utf8')

it('a healthy machine has a route back to every source that a cable can bring, if nobody knows the sources', () => {
  const evaluation = evaluatedProbe(text('healthy'), check(80, { httpVersion: 'HTTP/1.0' }), '0.0.0.0/0')
  expect(
    tellingReasons(evaluation, set('0.0.0.0/0')).map(({ code, decidedBy }) => `${code} ${decidedBy}`),
  ).toEqual([])
})

it('a limit of echo replies below the interval is named as what keeps probes without an answer', () => {
  const of = check(80, { kind: 'ping', port: null, intervalSeconds: 5 })
  const evaluation = evaluatedProbe(text('icmp-rate-limited'), of, '100.64.0.0/10')
  expect(evaluation.reasons.map(({ code, outcome, certainty }) => [code, outcome, certainty])).toEqual([
    ['guest-icmp/rate-limited', 'timeout', 'likely'],
  ])
  // A few replies get out, so one probe may be answered.
  expect(evaluation.parts.map(({ outcome }) => outcome)).toEqual(['unknown'])
})
