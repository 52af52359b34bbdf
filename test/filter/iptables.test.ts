import { describe, expect, it } from 'vitest'
import { fates, partsOf, table, verdictOf } from './support.ts'

const SOURCES = '100.64.0.0/10,10.0.0.10'

const filter = (rules: readonly string[], policies = {}) => ({ iptables: table('filter', rules, policies) })

describe('first match over the chains', () => {
  it('drops the sources of a rule, and lets all others through', () => {
    expect(fates(partsOf(filter(['INPUT -s 100.64.0.0/10 -j DROP']), SOURCES))).toEqual([
      '10.0.0.10/32 pass',
      '100.64.0.0/10 drop at the request: INPUT 1',
    ])
  })

  it('names the policy if no rule decides', () => {
    expect(
      fates(partsOf(filter(['INPUT -p tcp -m tcp --dport 22 -j ACCEPT'], { INPUT: 'DROP' }), SOURCES)),
    ).toEqual(['10.0.0.10/32,100.64.0.0/10 drop at the request: INPUT policy DROP'])
  })

  it('follows jumps, comes back after RETURN and at the end of a chain, and not after goto', () => {
    const rules = [
      'INPUT -s 100.64.0.0/16 -j one',
      'INPUT -s 100.65.0.0/16 -g two',
      'INPUT -s 100.66.0.0/16 -j two',
      'INPUT -j DROP',
      'one -s 100.64.1.0/24 -j RETURN',
      'one -s 100.64.2.0/24 -g two',
      'one -j ACCEPT',
      'two -s 100.65.1.0/24 -j REJECT --reject-with tcp-reset',
    ]
    expect(
      fates(
        partsOf(
          filter(rules),
          '100.64.0.1,100.64.1.1,100.64.2.1,100.65.0.1,100.65.1.1,100.66.0.1,100.67.0.1',
        ),
      ),
    ).toEqual([
      '100.64.0.1/32,100.65.0.1/32 pass',
      '100.64.1.1/32,100.64.2.1/32,100.66.0.1/32,100.67.0.1/32 drop at the request: INPUT 4',
      '100.65.1.1/32 reset at the request: two 1',
    ])
  })

  it('says how a rule rejects', () => {
    expect(
      fates(partsOf(filter(['INPUT -j REJECT --reject-with icmp-host-prohibited']), '10.0.0.10')),
    ).toEqual(['10.0.0.10/32 reject icmp-host-prohibited at the request: INPUT 1'])
  })

  it('asks raw, mangle, nat, filter and security one after the other', () => {
    const drop = (name: string, chain: string) => ({ iptables: table(name, [`${chain} -j DROP`]) })
    for (const [name, chain] of [
      ['raw', 'PREROUTING'],
      ['mangle', 'PREROUTING'],
      ['nat', 'PREROUTING'],
      ['mangle', 'INPUT'],
      ['security', 'INPUT'],
      ['nat', 'INPUT'],
    ] as const)
      expect(fates(partsOf(drop(name, chain), '10.0.0.10'))).toEqual([
        `10.0.0.10/32 drop at the request: ${chain} 1`,
      ])
    for (const [name, chain] of [
      ['raw', 'OUTPUT'],
      ['mangle', 'OUTPUT'],
      ['filter', 'OUTPUT'],
      ['security', 'OUTPUT'],
      ['mangle', 'POSTROUTING'],
    ] as const)
      expect(fates(partsOf(drop(name, chain), '10.0.0.10'))).toEqual([
        `10.0.0.10/32 drop at the reply: ${chain} 1`,
      ])
    for (const [name, chain] of [
      ['filter', 'FORWARD'],
      ['nat', 'OUTPUT'],
      ['nat', 'POSTROUTING'],
    ] as const)
      expect(fates(partsOf(drop(name, chain), '10.0.0.10'))).toEqual(['10.0.0.10/32 pass'])
  })

  it('an accept in one table does not save from a drop in a later one', () => {
    const texts = {
      iptables: table('mangle', ['INPUT -j ACCEPT']) + table('filter', ['INPUT -s 100.64.0.0/10 -j DROP']),
    }
    expect(fates(partsOf(texts, SOURCES))).toEqual([
      '10.0.0.10/32 pass',
      '100.64.0.0/10 drop at the request: INPUT 1',
    ])
  })

  it('lets TCP open and then hang if only new connections are let in', () => {
    const rules = ['INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 80 -j ACCEPT']
    expect(fates(partsOf(filter(rules, { INPUT: 'DROP' }), '10.0.0.10'))).toEqual([
      '10.0.0.10/32 drop at the data: INPUT policy DROP',
    ])
  })

  it('evaluates the reply by its destination', () => {
    expect(
      fates(partsOf(filter(['OUTPUT -d 100.64.0.0/10 -p tcp -m tcp --sport 80 -j DROP']), SOURCES)),
    ).toEqual(['10.0.0.10/32 pass', '100.64.0.0/10 drop at the reply: OUTPUT 1'])
  })
})

