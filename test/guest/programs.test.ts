import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, evaluated, evaluatedProbe, folder, outcomeIn } from './recordings.ts'

// A BPF program drops before every packet filter, and nobody can see inside. Where one may be attached, a clean list of rules
// proves nothing.

const PROBER = '100.64.0.5'
const withDevice = (of: string, line: string) => {
  const { files } = folder(of)
  const devices = (files['ip-addr'] ?? '').replace('--exit 0--', `${line}\n--exit 0--`)
  return evaluated({ ...files, 'ip-addr': devices }, check(80), PROBER)
}

describe('an eBPF data plane', () => {
  it.each([
    ['Cilium', 'cilium_host@cilium_net UP             10.0.9.1/32 '],
    ['Cilium', 'lxc_health@if12  UP             '],
    ['Cilium', 'lxc3b1f0c94a2de@if14 UP             '],
    ['netkit', 'nk0@nk1          UP             '],
    ['Calico', 'bpfin.cali@bpfout.cali UP             '],
  ])('of %s is named, and what it may decide is unknown', (name, line) => {
    const { parts, notSeen } = withDevice('ipt-nested-chain', line)
    expect(notSeen).toContainEqual({
      layer: 'tc',
      why: 'not-understood',
      what: `BPF programs of ${name} on eth0`,
    })
    expect(parts.map(({ outcome }) => outcome)).not.toContain('ok')
    const healthy = withDevice('healthy', line)
    expect(outcomeIn(healthy, PROBER)).toBe('unknown')
  })

  it('leaves nothing certain of a port on which nobody listens', () => {
    const { reasons } = withDevice('service-down', 'cilium_host@cilium_net UP             10.0.9.1/32 ')
    expect(reasons.map(({ code, certainty }) => [code, certainty])).toEqual([
      ['guest-port/not-listening', 'likely'],
    ])
  })

  it.each(['calico.1', 'lxcbr0', 'lxdbr0', 'nklab'])('is not taken from a device called %s', (name) => {
    expect(outcomeIn(withDevice('healthy', `${name}         UP             10.0.9.1/32 `), PROBER)).toBe('ok')
  })
})

/** What guest/probe.sh printed on a backend, with changes. */
const printed = (recording: string, ...changes: readonly (readonly [RegExp, string])[]): string =>
  changes.reduce(
    (text, [from, to]) => text.replace(from, to),
    readFileSync(new URL(`../fixtures/guest-probe/${recording}/probe.txt`, import.meta.url), 'utf8'),
  )

describe('an XDP program on another card', () => {
  const outcomeWith = (...links: readonly string[]) => {
    const more = ['$&', ...links.map((link) => `link=${link}`)].join('\n')
    return evaluatedProbe(printed('healthy', [/^link=2: eth0.*$/m, more]), check(80), PROBER)
  }

  it('without an address may be below the device of the probes: what it does is not known', () => {
    const { parts, notSeen } = outcomeWith('7: eth7: <UP,LOWER_UP> xdp')
    expect(parts.map(({ outcome }) => outcome)).not.toContain('ok')
    expect(notSeen).toContainEqual({ layer: 'tc', why: 'not-understood', what: 'XDP program on eth7' })
  })

  it('is of no matter on a card that is down, or without a program', () => {
    expect(outcomeIn(outcomeWith('7: eth7: <NO-CARRIER> xdp'), PROBER)).toBe('ok')
    expect(outcomeIn(outcomeWith('7: eth7: <UP,LOWER_UP>'), PROBER)).toBe('ok')
  })
})

/** The service is down at this port. */
const downAt = (port: number) =>
  evaluatedProbe(
    printed(
      'service-down',
      [/^port=80$/m, `port=${port}`],
      [/(^request=.* 10\.0\.1\.16) 80 /gm, `$1 ${port} `],
    ),
    check(port, { timeoutSeconds: 2 }),
    PROBER,
  )
const onLinux = (kernel: string, ...facts: readonly string[]) =>
  evaluatedProbe(
    printed('healthy', [/^kernel=.*$/m, [`kernel=${kernel}`, ...facts].join('\n')]),
    check(80),
    PROBER,
  )

const told = ({ reasons }: ReturnType<typeof downAt>) =>
  reasons.map(({ code, certainty }) => `${code} ${certainty}`)

describe('a port of Services on which nobody listens', () => {
  it('is not certain: a program that nobody lists may take it in place of kube-proxy', () => {
    for (const port of [30000, 31080, 32767])
      expect(told(downAt(port))).toEqual(['guest-port/not-listening likely'])
  })

  it('is certain beside these ports', () => {
    for (const port of [80, 29999, 32768])
      expect(told(downAt(port))).toEqual(['guest-port/not-listening certain'])
  })
})

describe('programs of tcx, which tc does not list', () => {
  const TCX = { layer: 'tcx', why: 'tool', what: 'bpftool' }

  it.each(['6.6.47-12.tl4.x86_64', '6.18.44', '7.0.1'])(
    'are not seen on Linux %s without bpftool',
    (kernel) => {
      const evaluation = onLinux(kernel)
      expect(evaluation.notSeen).toContainEqual(TCX)
      expect(outcomeIn(evaluation, PROBER)).toBe('ok')
    },
  )

  it.each(['5.4.119-19', '6.1.0', '6.5.13'])('are not there on Linux %s', (kernel) => {
    expect(onLinux(kernel).notSeen).not.toContainEqual(TCX)
  })

  it('are seen with bpftool, and what they do is unknown', () => {
    expect(onLinux('6.18.44', 'tcx=read').notSeen).not.toContainEqual(TCX)
    const attached = onLinux('6.18.44', 'tcx=read', 'tc.eth0=yes')
    expect(outcomeIn(attached, PROBER)).toBe('unknown')
  })
})
