import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateFilters, type FilterPart, type Host, parseFilters } from '../../../src/filter/index.ts'
import { factsOf } from '../../../src/guest/index.ts'
import { parseAddresses, toCidrs, unionOf } from '../../../src/rules/index.ts'
import { SCRIPT, SHELLS, type Shell } from '../../support/probe-script.ts'
import { kubeRules } from './kube-rules.ts'

// What the script leaves out of a long list must not change what the probes meet.

const TARGET = '10.0.1.16'
const SOURCES = ['100.64.0.0/10', '10.0.0.10/32']

/** The functions of the script, without its last lines, which run it. */
const FUNCTIONS = readFileSync(SCRIPT, 'utf8').replace(/\nmain "\$@"\n[\s\S]*$/, '\n')

/** The list as the script prunes it, and as the parser reads that. */
function pruned(text: string, port: number, shell: Shell): { readonly list: string; readonly read: string } {
  const run = `${FUNCTIONS}\ntarget=${TARGET} port=${port} protocol=tcp sources=${SOURCES.join(',')}\nprune_iptables "$(cat)"`
  const [program, ...args] = SHELLS[shell]
  // BusyBox brings its own awk.
  const path = shell === 'BusyBox ash' ? 'awk() { busybox awk "$@"; }\n' : ''
  const list = execFileSync(program, [...args, '-c', `${path}${run}`], { input: text, encoding: 'utf8' })
  return { list, read: asRead(list, port) }
}

function asRead(list: string, port: number): string {
  const lines = list.trimEnd().split('\n')
  const output = [
    'clb-doctor-probe 1',
    `target=${TARGET}`,
    `port=${port}`,
    'protocol=tcp',
    `== iptables ${lines.length}`,
    ...lines,
    'clb-doctor-probe end',
    '',
  ].join('\n')
  const facts = factsOf({
    kind: 'probe',
    text: output,
    by: 'hand',
    at: '2026-11-29T12:00:00Z',
    instanceId: null,
  })
  return facts.filters[0]?.texts.iptables ?? ''
}

const sources = unionOf(
  4,
  SOURCES.map((cidr) => parseAddresses(cidr)).filter((set) => set !== null),
)
const host: Host = {
  isLocal: (address) => address === TARGET || address.startsWith('127.'),
  deviceTo: (address) => (address.startsWith('10.244.') ? 'cni0' : 'eth0'),
}

function metIn(iptables: string, port: number): readonly unknown[] {
  const filters = parseFilters({
    iptables,
    iptablesLegacy: '',
    ip6tables: null,
    ip6tablesLegacy: null,
    nft: '',
    ipset: '',
  })
  const packets = { sources, destination: TARGET, protocol: 'tcp', port, device: 'eth0' } as const
  return evaluateFilters(filters, packets, host).map(described)
}

const described = (part: FilterPart): unknown => [
  toCidrs(part.sources),
  part.verdict,
  part.leg,
  part.by && [part.by.table, part.by.chain, part.by.index, part.by.text],
  part.sentOn,
  part.isForwarded,
  part.isMasqueraded,
]

const AWKS = ['dash', 'BusyBox ash'] as const satisfies readonly Shell[]

