import fc from 'fast-check'

// Random native tables as a person writes them for `nft -f`: sets, intervals, maps, verdict maps, marks and states, in base
// chains of several priorities.

const cidr = fc
  .tuple(fc.constantFrom(64, 65, 66), fc.constantFrom(0, 1, 128), fc.constantFrom(10, 16, 24, 25))
  .map(([b, c, bits]) =>
    bits === 10
      ? '100.64.0.0/10'
      : bits === 16
        ? `100.${b}.0.0/16`
        : bits === 24
          ? `100.${b}.${c}.0/24`
          : `100.${b}.${c}.128/25`,
  )

const port = fc.constantFrom(22, 80, 8080)
const operator = fc.constantFrom('', '', '!= ')

interface Side {
  readonly prober: 'saddr' | 'daddr'
  readonly service: 'sport' | 'dport'
  readonly device: 'iifname' | 'oifname'
}

const IN: Side = { prober: 'saddr', service: 'dport', device: 'iifname' }
const OUT: Side = { prober: 'daddr', service: 'sport', device: 'oifname' }

const matchOf = ({ prober, service, device: field }: Side, device: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.tuple(operator, cidr).map(([not, text]) => `ip ${prober} ${not}${text}`),
    fc.tuple(operator, fc.constantFrom('@nets', '@ips')).map(([not, text]) => `ip ${prober} ${not}${text}`),
    fc.constantFrom(
      `ip ${prober} 100.64.0.9-100.65.1.77`,
      `ip ${prober} { 100.64.0.0/24, 100.65.0.0-100.65.0.99 }`,
    ),
    fc.tuple(operator, port).map(([not, one]) => `tcp ${service} ${not}${one}`),
    fc.tuple(operator, port).map(([not, one]) => `udp ${service} ${not}${one}`),
    fc.constantFrom(
      `tcp ${service} { 22, 80 }`,
      `tcp ${service} 80-9000`,
      `th ${service} 8080`,
      `tcp ${service} > 79`,
    ),
    fc.constantFrom(
      'meta l4proto tcp',
      'meta l4proto != udp',
      'ip protocol { tcp, udp }',
      'meta nfproto ipv4',
      'meta nfproto ipv4',
    ),
    fc.constantFrom(
      ...[
        'ct state new',
        'ct state established,related',
        'ct state != established',
        'ct state { new, untracked }',
      ],
      ...['ct state invalid', 'ct direction original', 'ct status dnat', 'ct status seen-reply', 'ct mark 4'],
    ),
    fc.constantFrom('meta mark 1', 'meta mark & 2 == 2', 'meta mark != 1', 'mark and 3 == 3'),
    fc.constantFrom(
      'tcp flags syn',
      'tcp flags & (syn | ack) == syn',
      'tcp flags == syn',
      'tcp flags != syn',
      'tcp flags & ack != 0',
    ),
    fc.constantFrom(
      `${field} "${device}"`,
      `${field} "${device.slice(0, 2)}*"`,
      `${field} != "${device}"`,
      `${field} { "lo", "other0" }`,
    ),
    fc.constantFrom(
      `ip ${prober} . tcp ${service} @pairs`,
      `ip ${prober} . tcp ${service} { 100.64.0.7 . 80, 100.65.0.7 . 22 }`,
    ),
    fc.constantFrom(
      service === 'dport' ? 'fib daddr type local' : 'fib saddr type local',
      'pkttype host',
      'fib daddr type multicast',
    ),
  )

const effectOf = (side: Side, later: readonly string[]): fc.Arbitrary<string> => {
  const chains = later.map((chain) => fc.constantFrom(`jump ${chain}`, `goto ${chain}`))
  const maps =
    later.length > 0
      ? [
          fc.constantFrom(
            `tcp ${side.service} vmap { 22 : drop, 80 : jump ${later[0]}, 8080 : accept }`,
            `ip ${side.prober} vmap { 100.64.0.0/16 : goto ${later[0]}, 100.65.0.0/24 : return }`,
            `ct state vmap { established : accept, related : accept, invalid : drop }`,
            `meta l4proto . th ${side.service} vmap { tcp . 80 : jump ${later[0]}, udp . 22-90 : drop }`,
          ),
        ]
      : []
  return fc.oneof(
    fc.constantFrom('accept', 'accept', 'drop', 'return', 'continue', 'counter', 'log prefix "x drop "'),
    fc.constantFrom(
      'reject with tcp reset',
      'reject with icmpx port-unreachable',
      'reject with icmp host-prohibited',
      'reject',
    ),
    fc.constantFrom(
      'meta mark set 1',
      'meta mark set mark or 2',
      'meta mark set mark xor 3',
      'ct mark set 4',
      'meta mark set ct mark',
      'meta mark set 2 meta mark 2 drop',
    ),
    ...chains,
    ...maps,
  )
}

