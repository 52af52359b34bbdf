import { describe, expect, it } from 'vitest'
import { ownRequestsGoTo, ownRequestsPass, type ProbePackets, parseFilters } from '../../src/filter/index.ts'
import { BACKEND, CLEAN, HOST, setOf } from './support.ts'

// The requests of the machine itself: to its own address, and to a pod behind it.

const table = (name: string, ...lines: readonly string[]): string =>
  [`*${name}`, ...lines, 'COMMIT', ''].join('\n')
const filter = (...rules: readonly string[]): string =>
  table('filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...rules)

describe('a request of the machine to a pod', () => {
  const toPod: ProbePackets = {
    sources: setOf('172.17.0.1'),
    destination: '172.17.0.2',
    protocol: 'tcp',
    port: 80,
    device: 'docker0',
  }
  const passes = (iptables: string): boolean =>
    ownRequestsPass(parseFilters({ ...CLEAN, iptables }), toPod, HOST)

  it.each([
    ['passes without rules', filter(), true],
    ['does not meet FORWARD, which stops probes', filter('-A FORWARD -j DROP'), true],
    ['is stopped on its way out', filter('-A OUTPUT -o docker0 -p tcp -m tcp --dport 80 -j DROP'), false],
    ['misses the answer', filter('-A INPUT -i docker0 -p tcp -m tcp --sport 80 -j DROP'), false],
    ['is not stopped by a rule of another device', filter('-A OUTPUT -o eth0 -j DROP'), true],
  ])('%s', (_, iptables, isPassing) => {
    expect(passes(iptables)).toBe(isPassing)
  })
})

describe('a request of the machine to its own address', () => {
  const toItself: ProbePackets = {
    sources: setOf(BACKEND),
    destination: BACKEND,
    protocol: 'tcp',
    port: 80,
    device: 'lo',
  }
  const nat = (...rules: readonly string[]) =>
    parseFilters({
      ...CLEAN,
      iptables: table('nat', ':PREROUTING ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...rules),
    })
  const placesOf = (...rules: readonly string[]) =>
    ownRequestsGoTo(nat(...rules), toItself, HOST).map(({ address, port }) => `${address}:${port}`)

  it('stays there, whatever PREROUTING does with probes', () => {
    expect(placesOf('-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080')).toEqual([
      `${BACKEND}:80`,
    ])
  })

  it('goes where OUTPUT leads it', () => {
    const rule = '-A OUTPUT -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2:8080'
    expect(placesOf(rule)).toEqual(['172.17.0.2:8080'])
  })
})
