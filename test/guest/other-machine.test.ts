import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, evaluated, evaluatedProbe, folder, outcomeIn } from './recordings.ts'

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

describe('a machine whose routes do not tell its way out', () => {
  const text = (recording: string) =>
    readFileSync(new URL(`../fixtures/guest-probe/${recording}/probe.txt`, import.meta.url), 'utf8')
  /** The same output with other routes of the main table, of which there are two, beside the default one. */
  const withRoutes = (recording: string, ...routes: readonly string[]) =>
    text(recording).replace(/== routes-ip (\d+)\n(?:(?!local |broadcast |==).*\n)+/, (found, count: string) =>
      [`== routes-ip ${Number(count) - (found.split('\n').length - 2) + routes.length}`, ...routes, ''].join(
        '\n',
      ),
    )
  const OWN = '10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.16 '
  const BRIDGE = '172.17.0.0/16 dev cni0 proto kernel scope link src 172.17.0.1 '

  it.each<[string, string, readonly string[]]>([
    ['a neighbour, without a default route', '10.0.1.99', [OWN]],
    ['behind a gateway, without a default route', '10.9.0.5', [OWN, '10.0.0.0/8 via 10.0.1.1 dev eth0 ']],
    [
      'a neighbour behind a second card',
      '10.0.2.9',
      ['default via 10.0.1.1 dev eth0 ', OWN, '10.0.2.0/24 dev eth1 scope link src 10.0.2.16 '],
    ],
    ['alone behind a card', '10.0.1.99', [OWN, '10.0.1.99 dev eth0 scope link ']],
    [
      'a pod of another node, through its address',
      '172.18.0.7',
      [OWN, '172.18.0.0/24 via 10.0.1.17 dev eth0 '],
    ],
    ['a pod of another node, alone', '172.18.0.7', [OWN, '172.18.0.7 via 10.0.1.17 dev cni0 ']],
    ['a pod of another node, in a tunnel', '172.18.0.7', [OWN, '172.18.0.0/24 dev flannel.1 scope link ']],
    ['an address to which nothing leads', '10.9.9.9', [OWN]],
  ])('says nothing: %s', (_, ip, routes) => {
    const output = withRoutes('direct-pod-ip-forward-0', ...routes)
    const evaluation = evaluatedProbe(output, check(80, { ip }), PROBER)
    expect(output).toContain(routes.at(-1))
    expect(evaluation.reasons).toEqual([])
    expect(evaluation.notSeen).toEqual([{ layer: 'devices', why: 'other-machine', what: ip }])
    expect(evaluation.isOfNode).toBe(false)
  })

  it('says nothing if only the routes tell its addresses', () => {
    const output = withRoutes('direct-pod-ip-forward-0', OWN).replace(
      /^(?:device-list|device|link)=.*\n/gm,
      '',
    )
    const evaluation = evaluatedProbe(output, check(80, { ip: '10.0.1.99' }), PROBER)
    expect(evaluation.facts.devices).toBeNull()
    expect(evaluation.reasons).toEqual([])
    expect(outcomeIn(evaluation, PROBER)).toBe('unknown')
  })

  it.each<[string, string]>([
    ['a bridge', BRIDGE],
    ['a bridge of Docker', '172.17.0.0/16 dev br-0123456789ab scope link src 172.17.0.1 '],
    ['a cable with a name of its own', '172.17.0.2 dev pod7f scope link '],
    ['a cable of Calico', '172.17.0.2 dev cali12ab34cd scope link '],
  ])('tells of a pod behind %s', (_, route) => {
    const output = withRoutes('direct-pod-ip-forward-0', OWN, route)
    const evaluation = evaluatedProbe(output, check(80, { ip: '172.17.0.2' }), PROBER)
    expect(evaluation.isOfNode).toBe(true)
    expect(evaluation.reasons.map(({ code }) => code)).toContain('guest-forwarding/ip-forward-off')
  })
})
