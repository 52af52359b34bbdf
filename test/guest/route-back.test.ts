import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { outcomesOf as rowsOf } from '../../src/guest/index.ts'
import { check, evaluatedProbe, outcomeIn } from './recordings.ts'

// Rules and routes for the answers, of an output of guest/probe.sh. The answers to 100.64.0.0/10 have a rule of their own.

const OUTPUT = readFileSync(new URL('../fixtures/guest-probe/healthy/probe.txt', import.meta.url), 'utf8')
const PROBER = '100.64.0.5'
const OTHER = '10.0.0.10'

/** The output with another body of a section. */
function withSection(text: string, name: string, body: readonly string[]): string {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => line.startsWith(`== ${name} `))
  const count = Number(lines[at]?.split(' ')[2])
  return [...lines.slice(0, at), `== ${name} ${body.length}`, ...body, ...lines.slice(at + 1 + count)].join(
    '\n',
  )
}

const withRule = (rule: string, text = OUTPUT): string =>
  withSection(text, 'policies', [
    '0:\tfrom all lookup local',
    rule,
    '32766:\tfrom all lookup main',
    '32767:\tfrom all lookup default',
  ])

const outcomesOf = (text: string) => {
  const evaluation = evaluatedProbe(text, check(80), PROBER, OTHER)
  return [outcomeIn(evaluation, PROBER), outcomeIn(evaluation, OTHER)]
}

describe('a rule of ip rule', () => {
  it.each([
    '100:\tfrom all to 100.64.0.0/10 blackhole',
    // iproute2 names who wrote the rule behind the action.
    '100:\tfrom all to 100.64.0.0/10 blackhole proto static',
    '100:\tfrom all to 100.64.0.0/10 unreachable proto bird',
    '100:\tfrom all to 100.64.0.0/10 prohibit realms 3 proto static',
  ])('takes the answers away: %s', (rule) => {
    expect(outcomesOf(withRule(rule))).toEqual(['timeout', 'ok'])
  })

  it.each([
    // The table of a VRF.
    ['1000:\tfrom all lookup [l3mdev-table]', ['unknown', 'unknown']],
    ['100:\tfrom all to 100.64.0.0/10 masquerade', ['unknown', 'ok']],
    ['100:\tfrom all to 100.64.0.0/10 flowlabel 0x1 blackhole', ['unknown', 'ok']],
    ['100:\tfrom all to 100.64.0.0/10 dscp 0x10 lookup 99', ['ok', 'ok']],
  ])('that is not understood leaves unknown what it could decide: %s', (rule, outcomes) => {
    expect(outcomesOf(withRule(rule))).toEqual(outcomes)
  })

  it.each([
    '100:\tfrom all iif eth9 [detached] blackhole',
    '100:\tfrom all to 192.0.2.0/24 nop proto static',
  ])('does nothing to the answers: %s', (rule) => {
    expect(outcomesOf(withRule(rule))).toEqual(['ok', 'ok'])
  })
})

describe('a rule for a mark', () => {
  const RULE = '100:\tfrom all fwmark 0x3/0x3 blackhole'
  const outcomeWith = (...statements: readonly string[]) =>
    outcomesOf(
      withSection(withRule(RULE), 'nft', [
        'table inet own {',
        '\tchain out {',
        '\t\ttype route hook output priority mangle; policy accept;',
        ...statements.map((statement) => `\t\t${statement}`),
        '\t}',
        '}',
      ]),
    )[0]

  it.each([
    [['meta mark set 0x00000003']],
    [['meta mark set meta mark | 0x00000003']],
    [['meta mark set meta mark & 0xffffff00 ^ 0x00000013']],
    // Each rule adds a bit.
    [['meta mark set mark or 0x1', 'meta mark set mark or 0x2 accept']],
    [['meta mark set ct mark']],
    [['meta mark set ip dscp']],
    [['meta mark set meta mark or ct mark']],
  ])('leaves the outcome unknown where the filters may give it: %s', (statements) => {
    expect(outcomeWith(...statements)).toBe('unknown')
  })

  it.each([
    [[]],
    [['meta mark set 0x00000001']],
    [['meta mark set meta mark or 0x4000 accept']],
    [['meta mark set mark & 0xffffbfff']],
  ])('does nothing where they do not: %s', (statements) => {
    expect(outcomeWith(...statements)).toBe('ok')
  })

  it('may be given by TPROXY', () => {
    const rules = ['*mangle', ':PREROUTING ACCEPT [0:0]', 'COMMIT']
    const proxied =
      '[0:0] -A PREROUTING -p tcp -m tcp --dport 9 -j TPROXY --on-port 1 --on-ip 0.0.0.0 --tproxy-mark 0x3/0x3'
    const under = (...own: readonly string[]) =>
      outcomesOf(withSection(withRule(RULE), 'iptables', [...rules.slice(0, 2), ...own, 'COMMIT']))[0]
    expect(under()).toBe('ok')
    expect(under(proxied)).toBe('unknown')
  })
})

