import { describe, expect, it } from 'vitest'
import { fates, partsOf } from './support.ts'

const SOURCES = '100.64.0.0/10,10.0.0.10'

/** One native table with an input chain. */
const nft = (rules: readonly string[], more = '', policy = 'accept'): string =>
  `table inet t {
${more}
	chain input {
		type filter hook input priority filter; policy ${policy};
${rules.map((rule) => `\t\t${rule}\n`).join('')}	}
}
`
const native = (rules: readonly string[], more = '', policy = 'accept') => ({ nft: nft(rules, more, policy) })

const verdictOf = (rules: readonly string[], more = '', probe = {}, source = '100.64.0.5'): string =>
  partsOf(native(rules, more), source, probe)
    .map(({ verdict }) => verdict)
    .join()

describe('native tables', () => {
  it('drop what a rule or the policy drops, and count it', () => {
    const text = nft(
      [
        'ct state established,related accept',
        'iif "lo" accept',
        'ip saddr 10.0.0.0/8 tcp dport 80 accept',
        'counter packets 6 bytes 360',
      ],
      '',
      'drop',
    )
    const parts = partsOf({ nft: text }, SOURCES)
    expect(fates(parts)).toEqual([
      '10.0.0.10/32 pass',
      '100.64.0.0/10 drop at the request: input policy drop',
    ])
    expect(parts.flatMap(({ by }) => (by ? [[by.table, by.packets]] : []))).toEqual([['inet t', 6]])
  })

  it('an accept in one chain does not save from a drop in a later one', () => {
    const chain = (name: string, priority: string, rule: string) =>
      `chain ${name} {\n type filter hook input priority ${priority}; policy accept;\n ${rule}\n}\n`
    const both = (first: string, second: string) => `table inet t {\n${first}${second}}\n`
    expect(
      fates(
        partsOf(
          { nft: both(chain('late', 'filter + 10', 'drop'), chain('early', '-5', 'accept')) },
          '10.0.0.10',
        ),
      ),
    ).toEqual(['10.0.0.10/32 drop at the request: late 1'])
    expect(
      fates(
        partsOf(
          {
            nft: both(
              chain('late', 'security', 'reject with tcp reset'),
              chain('early', 'mangle - 1', 'drop'),
            ),
          },
          '10.0.0.10',
        ),
      ),
    ).toEqual(['10.0.0.10/32 drop at the request: early 1'])
  })

  it('follow jump, goto, return and continue', () => {
    const chains = `
	chain one {
		ip saddr 100.64.1.0/24 return
		ip saddr 100.64.2.0/24 goto two
		accept
	}
	chain two {
		ip saddr 100.65.1.0/24 reject with icmpx admin-prohibited
		continue
	}`
    const rules = [
      'ip saddr 100.64.0.0/16 jump one',
      'ip saddr 100.65.0.0/16 goto two',
      'ip saddr 100.66.0.0/16 jump two',
      'drop comment "the rest"',
    ]
    expect(
      fates(
        partsOf(
          native(rules, chains),
          '100.64.0.1,100.64.1.1,100.64.2.1,100.65.0.1,100.65.1.1,100.66.0.1,100.67.0.1',
        ),
      ),
    ).toEqual([
      '100.64.0.1/32,100.65.0.1/32 pass',
      '100.64.1.1/32,100.64.2.1/32,100.66.0.1/32,100.67.0.1/32 drop at the request: input 4',
      '100.65.1.1/32 reject icmp-admin-prohibited at the request: two 1',
    ])
  })

  it('have hooks for devices', () => {
    const chain = (hook: string) =>
      `table netdev t {\n chain c {\n  type filter hook ${hook} priority filter; policy accept;\n  ip saddr 100.64.0.0/10 drop\n }\n}\n`
    const drop = ['10.0.0.10/32 pass', '100.64.0.0/10 drop at the request: c 1']
    expect(fates(partsOf({ nft: chain('ingress device "eth0"') }, SOURCES))).toEqual(drop)
    expect(fates(partsOf({ nft: chain('ingress devices = { eth1, eth0 }') }, SOURCES))).toEqual(drop)
    expect(fates(partsOf({ nft: chain('ingress device "eth1"') }, SOURCES))).toEqual([
      '10.0.0.10/32,100.64.0.0/10 pass',
    ])
    expect(fates(partsOf({ nft: chain('ingress device "eth1"') }, SOURCES, { device: null }))).toEqual([
      '10.0.0.10/32 pass',
      '100.64.0.0/10 unknown: c 1',
    ])
    expect(fates(partsOf({ nft: chain('egress device "eth0"').replace('saddr', 'daddr') }, SOURCES))).toEqual(
      ['10.0.0.10/32 pass', '100.64.0.0/10 drop at the reply: c 1'],
    )
  })

  it('a bridge may be met, or not', () => {
    const text = (hook: string) =>
      `table bridge b {\n chain c {\n  type filter hook ${hook} priority filter; policy accept;\n  ip saddr 100.64.0.0/10 drop\n }\n}\n`
    expect(fates(partsOf({ nft: text('input') }, SOURCES))).toEqual([
      '10.0.0.10/32 pass',
      '100.64.0.0/10 unknown: c 1',
    ])
    expect(fates(partsOf({ nft: text('forward') }, SOURCES))).toEqual(['10.0.0.10/32,100.64.0.0/10 pass'])
  })

  it('that are dormant, or of ARP, decide nothing', () => {
    expect(fates(partsOf({ nft: nft(['drop'], '\tflags dormant') }, '10.0.0.10'))).toEqual([
      '10.0.0.10/32 pass',
    ])
    expect(fates(partsOf({ nft: nft(['drop']).replace('inet', 'arp') }, '10.0.0.10'))).toEqual([
      '10.0.0.10/32 pass',
    ])
  })

  it('of the other family are not met', () => {
    expect(fates(partsOf({ nft: nft(['drop']).replace('inet', 'ip6') }, '10.0.0.10'))).toEqual([
      '10.0.0.10/32 pass',
    ])
    expect(fates(partsOf({ nft: nft(['drop']).replace('inet', 'ip') }, '10.0.0.10'))).toEqual([
      '10.0.0.10/32 drop at the request: input 1',
    ])
    expect(fates(partsOf({ nft: nft(['drop']) }, '2001:db8::1'))).toEqual([
      '2001:db8::1/128 drop at the request: input 1',
    ])
  })

  it('blocks that are no chains, comments, handles and the lines of a recording are passed over', () => {
    const text = `$ nft list ruleset
${nft(
  ['counter packets 1 bytes 60 drop # handle 4'],
  `
	comment "the { table"
	counter c {
		packets 3 bytes 180
	}
	flowtable f {
		hook ingress priority filter
		devices = { eth0 }
	}
	chain other {
		comment "an idle chain"
	}`,
)}--stderr--
# Warning: table ip filter is managed by iptables-nft, do not touch!
--exit 0--
`
    const [part] = partsOf({ nft: text }, '10.0.0.10')
    expect([part?.verdict, part?.by?.text, part?.by?.packets]).toEqual(['drop', 'counter drop', 1])
  })
})