describe('a reset in place of what the machine sends after the first answer', () => {
  const OPENS = 'OUTPUT -p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK -j ACCEPT'
  const RESETS = 'OUTPUT -s 10.0.1.16/32 -p tcp -j REJECT --reject-with tcp-reset'
  const met = (...rules: readonly string[]): readonly string[] =>
    fates(partsOf({ iptables: table('filter', [OPENS, ...rules]) }, '100.64.0.5'))

  // It goes to the machine's own end. The prober sends its data again, and meets the closed end.
  it('reaches the prober if the reset of the closed end gets out', () => {
    expect(met('OUTPUT -p tcp -m tcp --tcp-flags RST RST -j ACCEPT', RESETS)).toEqual([
      '100.64.0.5/32 reset at the data: OUTPUT 3',
    ])
    expect(met(RESETS)).toEqual(['100.64.0.5/32 drop at the data: OUTPUT 2'])
  })

  it('reaches nobody if it does not get to the own end', () => {
    const closed = 'OUTPUT -s 10.0.1.16/32 -p tcp -m tcp --tcp-flags RST RST -j ACCEPT'
    const stopped = [
      'OUTPUT -o lo -j DROP',
      'INPUT -i lo -j DROP',
      'OUTPUT -m conntrack --ctstate RELATED -j DROP',
    ]
    for (const one of stopped)
      expect(met(closed, RESETS, one)).toEqual(['100.64.0.5/32 drop at the data: OUTPUT 3'])
    expect(met(closed, RESETS)).toEqual(['100.64.0.5/32 reset at the data: OUTPUT 3'])
  })
})

