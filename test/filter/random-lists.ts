import fc from 'fast-check'

// Random rule lists as iptables-save prints them: nested chains, goto, return, negation, lists, sets, marks and states.

/** The parts of a rule, as they are joined with blanks. */
export interface RandomRule {
  readonly matches: readonly string[]
  readonly target: string
}

interface Kind {
  /** Matches that nobody can tell from the text. */
  readonly isUnclear?: boolean
  readonly device: string
}

const PORTS = [22, 80, 8080]

export const octet = fc.integer({ min: 0, max: 255 })
/** Addresses close together, so that rules overlap. */
export const source = fc
  .tuple(fc.constantFrom(64, 65, 66), fc.constantFrom(0, 1, 128), octet)
  .map(([b, c, d]) => `100.${b}.${c}.${d}`)

const cidr = fc
  .tuple(source, fc.constantFrom(10, 15, 16, 23, 24, 25, 26, 32))
  .map(([address, bits]) => `${networkOf(address, bits)}/${bits}`)

/** iptables prints the address of the network. */
function networkOf(address: string, bits: number): string {
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const network = value - (value % 2 ** (32 - bits))
  return [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.')
}

const not = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom('', '', '! '), text).map(([bang, rest]) => `${bang}${rest}`)

const port = fc.constantFrom(...PORTS)

/** `prober` and `service`: which side of the packet is whose, in the chains of one direction. */
interface Side {
  readonly prober: 's' | 'd'
  readonly service: 's' | 'd'
}

const IN: Side = { prober: 's', service: 'd' }
const OUT: Side = { prober: 'd', service: 's' }

const portMatch = ({ service }: Side): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('tcp', 'tcp', 'udp'),
      fc.oneof(
        not(port.map((one) => `--${service}port ${one}`)).map((text) => ['', text] as const),
        not(port.map((one) => `--${service}port ${one}:${one + 1000}`)).map((text) => ['', text] as const),
        not(fc.uniqueArray(port, { minLength: 1 }).map((list) => `--${service}ports ${list.join()}`)).map(
          (text) => ['multiport', text] as const,
        ),
      ),
    )
    .map(([protocol, [match, text]]) => `-p ${protocol} -m ${match || protocol} ${text}`)

