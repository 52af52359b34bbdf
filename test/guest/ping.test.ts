import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, evaluatedProbe, outcomeIn } from './recordings.ts'

// Pings of a pod at its own address. The output is that of its node, whose settings are not those of the pod.

const OUTPUT = readFileSync(
  new URL('../fixtures/guest-probe/direct-pod-ok/probe.txt', import.meta.url),
  'utf8',
)
const PROBER = '100.64.0.5'
const POD = '172.17.0.2'

const pinged = (text: string) =>
  evaluatedProbe(text, check(80, { ip: POD, kind: 'ping', port: null }), PROBER)
const asked = (exit: number, printed: string): string =>
  OUTPUT.replace(/^request=.*$/m, `request=ping ping - ${POD} 0 own 5000 ${exit} 20 ${printed}`)
const ANSWERED = asked(0, '1 packets transmitted, 1 received, 0% packet loss')
const ignoring = (text: string): string => text.replace('icmp_echo_ignore_all=0', 'icmp_echo_ignore_all=1')

describe('a pod behind its node', () => {
  it('that answers the ping of its node answers the probes', () => {
    const { isOfNode } = pinged(ANSWERED)
    expect([isOfNode, outcomeIn(pinged(ANSWERED), PROBER)]).toEqual([true, 'ok'])
  })

  it.each([
    ['nobody pinged', OUTPUT],
    ['did not answer', asked(1, '1 packets transmitted, 0 received, 100% packet loss')],
  ])('that %s may ignore pings', (_, text) => {
    expect(outcomeIn(pinged(text), PROBER)).toBe('unknown')
    expect(pinged(text).notSeen).toContainEqual({ layer: 'request', why: 'unasked', what: `ping ${POD}` })
  })

  it('does not ignore pings because its node does', () => {
    expect(pinged(ignoring(ANSWERED)).reasons).toEqual([])
    expect(outcomeIn(pinged(ignoring(ANSWERED)), PROBER)).toBe('ok')
  })
})