describe('matches', () => {
  const meets = (match: string, probe = {}): string => verdictOf([`INPUT ${match} -j DROP`], probe)
  const cases: readonly (readonly [match: string, isMet: boolean | null])[] = [
    ['-p tcp', true],
    ['-p udp', false],
    ['! -p udp', true],
    ['-p gre', false],
    ['-p all', true],
    ['-p 0', true],
    ['-p tcp -m tcp', true],
    ['-p tcp -m tcp --dport 80', true],
    ['-p tcp -m tcp --dport 79:81', true],
    ['-p tcp -m tcp --dport :79', false],
    ['-p tcp -m tcp --dport 81:', false],
    ['-p tcp -m tcp ! --dport 80', false],
    ['-p tcp -m tcp --sport 1024:65535', true],
    ['-p tcp -m tcp --sport 0:1023', false],
    ['-p tcp -m tcp --sport 32768:60999', null],
    ['-p udp -m udp --dport 80', false],
    ['-p tcp -m multiport --dports 22,80,443', true],
    ['-p tcp -m multiport --dports 22,81:90', false],
    ['-p tcp -m multiport ! --dports 22,443', true],
    ['-p tcp -m multiport --ports 80', true],
    ['-p tcp -m multiport --ports 22', false],
    ['-p tcp -m multiport --ports 22,2000', null],
    ['-p tcp -m multiport --sports 1024:65535', true],
    ['-s 100.64.0.0/10', true],
    ['! -s 100.64.0.0/10', false],
    ['-s 10.0.0.0/8', false],
    ['-s 100.64.0.0/255.192.0.0', true],
    ['-d 10.0.1.16/32', true],
    ['-d 10.0.1.17/32', false],
    ['! -d 10.0.1.0/24', false],
    ['-d 10.0.0.0/255.0.255.0', null],
    ['-i eth0', true],
    ['-i eth+', true],
    ['-i +', true],
    ['-i eth', false],
    ['! -i lo', true],
    ['! -i tailscale0', true],
    ['-m iprange --src-range 100.64.0.1-100.64.0.9', true],
    ['-m iprange ! --src-range 100.64.0.1-100.64.0.9', false],
    ['-m iprange --dst-range 10.0.1.17-10.0.1.18', false],
    ['-m conntrack --ctstate NEW', true],
    ['-m conntrack --ctstate INVALID', false],
    ['-m conntrack ! --ctstate RELATED,ESTABLISHED', true],
    ['-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT', true],
    ['-m conntrack --ctstate DNAT', false],
    ['-m conntrack --ctstate SNAT', false],
    ['-m conntrack --ctstate WHATEVER', null],
    ['-m state --state NEW', true],
    ['-m conntrack --ctdir ORIGINAL', true],
    ['-m conntrack --ctorigdst 10.0.1.16', true],
    ['-m conntrack --ctorigdstport 80', true],
    ['-m conntrack --ctorigdstport 81', false],
    ['-m conntrack --ctorigsrc 100.64.0.0/10', true],
    ['-m conntrack --ctreplsrc 10.0.1.16', true],
    ['-m conntrack --ctreplsrcport 80', true],
    ['-m conntrack --ctproto 6', true],
    ['-m conntrack --ctstatus NONE', null],
    ['-m mark --mark 0x0/0x4000', true],
    ['-m mark ! --mark 0x4000/0x4000', true],
    ['-m mark --mark 0x1', false],
    ['-m mark --mark x', null],
    ['-m connmark --mark 0x0', true],
    ['-m comment --comment "-j ACCEPT"', true],
    ['-m comment --comment "say \\"hi\\" ! -p udp"', true],
    ['-m addrtype --dst-type LOCAL', true],
    ['-m addrtype ! --dst-type LOCAL', false],
    ['-m addrtype --dst-type MULTICAST', false],
    ['-m addrtype --dst-type UNICAST,BROADCAST', false],
    ['-m addrtype --src-type LOCAL', false],
    ['-m addrtype --src-type UNICAST', true],
    ['-m addrtype --src-type BLACKHOLE', null],
    ['-m addrtype --dst-type LOCAL --limit-iface-in', null],
    ['-m pkttype --pkt-type unicast', true],
    ['-m pkttype --pkt-type broadcast', false],
    ['-m pkttype --pkt-type odd', null],
    ['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', true],
    // The packets after the first.
    ['-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN', true],
    ['-p tcp -m tcp --tcp-flags ALL NONE', false],
    ['-p tcp -m tcp --tcp-flags SYN,WHAT SYN', null],
    ['-p tcp -m tcp --tcp-option 8', null],
    ['-f', false],
    ['! -f', true],
    ['-m policy --dir in --pol none', true],
    ['-m policy --dir in --pol ipsec', false],
    ['-m physdev --physdev-is-bridged', false],
    ['-m physdev --physdev-in eth9', null],
    ['-m owner --uid-owner 0', false],
    ['-m rt --rt-type 0', false],
    ['-m nfacct --nfacct-name x', true],
    ['-m rpfilter', true],
    ['-m rpfilter --invert', false],
    ['-m rpfilter --loose --validmark', true],
    ['-m limit --limit 3/min', null],
    ['-m recent --rcheck --name x --mask 255.255.255.255 --rsource', null],
    ['-m hashlimit --hashlimit-above 3/sec --hashlimit-name x', null],
    ['-m connlimit --connlimit-above 10', null],
    ['-m statistic --mode random --probability 0.5', null],
    ['-m time --timestart 10:00:00', null],
    ['-m string --string "-p udp" --algo bm', null],
    ['-m string --algo bm -p udp', false],
    ['-m newmodule', null],
    ['-m set --match-set gone src', null],
    ['', true],
  ]

  it.each(cases)('%s', (match, isMet) => {
    expect(meets(match)).toBe(isMet === null ? 'unknown' : isMet ? 'drop' : 'pass')
  })

  it('the device is not known: it may be any but loopback', () => {
    expect(meets('-i eth0', { device: null })).toBe('unknown')
    expect(meets('-i lo', { device: null })).toBe('pass')
    expect(meets('-i +', { device: null })).toBe('drop')
  })

  it.each([
    ['icmp', '-p icmp -m icmp --icmp-type 8', 'drop'],
    ['icmp', '-p icmp -m icmp --icmp-type 8/0', 'drop'],
    ['icmp', '-p icmp -m icmp --icmp-type echo-request', 'drop'],
    ['icmp', '-p icmp -m icmp --icmp-type any', 'drop'],
    ['icmp', '-p icmp -m icmp --icmp-type 3/4', 'pass'],
    ['icmp', '-p icmp -m icmp --icmp-type nothing', 'unknown'],
    ['icmp', '-p tcp', 'pass'],
    ['udp', '-p udp -m udp --dport 80', 'drop'],
  ] as const)('a probe of %s: %s', (protocol, match, verdict) => {
    expect(meets(match, { protocol, port: protocol === 'udp' ? 80 : null })).toBe(verdict)
  })

  it('the answer to a ping has a type of its own', () => {
    const probe = { protocol: 'icmp', port: null } as const
    expect(verdictOf(['OUTPUT -p icmp -m icmp --icmp-type 0 -j DROP'], probe)).toBe('drop')
    expect(verdictOf(['OUTPUT -p icmp -m icmp --icmp-type 8 -j DROP'], probe)).toBe('pass')
  })

  it('an IPv6 probe meets ip6tables alone', () => {
    const rules = ['INPUT -p tcp -m tcp --dport 80 -j DROP']
    expect(fates(partsOf({ iptables: table('filter', rules) }, '2001:db8::1'))).toEqual([
      '2001:db8::1/128 pass',
    ])
    expect(fates(partsOf({ ip6tables: table('filter', rules) }, '2001:db8::1'))).toEqual([
      '2001:db8::1/128 drop at the request: INPUT 1',
    ])
    expect(
      fates(
        partsOf({ ip6tables: table('filter', ['INPUT -s 2001:db8::/33 -j DROP']) }, '2001:db8::/32', {
          protocol: 'icmpv6',
          port: null,
        }),
      ),
    ).toEqual(['2001:db8:8000::/33 pass', '2001:db8::/33 drop at the request: INPUT 1'])
  })
})

