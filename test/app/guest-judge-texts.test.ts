import { describe, expect, it } from 'vitest'
import { evaluateReport } from '../../src/app/guest-judge/index.ts'
import type { FindingCode } from '../../src/model/diagnosis.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'

// What a person reads of one machine, where the check's own port or kind is not what decides.

const probe = (facts: readonly string[], iptables: readonly string[]): string =>
  [
    'clb-doctor-probe 1',
    'target=10.0.1.16',
    ...facts,
    'device-list=ip 1',
    'device=2: eth0    inet 10.0.1.16/24 brd 10.0.1.255 scope global eth0',
    'link-list=ip 1',
    'link=2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP',
    'tc.eth0=no',
    'queue-list=eth0 0',
    'xfrm=none',
    'neighbour-list=ip 0',
    'arp=none',
    'device-sysctl.ipv4/eth0/arp_ignore=0',
    'device-sysctl.ipv4/eth0/arp_filter=0',
    'sysctl.net.ipv4.conf.all.arp_ignore=0',
    'sysctl.net.ipv4.conf.all.arp_filter=0',
    'listen-list=ss',
    'listen.ss=tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=5))',
    'sysctl.net.ipv4.icmp_echo_ignore_all=0',
    'empty=nft',
    'empty=iptables-legacy',
    'empty=ipset',
    'empty=ipvs',
    '== policies 2',
    '0:\tfrom all lookup local',
    '32766:\tfrom all lookup main',
    '== routes-ip 1',
    'default via 10.0.1.1 dev eth0',
    `== iptables ${iptables.length}`,
    ...iptables,
    'clb-doctor-probe end',
    '',
  ].join('\n')

const ASKED = { kind: null, path: null, host: null, method: null, timeoutSeconds: null, codes: null } as const

function findingOf(code: FindingCode, text: string, language: Language) {
  const report = { kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null } as const
  const found = evaluateReport({ report, target: null, sources: null, check: ASKED, language })
  if (found.refusal !== null) throw new Error(found.refusal)
  const finding = found.answer.findings.find((one) => one.code === code)
  if (!finding) throw new Error(`${code} is not found: ${JSON.stringify(found.answer)}`)
  return [finding.title, finding.detail, finding.fix]
}

const table = (name: string, chain: string, ...rules: readonly string[]) => [
  `*${name}`,
  `:${chain} ACCEPT [0:0]`,
  ...rules.map((rule) => `[0:0] -A ${chain} ${rule}`),
  'COMMIT',
]

describe.each(LANGUAGES)('in %s', (language) => {
  it('a REDIRECT to a port without a listener is told with its port and its rule', () => {
    const rule = '-p tcp -m tcp --dport 80 -j REDIRECT --to-ports 9999'
    const text = probe(['port=80', 'protocol=tcp', 'kind=tcp'], table('nat', 'PREROUTING', rule))
    const [title, detail, fix] = findingOf('guest-port/not-listening', text, language)
    expect(title).toContain('TCP 9999')
    expect(title).not.toMatch(/\b80\b/)
    expect(detail).toContain(rule)
    expect(fix).toContain('TCP 9999')
    expect(fix).toContain(rule)
  })

  it('a port without a rule is told without one', () => {
    const text = probe(['port=81', 'protocol=tcp', 'kind=tcp'], table('nat', 'PREROUTING'))
    const all = findingOf('guest-port/not-listening', text, language).join('\n')
    expect(all).toContain('TCP 81')
    expect(all).not.toMatch(/iptables|[{}]/)
  })

  it('a limit of pings is told as one, without a port', () => {
    const rule = '-p icmp -m icmp --icmp-type 8 -m limit --limit 1/min -j ACCEPT'
    const text = probe(
      ['port=0', 'protocol=icmp', 'kind=ping'],
      table('filter', 'INPUT', rule, '-p icmp -j DROP'),
    )
    const [title, detail, fix] = findingOf('guest-icmp/rate-limited', text, language)
    expect(title).toMatch(/Pings are limited|对 ping 限速/)
    expect(fix).toContain(rule)
    expect([title, detail, fix].join('\n')).not.toMatch(/port|端口|[{}]|ratemask/)
  })
})