const matchOf = (side: Side, { isUnclear, device }: Kind): fc.Arbitrary<string> => {
  const always = [
    not(cidr.map((text) => `-${side.prober} ${text}`)),
    not(fc.constantFrom('10.0.1.16/32', '10.0.0.0/16').map((text) => `-${side.service} ${text}`)),
    portMatch(side),
    fc.constantFrom('-p tcp', '-p udp', '! -p udp'),
    not(
      fc
        .subarray(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'], { minLength: 1, maxLength: 2 })
        .map((states) => `--ctstate ${states.join()}`),
    ).map((text) => `-m conntrack ${text}`),
    not(fc.constantFrom('0x1', '0x1/0x1', '0x0/0x2', '0x2/0x3').map((text) => `--mark ${text}`)).map(
      (text) => `-m mark ${text}`,
    ),
    fc.constantFrom('-m connmark --mark 0x4/0x4', '-m connmark ! --mark 0x4/0x4'),
    fc.constantFrom(
      '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN',
      '-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK',
      '-p tcp -m tcp ! --tcp-flags SYN SYN',
    ),
    not(
      fc
        .tuple(source, source)
        .map(([a, b]) => `--${side.prober === 's' ? 'src' : 'dst'}-range ${inOrder(a, b)}`),
    ).map((text) => `-m iprange ${text}`),
    not(
      fc.constantFrom('nets', 'ips', 'pairs').map((name) => `--match-set ${name} ${sidesOf(name, side)}`),
    ).map((text) => `-m set ${text}`),
    fc.constantFrom(`-m addrtype --${side.service === 's' ? 'src' : 'dst'}-type LOCAL`),
    fc.constantFrom('-m comment --comment "-j DROP"'),
  ]
  const devices = [device, `${device.slice(0, 2)}+`, 'other0', 'lo']
  const own = not(fc.constantFrom(...devices).map((name) => `-${side === IN ? 'i' : 'o'} ${name}`))
  return fc.oneof(...always, own, ...(isUnclear ? [fc.constantFrom(...UNCLEAR)] : []))
}

export const UNCLEAR = [
  '-m limit --limit 3/min',
  '-m recent --rcheck --name x --mask 255.255.255.255 --rsource',
]

const sidesOf = (name: string, { prober, service }: Side): string =>
  (name === 'pairs' ? [prober, service] : [prober]).map((side) => (side === 's' ? 'src' : 'dst')).join()

const inOrder = (a: string, b: string): string => [a, b].sort((x, y) => value(x) - value(y)).join('-')
const value = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** The sets that rules ask for. */
export const SETS = `create nets hash:net family inet hashsize 1024 maxelem 65536
add nets 100.64.0.0/23
add nets 100.64.1.0/24 nomatch
add nets 100.64.1.128/25
create ips hash:ip family inet hashsize 1024 maxelem 65536
add ips 100.65.0.1
add ips 100.65.0.2
create pairs hash:net,port family inet hashsize 1024 maxelem 65536
add pairs 100.66.0.0/16,tcp:80
add pairs 100.64.0.0/16,udp:80
`

const own = (table: string, names: readonly string[]): readonly string[] =>
  names.map((name) => `${table}-${name}`)

const targetOf = (table: string, later: readonly string[]): fc.Arbitrary<RandomRule> => {
  const plain = fc.constantFrom('-j ACCEPT', '-j ACCEPT', '-j DROP', '-j RETURN', '-j LOG', '')
  const marks = fc.constantFrom(
    '-j MARK --set-xmark 0x1/0xffffffff',
    '-j MARK --set-xmark 0x2/0x2',
    '-j MARK --set-xmark 0x1/0x0',
    '-j CONNMARK --set-xmark 0x4/0x4',
    '-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff',
    '-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff',
  )
  const jumps = later.map((chain) => fc.constantFrom(`-j ${chain}`, `-j ${chain}`, `-g ${chain}`))
  const rejects =
    table === 'filter'
      ? [
          fc.constantFrom(
            '-j REJECT --reject-with icmp-port-unreachable',
            '-j REJECT --reject-with icmp-host-prohibited',
          ),
        ]
      : []
  const untracked = table === 'raw' ? [fc.constant('-j CT --notrack')] : []
  const bare = fc.oneof(plain, marks, ...jumps, ...jumps, ...rejects, ...untracked)
  const reset = { matches: ['-p tcp'], target: '-j REJECT --reject-with tcp-reset' }
  return fc.oneof(
    { weight: 9, arbitrary: bare.map((target) => ({ matches: [], target })) },
    { weight: table === 'filter' ? 1 : 0, arbitrary: fc.constant(reset) },
  )
}

/** A protocol may be asked for once in a rule. The options of iptables itself come first. */
function joined(matches: readonly string[], target: RandomRule): string {
  const protocol = /(?:! )?-p \S+/
  const chosen: string[] = []
  for (const match of [...target.matches, ...matches]) {
    const flag = match.replace('! ', '').split(' ')[0] ?? ''
    const isTwice = flag.startsWith('-m')
      ? chosen.some((one) => one.includes(match.split(' ')[1] ?? ''))
      : chosen.some((one) => one.replace('! ', '').startsWith(flag))
    const hasProtocol = protocol.test(match) && chosen.some((one) => protocol.test(one))
    if (!isTwice && !hasProtocol) chosen.push(match)
  }
  const plain = chosen.filter((one) => !one.includes('-m '))
  return [...plain, ...chosen.filter((one) => one.includes('-m ')), target.target].filter(Boolean).join(' ')
}

const rules = (table: string, side: Side, later: readonly string[], kind: Kind): fc.Arbitrary<string[]> =>
  fc.array(
    fc
      .tuple(fc.array(matchOf(side, kind), { maxLength: 3 }), targetOf(table, later))
      .map(([matches, target]) => joined(matches, target)),
    { maxLength: 5 },
  )

const CHAINS = {
  raw: [
    ['PREROUTING', IN],
    ['OUTPUT', OUT],
  ],
  mangle: [
    ['PREROUTING', IN],
    ['INPUT', IN],
    ['OUTPUT', OUT],
    ['POSTROUTING', OUT],
  ],
  filter: [
    ['INPUT', IN],
    ['OUTPUT', OUT],
  ],
  security: [['INPUT', IN]],
} as const

/** One table: its built-in chains, and chains of its own for each direction, of which each leads to later ones only. */
function tableText(name: keyof typeof CHAINS, kind: Kind): fc.Arbitrary<string> {
  const lists = [IN, OUT].flatMap((side) => {
    const chains = own(side === IN ? 'in' : 'out', ['a', 'b', 'c'])
    return chains.map((chain, i) =>
      rules(name, side, chains.slice(i + 1), kind).map((all) => ({ chain, all, policy: '-' })),
    )
  })
  const bases = CHAINS[name].map(([chain, side]) =>
    fc
      .tuple(
        rules(name, side, own(side === IN ? 'in' : 'out', ['a', 'b', 'c']), kind),
        fc.constantFrom('ACCEPT', 'ACCEPT', 'ACCEPT', 'DROP'),
      )
      .map(([all, policy]) => ({ chain, all, policy })),
  )
  return fc
    .tuple(...bases, ...lists)
    .map((chains) =>
      [
        `*${name}`,
        ...chains.map(({ chain, policy }) => `:${chain} ${policy} [0:0]`),
        ...chains.flatMap(({ chain, all }) => all.map((rule) => `-A ${chain} ${rule}`.trim())),
        'COMMIT',
        '',
      ].join('\n'),
    )
}

/** Rules for all tables that a packet to the machine meets. */
export const ruleTexts = (kind: Kind): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.option(tableText('raw', kind), { freq: 1 }),
      fc.option(tableText('mangle', kind), { freq: 2 }),
      tableText('filter', kind),
      fc.option(tableText('security', kind), { freq: 1 }),
    )
    .map((tables) => tables.filter((text) => text !== null).join(''))