describe('a rule that may match', () => {
  it('decides nothing if both branches fare alike', () => {
    const limit = '-m limit --limit 3/min'
    expect(verdictOf([`INPUT ${limit} -j LOG --log-prefix "x "`, 'INPUT -j DROP'])).toBe('drop')
    expect(verdictOf([`INPUT ${limit} -j DROP`, 'INPUT -j DROP'])).toBe('drop')
    expect(verdictOf([`INPUT ${limit} -j idle`, 'idle -j RETURN', 'INPUT -j ACCEPT'])).toBe('pass')
    expect(verdictOf([`INPUT ${limit} -j ACCEPT`])).toBe('pass')
  })

  it('leaves only those sources unknown that it may match', () => {
    const parts = partsOf(filter(['INPUT -s 100.64.0.0/11 -m limit --limit 3/min -j DROP']), '100.64.0.0/10')
    expect(fates(parts)).toEqual(['100.64.0.0/11 unknown: INPUT 1', '100.96.0.0/11 pass'])
    expect(parts.flatMap(({ unclear }) => unclear)).toEqual([
      'iptables -t filter -A INPUT -s 100.64.0.0/11 -m limit --limit 3/min -j DROP',
    ])
  })

  it('names the first rule that may decide', () => {
    const parts = partsOf(
      filter([
        'INPUT -m recent --update --name a -j idle',
        'INPUT -m recent --update --name b -j ACCEPT',
        'INPUT -j DROP',
        'idle -j LOG',
      ]),
      '10.0.0.10',
    )
    expect(fates(parts)).toEqual(['10.0.0.10/32 unknown: INPUT 2'])
    expect(parts[0]?.unclear).toEqual(['iptables -t filter -A INPUT -m recent --update --name b -j ACCEPT'])
  })

  it('does not matter to sources that a later table surely drops', () => {
    const texts = {
      iptables:
        table('filter', ['INPUT -m limit --limit 3/min -j ACCEPT']) + table('security', ['INPUT -j DROP']),
    }
    expect(fates(partsOf(texts, '10.0.0.10'))).toEqual(['10.0.0.10/32 drop at the request: INPUT 1'])
  })

  it.each(['NFQUEUE --queue-num 1', 'TPROXY --on-port 1', 'NEWTARGET', 'gone-chain'])(
    'a target that nobody can tell from the text: %s',
    (target) => {
      expect(verdictOf([`INPUT -j ${target}`])).toBe('unknown')
      expect(verdictOf([`INPUT -p udp -j ${target}`])).toBe('pass')
    },
  )

  it('a policy that is not there', () => {
    expect(fates(partsOf({ iptables: '-A INPUT -p udp -j DROP' }, '10.0.0.10'))).toEqual([
      '10.0.0.10/32 unknown: INPUT policy undefined',
    ])
  })
})