describe.each(AWKS)('a long list that %s prunes', (shell) => {
  it('of a node with 5,000 rules of kube-proxy is short, and says the same', () => {
    const text = kubeRules(1000, 30080)
    expect(text.split('\n').length).toBeGreaterThan(5000)
    const { list, read } = pruned(text, 30080, shell)
    expect(list.length).toBeLessThan(5000)
    expect(metIn(read, 30080)).toEqual(metIn(text, 30080))
  })

  it('keeps the numbers of the rules behind those that were left out', () => {
    const others = Array.from(
      { length: 300 },
      (_, i) => `[0:0] -A INPUT -s 192.168.${i % 256}.7/32 -j ACCEPT`,
    )
    const text = [
      '*filter',
      ':INPUT ACCEPT [0:0]',
      ...others,
      '[5:300] -A INPUT -s 100.64.0.0/10 -j DROP',
      'COMMIT',
      '',
    ].join('\n')
    const { list, read } = pruned(text, 80, shell)
    expect(list).toContain('~INPUT 300\n[5:300] -A INPUT -s 100.64.0.0/10 -j DROP\n')
    expect(metIn(read, 80)).toContainEqual(
      expect.arrayContaining(['drop', ['filter', 'INPUT', 301, '-s 100.64.0.0/10 -j DROP']]),
    )
  })

  it('of sets keeps the ports, and the addresses that a probe may have', () => {
    const members = [
      's 80',
      's 443',
      'a 100.64.0.0/16',
      'a 10.0.1.16,tcp:80',
      'a 192.0.2.7',
      'a 192.0.2.1-192.0.2.9',
    ]
    const saved = ['create s bitmap:port range 1-1024', ...members.map((member) => `add ${member}`)].join(
      '\\n',
    )
    const run = `${FUNCTIONS}\nipset() { printf '${saved}\\n'; }
target=${TARGET} sources=${SOURCES.join(',')} legacy= deadline=99999999 can_sleep=yes
ipt='-A INPUT -m set --match-set s dst -j DROP'\nipset_text`
    const [program, ...args] = SHELLS[shell]
    const path = shell === 'BusyBox ash' ? 'awk() { busybox awk "$@"; }\n' : ''
    const kept = execFileSync(program, [...args, '-c', `${path}${run}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(kept.match(/(?<=^add ).*/gm)).toEqual(members.filter((member) => member !== 'a 192.0.2.7'))
  })

  it('of any rules says the same as the whole', () => {
    fc.assert(
      fc.property(rulesOf(), (text) => {
        expect(metIn(pruned(text, 80, shell).read, 80)).toEqual(metIn(text, 80))
      }),
      { numRuns: 120 },
    )
  })
})

const address = fc.constantFrom(
  '100.64.0.0/10',
  '100.100.0.0/16',
  '10.0.0.10/32',
  '10.0.1.16/32',
  '10.0.0.0/8',
  '192.168.1.1/32',
  '10.244.0.5/32',
  '10.244.0.0/16',
  '0.0.0.0/0',
)
const negated = <T>(value: fc.Arbitrary<T>, flag: string): fc.Arbitrary<string> =>
  fc.tuple(fc.boolean(), value).map(([is, one]) => `${is ? '! ' : ''}${flag} ${one}`)
const match = fc.oneof(
  negated(address, '-s'),
  negated(address, '-d'),
  fc.constantFrom('80', '443', '8080', '1:100', '8000:9000').map((port) => `-p tcp -m tcp --dport ${port}`),
  fc.constantFrom('80,443', '8080,1:90', '22,23').map((ports) => `-p tcp -m multiport --dports ${ports}`),
  fc.constantFrom('-p udp', '-p icmp', '-p tcp'),
  fc.constantFrom('-p tcp -m tcp --sport 80', '-p tcp -m tcp --sport 8080', '-i eth0', '-o eth0', '-i lo'),
  fc.constant('-m conntrack --ctstate RELATED,ESTABLISHED'),
  fc.constant('-m comment --comment "to -d 192.168.1.1/32 -p udp"'),
)
const matches = fc.array(match, { maxLength: 2 }).map((parts) => {
  const protocols = parts.filter((part) => part.includes('-p '))
  const isTwice =
    protocols.length > 1 ||
    ['-s', '-d', '-i', '-o'].some((flag) => parts.filter((part) => part.includes(`${flag} `)).length > 1)
  return isTwice ? (parts[0] ?? '') : parts.join(' ')
})
const CHAINS = ['A', 'B', 'C'] as const

const ruleIn = (chain: string, targets: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(matches, fc.constantFrom(...targets), fc.nat(99))
    .map(
      ([tests, target, packets]) =>
        `[${packets}:0] -A ${chain} ${tests === '' ? '' : `${tests} `}-j ${target}`,
    )

const listOf = (
  chains: readonly string[],
  targets: (chain: string) => readonly string[],
): fc.Arbitrary<readonly string[]> =>
  fc
    .tuple(...chains.map((chain) => fc.array(ruleIn(chain, targets(chain)), { maxLength: 5 })))
    .map((lists) => lists.flat())

/** Chains lead only to later ones. */
const later = (chain: string): readonly string[] => CHAINS.filter((name) => name > chain || chain.length > 1)

function rulesOf(): fc.Arbitrary<string> {
  const ends = ['DROP', 'ACCEPT', 'RETURN']
  const nat = listOf(['PREROUTING', 'OUTPUT', 'POSTROUTING', ...CHAINS], (chain) => [
    ...later(chain),
    'RETURN',
    'ACCEPT',
    ...(chain === 'PREROUTING' ? ['DNAT --to-destination 10.244.0.5:8080', 'REDIRECT --to-ports 8080'] : []),
  ])
  const filter = listOf(['INPUT', 'FORWARD', 'OUTPUT', ...CHAINS], (chain) => [
    ...later(chain),
    ...ends,
    'REJECT --reject-with icmp-port-unreachable',
  ])
  const raw = listOf(['PREROUTING', 'OUTPUT', ...CHAINS], (chain) => [...later(chain), ...ends])
  const table = (name: string, hooks: readonly string[], rules: readonly string[]): readonly string[] => [
    `*${name}`,
    ...hooks.map((hook) => `:${hook} ACCEPT [0:0]`),
    ...CHAINS.map((chain) => `:${chain} - [0:0]`),
    ...rules,
    'COMMIT',
  ]
  return fc
    .tuple(raw, nat, filter)
    .map(([r, n, f]) =>
      [
        ...table('raw', ['PREROUTING', 'OUTPUT'], r),
        ...table('nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], n),
        ...table('filter', ['INPUT', 'FORWARD', 'OUTPUT'], f),
        '',
      ].join('\n'),
    )
}