describe('matches', () => {
  const sets = `
	set four {
		type ipv4_addr
		flags interval
		elements = { 10.0.0.0/8, 100.64.0.0-100.64.0.255,
			     192.0.2.1 timeout 1h expires 30m comment "x" }
	}
	set ports {
		type inet_service
		elements = { 22, 80-90 }
	}
	set pairs {
		type ipv4_addr . inet_service
		flags interval
		elements = { 100.64.0.0/10 . 80-81 counter packets 1 bytes 60,
			     10.0.0.1 . 22 }
	}
	set banned {
		type ipv4_addr
		size 65535
		flags dynamic,timeout
	}
	set empty {
		type ipv4_addr
	}
	map verdicts {
		type inet_service : verdict
		elements = { 22 : accept, 80 : goto out }
	}
	chain out {
		drop
	}`
  const cases: readonly (readonly [match: string, isMet: boolean | null])[] = [
    ['', true],
    ['meta l4proto tcp', true],
    ['meta l4proto { tcp, udp }', true],
    ['meta l4proto != udp', true],
    ['meta l4proto 6', true],
    ['meta l4proto gre', false],
    ['meta l4proto 2-6', true],
    ['meta l4proto != 2-6', false],
    ['meta l4proto { 1, 6-17 }', true],
    ['meta l4proto > 6', false],
    // As nft 1.0.6 prints `> 5` and `5-6`.
    ['meta l4proto > st', null],
    ['meta l4proto st-tcp', null],
    ['meta l4proto { st-tcp }', null],
    ['ip protocol tcp', true],
    ['ip6 nexthdr tcp', false],
    ['meta nfproto ipv4', true],
    ['meta nfproto ipv6', false],
    ['meta protocol ip', true],
    ['ether type ip6', false],
    ['ip version 4', true],
    ['tcp dport 80', true],
    ['tcp dport http', true],
    ['tcp dport 79-81', true],
    ['tcp dport != 80', false],
    ['tcp dport != 22', true],
    ['tcp dport { 22, 80, 443 }', true],
    ['tcp dport { 22, 443 }', false],
    ['tcp dport != { 22, 443 }', true],
    ['tcp dport > 79', true],
    ['tcp dport >= 81', false],
    ['tcp dport < 80', false],
    ['tcp dport <= 80', true],
    ['tcp dport unknown-service', null],
    ['udp dport 80', false],
    ['udp dport != 53', false],
    ['th dport 80', true],
    ['tcp sport 1024-65535', true],
    ['tcp sport 0-1023', false],
    ['tcp sport 1024-2000', null],
    ['sctp dport 80', false],
    ['ip saddr 100.64.0.5', true],
    ['ip saddr != 100.64.0.0/10', false],
    ['ip saddr 100.64.0.1-100.64.0.9', true],
    ['ip saddr { 10.0.0.0/8, 100.64.0.0/16 }', true],
    ['ip saddr @four', true],
    ['ip saddr != @four', false],
    ['ip saddr @empty', false],
    ['ip saddr @banned', false],
    ['ip saddr @gone', null],
    ['tcp dport @ports', true],
    ['ip saddr . tcp dport @pairs', true],
    ['ip saddr . tcp sport @pairs', false],
    ['ip saddr . tcp dport { 100.64.0.5 . 80 }', true],
    ['ip saddr . tcp dport { 100.64.0.5 . 81, 100.64.0.6 . 80 }', false],
    ['ip saddr . meta l4proto . tcp dport 100.64.0.5 . tcp . 80', true],
    ['ip daddr 10.0.1.16', true],
    ['ip daddr & 255.255.255.0 == 10.0.1.0', null],
    ['ip6 saddr ::/0', false],
    ['ip6 saddr != 2001:db8::/32', false],
    ['iif "lo"', false],
    ['iifname "eth0"', true],
    ['iifname "eth*"', true],
    ['iifname != "eth0"', false],
    ['iifname { "lo", "docker0" }', false],
    ['oifname "eth0"', false],
    ['oifname != "eth0"', true],
    ['ct state new', true],
    // The answer is let out, and what follows it is dropped.
    ['ct state { established, related }', true],
    ['ct state established,related', true],
    ['ct state new,established', true],
    ['ct state != established,related', true],
    ['ct state invalid', false],
    ['ct state & (established | related) == 0', true],
    ['ct state whatever', null],
    ['ct status dnat', false],
    ['ct direction original', true],
    ['ct direction reply', false],
    ['ct original ip daddr 10.0.1.16', true],
    ['ct original proto-dst 80', true],
    ['ct original proto-dst 81', false],
    ['ct reply ip saddr 10.0.1.16', true],
    ['ct mark 0x1', false],
    ['ct mark 0x0', true],
    ['ct mark and 0x3 != 0x2', true],
    ['meta mark 0x00000000', true],
    ['meta mark & 0x00004000 == 0x00004000', false],
    ['meta mark & 0x00004000 != 0x00004000', true],
    ['meta mark 0x1-0xff', false],
    ['meta mark set 0x20000 meta mark > 0x1', true],
    ['meta mark < 0x0', null],
    ['ct status seen-reply', true],
    ['ct status { seen-reply }', false],
    ['ct status dying', false],
    ['ip saddr & 0.0.0.7 == 0.0.0.5 udp dport 80', false],
    ['odd words ct status dnat', null],
    ['meta mark set ip saddr map @marks meta mark 0x7', null],
    ['tcp flags { syn | ack }', false],
    ['tcp flags { syn | ack, syn }', true],
    ['ip saddr { 100.64.0.6 timeout 1h expires 59m comment "a . b" }', false],
    ['ct original ip saddr 0.0.64.100', null],
    ['ct original ip saddr { 0.0.0.10, 10.0.0.1 }', null],
    ['ct original saddr 0.0.0.100', null],
    ['rt ipsec missing', null],
    ['rt ip nexthop 10.0.0.1', null],
    ['meta mark != 0x1', true],
    ['meta mark { 0x0, 0x7 }', true],
    ['pkttype { broadcast, multicast }', false],
    ['meta pkttype host', true],
    ['fib daddr type local', true],
    ['fib daddr type != local', false],
    ['fib daddr type { broadcast, anycast, multicast }', false],
    ['fib saddr type local', false],
    ['fib saddr . iif oif missing', false],
    ['fib saddr . mark . iif oif exists', true],
    ['fib saddr oif missing', false],
    ['fib daddr . iif type local', null],
    ['tcp flags syn', true],
    ['tcp flags & (fin | syn | rst | ack) == syn', true],
    ['tcp flags syn / fin,syn,rst,ack', true],
    ['tcp flags ack / ack', true],
    ['tcp flags & (fin | rst) != 0', false],
    ['tcp flags { rst, urg }', false],
    ['tcp flags rst,urg', false],
    ['ip frag-off & 8191 != 0', false],
    ['rt type 0', false],
    ['exthdr frag exists', null],
    ['ip ttl 64', null],
    ['ip6 hoplimit 64', false],
    ['meta length 100-65535', null],
    ['meta skuid 0', null],
    ['skuid 0', null],
    ['limit rate 3/minute', null],
    ['limit rate over 10 mbytes/second burst 5 packets', null],
    ['quota over 1 mbytes used 0 bytes', null],
    ['quota name "q"', null],
    ['ct count over 20', null],
    ['meter x { ip saddr limit rate over 3/second }', null],
    ['update @four { ip saddr limit rate 1/second }', null],
    ['update @banned { ip saddr }', true],
    ['xt match "recent"', null],
    ['xt match recent', null],
    ['# xt_recent', null],
    ['# recent: CHECK name: foo side: source', null],
    ['@th,16,16 80', null],
    ['numgen random mod 2 0', null],
    ['log prefix "a drop " level warn flags all', true],
    ['log group 2 snaplen 64', true],
    ['log flags tcp sequence,options prefix "x"', true],
    ['counter', true],
    ['counter packets 5 bytes 300', true],
    ['counter name "c"', true],
    ['limit name "l"', null],
    ['meta nftrace set 1', true],
    ['meta mark set 0x5 meta mark 0x5', true],
    ['meta mark set mark or 0x8 meta mark and 0xf == 0x8', true],
    ['meta mark set mark xor 0x1 mark 0x1', true],
    ['meta mark set meta mark | 0x10 meta mark 0x10', true],
    ['ct mark set 0x7 ct mark 0x7', true],
    ['ct mark set 0x7 meta mark set ct mark meta mark 0x7', true],
    ['meta mark set jhash ip saddr mod 2 continue', true],
    ['tcp option maxseg size set rt mtu', true],
    ['ip dscp set cs1', true],
    ['ct helper set "ftp"', true],
    ['flow add @f', true],
    ['last used never', true],
  ]

  it.each(cases)('%s', (match, isMet) => {
    if (match.endsWith('continue')) expect(verdictOf([match, 'drop'], sets)).toBe('drop')
    else expect(verdictOf([`${match} drop`], sets)).toBe(isMet === null ? 'unknown' : isMet ? 'drop' : 'pass')
  })

  it.each([
    ['tcp dport vmap { 22 : accept, 80 : drop }', 'drop'],
    ['tcp dport vmap { 22 : drop, 80 : accept }', 'pass'],
    ['tcp dport vmap { 22 : drop, 81-90 : drop }', 'pass'],
    ['tcp dport vmap @verdicts', 'drop'],
    ['tcp dport vmap { 22 : accept, * : drop }', 'drop'],
    ['iifname . tcp dport vmap { "eth0" . 80 : jump out }', 'drop'],
    ['ct state vmap { established : accept, related : accept, invalid : drop }', 'pass'],
    ['ct state vmap { new : drop, established : accept }', 'drop'],
    ['numgen random mod 2 vmap { 0 : drop, 1 : accept }', 'unknown'],
    ['numgen random mod 2 vmap { 0 : drop, 1 : goto out }', 'drop'],
    ['numgen inc mod 4 vmap { 0-3 : goto out }', 'drop'],
    ['numgen inc mod 4 vmap { 0-2 : goto out }', 'unknown'],
    ['jhash ip saddr mod 2 seed 0x1 offset 1 vmap { 1 : drop, 2 : drop }', 'drop'],
    ['meta skuid vmap { 0 : drop }', 'unknown'],
    ['odd field vmap { 0 : drop }', 'unknown'],
    ['ip saddr vmap @gone', 'unknown'],
    ['ip saddr vmap { 100.64.0.0/16 : queue }', 'unknown'],
    ['queue num 1', 'unknown'],
    ['tproxy to :8080', 'unknown'],
    ['xt target "TCPMSS"', 'pass'],
    ['xt target "NEW"', 'unknown'],
    ['jump gone', 'unknown'],
    ['tcp dport set 81', 'unknown'],
    ['accept', 'pass'],
  ])('%s', (rule, verdict) => {
    expect(verdictOf([rule], sets)).toBe(verdict)
  })

  it.each([
    ['reject', 'reject icmp-port-unreachable'],
    ['reject with icmp type host-prohibited', 'reject icmp-host-prohibited'],
    ['reject with icmp prot-unreachable', 'reject icmp-proto-unreachable'],
    ['reject with icmpx type no-route', 'reject icmp-net-unreachable'],
    ['reject with icmpx host-unreachable', 'reject icmp-host-unreachable'],
    ['reject with tcp reset', 'reset'],
  ])('%s', (rule, words) => {
    expect(fates(partsOf(native([rule]), '10.0.0.10'))).toEqual([
      `10.0.0.10/32 ${words} at the request: input 1`,
    ])
  })

  it('rejects IPv6 in its own words', () => {
    for (const [rule, words] of [
      ['reject', 'icmp6-port-unreachable'],
      ['reject with icmpv6 type admin-prohibited', 'icmp6-adm-prohibited'],
      ['reject with icmpv6 no-route', 'icmp6-no-route'],
      ['reject with icmpx admin-prohibited', 'icmp6-adm-prohibited'],
      ['reject with icmpx host-unreachable', 'icmp6-addr-unreachable'],
      ['reject with icmpx no-route', 'icmp6-no-route'],
    ] as const)
      expect(fates(partsOf(native([rule]), '2001:db8::1'))).toEqual([
        `2001:db8::1/128 reject ${words} at the request: input 1`,
      ])
  })

  it('a set leaves those sources alone that it does not have', () => {
    expect(fates(partsOf(native(['ip saddr @four drop'], sets), '100.64.0.0/23'))).toEqual([
      '100.64.0.0/24 drop at the request: input 1',
      '100.64.1.0/24 pass',
    ])
  })

  it('words that are not understood end before what changes the packet', () => {
    for (const change of ['meta mark set 0x1', 'meta mark set odd words meta mark set 0x1'])
      expect(verdictOf([`odd words ${change}`, 'meta mark 0x1 drop'])).toBe('unknown')
    expect(verdictOf(['odd words ct mark set 0x1', 'ct mark 0x1 drop'])).toBe('unknown')
    expect(verdictOf(['odd words meta mark set 0x1', 'meta mark 0x2 drop'])).toBe('pass')
  })

  it('nft compares what stands in the place of a port', () => {
    const ping = { protocol: 'icmp', port: null } as const
    expect(verdictOf(['th dport 80 drop'], '', ping)).toBe('unknown')
    expect(verdictOf(['meta l4proto { tcp, udp } th dport != 22 drop'], '', ping)).toBe('pass')
    // What tells of a REJECT.
    const output = 'chain o {\n type filter hook output priority 0; policy accept;\n th sport != 22 drop\n }'
    expect(verdictOf(['reject'], output)).toBe('unknown')
  })

  it('an answer opens a connection if its request was not tracked', () => {
    const answered = (rule: string): string =>
      verdictOf(
        [],
        `
	chain raw {
		type filter hook prerouting priority raw; policy accept;
		notrack
	}
	chain o {
		type filter hook output priority filter; policy accept;
		${rule} drop
	}`,
        { protocol: 'udp' },
      )
    expect(answered('ct state new')).toBe('drop')
    expect(answered('ct direction original')).toBe('drop')
    expect(answered('ct direction reply')).toBe('pass')
    expect(answered('ct status seen-reply')).toBe('pass')
    expect(answered('ct original ip saddr 10.0.1.16')).toBe('drop')
    expect(answered('ct original ip saddr 100.64.0.0/10')).toBe('pass')
    expect(answered('ct reply proto-dst 80')).toBe('drop')
  })

  it('what tells of a REJECT has the status of the connection that was rejected', () => {
    const output = (rule: string) =>
      `chain o {\n type filter hook output priority 0; policy accept;\n ${rule} drop\n }`
    expect(verdictOf(['reject'], output('ct status seen-reply'))).toBe('reject')
    expect(verdictOf(['ct state established reject'], output('meta l4proto icmp ct status seen-reply'))).toBe(
      'drop',
    )
  })

  it('a packet has no mark of a connection before conntrack, and the rule ends there', () => {
    const output = (priority: string) =>
      `chain o {\n type filter hook output priority ${priority}; policy accept;\n meta mark set ct mark drop\n }`
    expect(verdictOf([], output('raw'))).toBe('pass')
    expect(verdictOf([], output('filter'))).toBe('drop')
  })

  it('a set that rules write to may have any source by the next packet', () => {
    expect(
      fates(
        partsOf(
          native(['ip saddr @banned drop', 'tcp dport 23 add @banned { ip saddr }'], sets),
          '10.0.0.10',
        ),
      ),
    ).toEqual(['10.0.0.10/32 unknown: input 1'])
  })

  it('a mark that is not known may be any', () => {
    expect(verdictOf(['meta mark set numgen inc mod 4 offset 1', 'meta mark 0x9 drop'])).toBe('unknown')
  })

  it('pings have types', () => {
    const probe = { protocol: 'icmp', port: null } as const
    expect(verdictOf(['icmp type echo-request drop'], '', probe)).toBe('drop')
    expect(verdictOf(['icmp type { echo-reply, destination-unreachable } drop'], '', probe)).toBe('pass')
    expect(verdictOf(['icmp code 0 drop'], '', probe)).toBe('drop')
    expect(verdictOf(['icmp code net-unreachable drop'], '', probe)).toBe('drop')
    expect(verdictOf(['icmp code host-unreachable drop'], '', probe)).toBe('pass')
    expect(verdictOf(['icmp code odd drop'], '', probe)).toBe('unknown')
    expect(verdictOf(['icmp type odd drop'], '', probe)).toBe('unknown')
    expect(verdictOf(['tcp dport 80 drop'], '', probe)).toBe('pass')
    const six = { protocol: 'icmpv6', port: null } as const
    expect(verdictOf(['icmpv6 type echo-request drop'], '', six, '2001:db8::1')).toBe('drop')
    expect(verdictOf(['icmpv6 type nd-router-advert drop'], '', six, '2001:db8::1')).toBe('pass')
  })
})