const rules = (side: Side, device: string, later: readonly string[]): fc.Arbitrary<string[]> =>
  fc.array(
    fc
      .tuple(fc.array(matchOf(side, device), { maxLength: 2 }), effectOf(side, later))
      .map(([matches, effect]) => {
        // nft refuses a rule that asks for the protocol twice, and resets TCP alone.
        const isAsking = (text: string): boolean => /\b(?:tcp|udp|th|l4proto|ip protocol)\b/.test(text)
        const [first] = isAsking(effect) ? [] : matches.filter(isAsking)
        const kept = matches.filter((match) => !isAsking(match) || match === first)
        return [...(effect === 'reject with tcp reset' ? ['meta l4proto tcp'] : []), ...kept, effect].join(
          ' ',
        )
      }),
    { maxLength: 5 },
  )

const BASES = [
  ['prerouting', 'raw', IN],
  ['prerouting', 'mangle + 5', IN],
  ['input', 'filter', IN],
  ['input', 'filter + 10', IN],
  ['output', 'raw', OUT],
  ['output', 'filter - 1', OUT],
  ['postrouting', 'srcnat - 10', OUT],
] as const

const SETS = `
 set nets { type ipv4_addr; flags interval; elements = { 100.64.0.0/25, 100.65.1.0/24, 100.66.0.0-100.66.0.200 }; }
 set ips { type ipv4_addr; elements = { 100.64.0.7, 100.65.0.7 }; }
 set pairs { type ipv4_addr . inet_service; flags interval; elements = { 100.64.0.0/16 . 80, 100.65.0.0/16 . 22-100 }; }
`

/** One table, with chains of its own for each direction. */
export const nativeTexts = (device: string): fc.Arbitrary<string> => {
  const own = [IN, OUT].flatMap((side) => {
    const names = ['a', 'b', 'c'].map((name) => `${side === IN ? 'in' : 'out'}_${name}`)
    return names.map((name, i) =>
      rules(side, device, names.slice(i + 1)).map((all) => ({ name, head: '', all })),
    )
  })
  const bases = BASES.map(([hook, priority, side], i) => {
    const names = ['a', 'b', 'c'].map((name) => `${side === IN ? 'in' : 'out'}_${name}`)
    const isReject = hook === 'input' || hook === 'output' || hook === 'prerouting'
    return fc
      .tuple(
        rules(side, device, isReject ? names : []),
        fc.constantFrom('accept', 'accept', 'accept', 'accept', 'drop'),
        fc.integer({ min: 0, max: 2 }),
      )
      .map(([all, policy, absent]) => ({
        name: `base_${i}`,
        head: `type filter hook ${hook} priority ${priority}; policy ${policy};`,
        all: absent === 0 ? all.filter((rule) => isReject || !rule.includes('reject')) : [],
        isGone: absent !== 0,
      }))
  })
  return fc.tuple(...own, ...bases).map((chains) => {
    const kept = chains.filter((chain) => !('isGone' in chain && chain.isGone))
    // A chain stands before those that jump to it.
    const ordered = [...kept].reverse()
    const body = ordered.map(
      ({ name, head, all }) =>
        ` chain ${name} {\n  ${head}\n${all.map((rule) => `  ${rule}\n`).join('')} }\n`,
    )
    const names = kept.map(({ name }) => ` chain ${name} { }\n`)
    return `table inet t {\n${SETS}${names.filter((text) => !text.includes('base_')).join('')}}\ntable inet t {\n${body.join('')}}\n`
  })
}
