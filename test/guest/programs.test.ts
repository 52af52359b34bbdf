import { describe, expect, it } from 'vitest'
import { check, evaluated, folder, outcomeIn } from './recordings.ts'

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

  it('is not taken from a device with another name', () => {
    expect(outcomeIn(withDevice('healthy', 'calico.1         UP             10.0.9.1/32 '), PROBER)).toBe(
      'ok',
    )
  })
})
