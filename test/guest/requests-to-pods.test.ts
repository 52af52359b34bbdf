import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { check, evaluatedProbe, outcomeIn } from './recordings.ts'

// A node asks a pod itself. In random machine 2060 a rule of OUTPUT stopped that request in the middle. Probes do not pass
// OUTPUT on their way to the pod, and all of them got the pod's 401.

const PRINTED = readFileSync(
  new URL('../fixtures/guest-random/pod-output-reject.txt', import.meta.url),
  'utf8',
)
const PROBER = '100.64.0.5'
const toPod = (text: string) =>
  evaluatedProbe(text, check(80, { ip: '172.17.0.2', httpVersion: 'HTTP/1.0', timeoutSeconds: 2 }), PROBER)

it('silence that a rule for the own request explains says nothing of probes', () => {
  const evaluation = toPod(PRINTED)
  expect(outcomeIn(evaluation, PROBER)).toBe('unknown')
  expect(evaluation.reasons).toEqual([])
})

it('without such a rule it is the pod that is silent', () => {
  const evaluation = toPod(PRINTED.replaceAll(/-j REJECT --reject-with icmp-host-prohibited/g, '-j ACCEPT'))
  expect(outcomeIn(evaluation, PROBER)).toBe('http-timeout')
})
