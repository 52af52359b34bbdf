import { describe, expect, it } from 'vitest'
import { check, evaluated, folder, outcomeIn } from './recordings.ts'

// Somebody pastes the probe into the wrong machine. What that machine has says nothing about the target.

const PROBER = '100.64.0.5'
const meetingAt = (ip: string, recording: string) =>
  evaluated(folder(recording).files, check(80, { ip }), PROBER)

describe('the output of a machine that does not have the address', () => {
  it.each(['healthy', 'service-down', 'k8s-ip-forward-0', 'ipt-drop-100-64', 'conntrack-full'])(
    'tells nothing, whatever its state is: %s',
    (recording) => {
      const evaluation = meetingAt('10.0.1.99', recording)
      expect(outcomeIn(evaluation, PROBER)).toBe('unknown')
      expect(evaluation.reasons).toEqual([])
      expect(evaluation.notSeen).toEqual([{ layer: 'devices', why: 'other-machine', what: '10.0.1.99' }])
    },
  )

  it('tells nothing of an address behind its default route', () => {
    expect(meetingAt('10.9.9.9', 'k8s-ip-forward-0').reasons).toEqual([])
  })
})

it('a node tells of a pod behind its bridge', () => {
  const evaluation = meetingAt('172.17.0.2', 'k8s-ip-forward-0')
  expect(outcomeIn(evaluation, PROBER)).toBe('timeout')
  expect(evaluation.reasons.map(({ code }) => code)).toEqual(['guest-forwarding/ip-forward-off'])
})