describe('several next hops', () => {
  const via = (...devices: readonly string[]) =>
    outcomesOf(
      withSection(OUTPUT, 'routes-ip', [
        'default proto static metric 100 ',
        ...devices.map((device, i) => `\tnexthop via 10.0.${i + 1}.1 dev ${device} weight 1 `),
        '10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.16 ',
        'local 10.0.1.16 dev eth0 table local proto kernel scope host src 10.0.1.16 ',
        'local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1 ',
      ]),
    )[0]

  it('over the device of the probes bring every answer back', () => {
    expect(via('eth0', 'eth0')).toBe('ok')
  })

  it.each(['eth1', 'tun0'])('over %s, too, lose the answers to some probers', (device) => {
    expect(via('eth0', device)).toBe('unknown')
  })
})

describe('a rule that the kernel passes over, or not', () => {
  it('leads nowhere if the rule that it goes to is not there', () => {
    expect(outcomesOf(withRule('100:\tfrom all to 100.64.0.0/10 goto 32800 [unresolved]'))).toEqual([
      'ok',
      'ok',
    ])
  })

  it.each(['blackhole', 'unreachable', 'prohibit'])('does not suppress a route of type %s', (type) => {
    const rule = '100:\tfrom all to 100.64.0.0/10 lookup 100 suppress_prefixlength 0'
    const lines = OUTPUT.split('\n')
    const at = lines.findIndex((line) => line.startsWith('== routes-ip '))
    const count = Number(lines[at]?.split(' ')[2])
    const routes = [...lines.slice(at + 1, at + 1 + count), `${type} default table 100`]
    expect(outcomesOf(withRule(rule, withSection(OUTPUT, 'routes-ip', routes)))).toEqual(['timeout', 'ok'])
  })
})

describe('a route', () => {
  const ROUTES = OUTPUT.split('\n').slice(
    OUTPUT.split('\n').findIndex((line) => line.startsWith('== routes-ip ')) + 1,
  )
  const count = Number(/== routes-ip (\d+)/.exec(OUTPUT)?.[1])
  const withRoutes = (...added: readonly string[]): string =>
    withSection(OUTPUT, 'routes-ip', [...ROUTES.slice(0, count), ...added])

  it('of another table is named with it, so that it can be deleted', () => {
    const text = withRule(
      '100:\tfrom all to 100.64.0.0/10 lookup 52',
      withRoutes('blackhole 100.64.0.0/10 table 52'),
    )
    expect(evaluatedProbe(text, check(80), PROBER).reasons).toMatchObject([
      { code: 'guest-kernel/no-route-back', params: { route: 'blackhole 100.64.0.0/10 table 52' } },
    ])
  })

  it('of a broadcast is the way to no prober', () => {
    const { parts } = evaluatedProbe(withRoutes(), check(80), '10.0.0.0/8')
    expect(parts.map(({ outcome }) => outcome)).toEqual(['ok'])
  })
})

it('a part of a source is told as that part', () => {
  const text = withRule('100:\tfrom all to 100.96.0.0/11 blackhole')
  const rows = rowsOf(evaluatedProbe(text, check(80), '100.64.0.0/10'), ['100.64.0.0/10', '100.97.0.1'])
  expect(rows.map(({ source, outcome }) => `${source} ${outcome}`)).toEqual([
    '100.64.0.0/11 ok',
    '100.96.0.0/11 timeout',
    '100.97.0.1/32 timeout',
  ])
})
