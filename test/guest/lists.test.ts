import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, evaluatedProbe, outcomeIn } from './recordings.ts'

// Lists of the probe of which a part is missing: rows that were lost, and rows that the probe left out on purpose.

const textOf = (recording: string): string =>
  readFileSync(new URL(`../fixtures/guest-probe/${recording}/probe.txt`, import.meta.url), 'utf8')
const HEALTHY = textOf('healthy')
/** A machine that no prober has found yet. */
const UNMET = textOf('arp-ignored').replace('eth0/arp_ignore=8', 'eth0/arp_ignore=0')
const PROBER = '100.64.0.5'
const TCP = check(80, { kind: 'tcp' })
const of = (text: string, ...sources: readonly string[]) => evaluatedProbe(text, TCP, PROBER, ...sources)
const layersOf = (text: string) => of(text).notSeen.map(({ layer, why }) => `${layer} ${why}`)

it('a whole output lacks nothing that decides', () => {
  expect(outcomeIn(of(HEALTHY), PROBER)).toBe('ok')
  expect(outcomeIn(of(UNMET), PROBER)).toBe('ok')
  expect(layersOf(UNMET)).toEqual(['tcx tool'])
})

describe('a list that has fewer rows than the probe counted is not whole', () => {
  it.each([
    ['devices lost', /^device=.* 10\.0\.1\.16\/24.*\n/m],
    ['devices lost', /^link=.* eth0@.*\n/m],
    ['neighbours lost', /^neighbour-list=.*\n/m],
    ['arp lost', /^arp=none\n/m],
    ['xfrm lost', /^xfrm=.*\n/m],
    ['sysctl left-out', /^device-sysctl\.ipv4\/eth0\/arp_ignore=.*\n/m],
    ['sysctl left-out', /^sysctl\.net\.ipv4\.conf\.all\.arp_filter=.*\n/m],
    ['tc failed', /^queue-list=eth0.*\n/m],
  ])('%s without %s', (missing, rows) => {
    const text = UNMET.replace(rows, '')
    expect(text).not.toBe(UNMET)
    expect(layersOf(text)).toContain(missing)
    expect(outcomeIn(of(text), PROBER)).toBe('unknown')
  })

  it.each([
    ['xfrm lost', 'xfrm=ip 0', 'xfrm=ip 1'],
    ['neighbours lost', 'neighbour-list=ip 0', 'neighbour-list=ip 2'],
    ['tc failed', 'queue-list=eth0 0', 'queue-list=eth0 1'],
  ])('%s: %s in place of %s', (missing, counted, more) => {
    const text = HEALTHY.replace(counted, more)
    expect(text).not.toBe(HEALTHY)
    expect(layersOf(text)).toContain(missing)
    expect(outcomeIn(of(text), PROBER)).toBe('unknown')
  })

  it('does not say that the machine does not have the address', () => {
    const without = HEALTHY.replace(/^device=.* 10\.0\.1\.16\/24.*\n/m, '').replace(
      /^local 10\.0\.1\.16 .*\n/m,
      '',
    )
    expect(layersOf(without)).not.toContain('devices other-machine')
    // The list was whole, and the address is not in it.
    const counted = without
      .replace(/^device-list=ip \d+/m, 'device-list=ip 2')
      .replace('== routes-ip 10', '== routes-ip 9')
    expect(layersOf(counted)).toEqual(['devices other-machine'])
  })

  it('is whole where the probe says how many found no room', () => {
    const text = HEALTHY.replace(/^(device-list=ip) \d+ first$/m, '$1 40 first\nleft-out=device 37')
    expect(text).not.toBe(HEALTHY)
    expect(outcomeIn(of(text), PROBER)).toBe('ok')
    // Without awk, the row of the target may be among them.
    expect(of(text.replace('ip 40 first', 'ip 40')).facts.devices).toBeNull()
  })
})

describe('sources that the probe was not told of', () => {
  const pruned = (recording: string, list: string) =>
    textOf(recording).replace('\n== ', `\npruned=${list} 12\n== `)
  const OTHER = '192.0.2.1'

  it('are unknown, with the list that lacks what concerns them', () => {
    const evaluation = of(pruned('blackhole-route', 'routes'), OTHER)
    expect(outcomeIn(evaluation, PROBER)).toBe('timeout')
    expect(outcomeIn(evaluation, OTHER)).toBe('unknown')
    expect(evaluation.notSeen).toContainEqual({
      layer: 'routes',
      why: 'pruned',
      what: 'ip route show table all',
    })
  })

  it.each([
    ['iptables', ['iptables', 'iptablesLegacy']],
    ['policies', ['policies']],
    ['xfrm', ['xfrm']],
  ])('are unknown beside a short list of %s', (list, layers) => {
    const evaluation = of(pruned('healthy', list), OTHER)
    expect(outcomeIn(evaluation, PROBER)).toBe('ok')
    expect(outcomeIn(evaluation, OTHER)).toBe('unknown')
    expect(evaluation.facts.pruned).toEqual(layers)
  })

  it('are in no reason', () => {
    const evaluation = evaluatedProbe(pruned('ipt-input-policy-drop', 'iptables'), TCP, OTHER)
    expect(evaluation.reasons).toEqual([])
    expect(outcomeIn(evaluation, OTHER)).toBe('unknown')
  })

  it('fare as the others do if every list is whole', () => {
    expect(outcomeIn(of(HEALTHY, OTHER), OTHER)).toBe('ok')
  })
})

describe('a card', () => {
  const NO_ARP = textOf('card-without-arp')
  const kind = (name: string | null) =>
    NO_ARP.replace(/^link-kind.*\n/m, name === null ? '' : `link-kind.eth0=${name}\n`)
  const set = (name: string, value: number) =>
    UNMET.replace(new RegExp(`^(device-sysctl\\.ipv4/eth0/${name})=0`, 'm'), `$1=${value}`)

  it.each(['veth', 'card', 'vlan', 'bond'])('of the kind %s needs ARP', (name) => {
    const evaluation = of(kind(name))
    expect(outcomeIn(evaluation, PROBER)).toBe('timeout')
    expect(evaluation.reasons.map(({ code }) => code)).toEqual(['guest-kernel/arp-off'])
  })

  it.each(['ipvlan', 'vrf', 'netkit'])('of the kind %s does without', (name) => {
    expect(of(kind(name)).reasons).toEqual([])
  })

  it('of an unknown kind may need it', () => {
    expect(outcomeIn(of(kind(null)), PROBER)).toBe('unknown')
    expect(layersOf(kind(null))).toContain('arp not-understood')
  })

  it.each<[string, string, string]>([
    ['1, for its own address', set('arp_ignore', 1), 'ok'],
    ['2, which asks for a sender of its subnet', set('arp_ignore', 2), 'unknown'],
    ['4, which means nothing', set('arp_ignore', 4), 'ok'],
    ['8, for nobody', set('arp_ignore', 8), 'timeout'],
    [
      '1, for an address of another device',
      set('arp_ignore', 1).replace(/^(device=)2: eth0 (.*16\/24)/m, '$11: lo $2'),
      'unknown',
    ],
  ])('answers ARP by arp_ignore %s', (_, text, outcome) => {
    expect(outcomeIn(of(text), PROBER)).toBe(outcome)
  })

  it('that probers have found answers ARP, whatever its settings are', () => {
    const met = 'connection.ss=TIME-WAIT 0 0 10.0.1.16:80 100.64.0.5:34513'
    const text = set('arp_ignore', 8).replace(/^arp=none$/m, `arp=none\n${met}`)
    expect(outcomeIn(of(text), PROBER)).toBe('ok')
  })
})
