import { describe, expect, it } from 'vitest'
import { fates, partsOf, table } from './support.ts'

const POD = '172.17.0.2'

/** Where the requests of 10.0.0.10 go, and what they meet. */
const sent = (tables: readonly string[], probe = {}) => {
  const [part, ...others] = partsOf({ iptables: tables.join('') }, '10.0.0.10', { port: 30080, ...probe })
  expect(others).toEqual([])
  return {
    fate: fates(part ? [part] : [])[0]?.replace('10.0.0.10/32 ', ''),
    to: part?.sentOn.map(({ address, port }) => `${address}:${port}`),
    isForwarded: part?.isForwarded,
    isMasqueraded: part?.isMasqueraded,
  }
}

const KUBE = [
  'PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  'POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  'KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-A',
  'KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
  'KUBE-NODEPORTS -p tcp -m tcp --dport 30080 -j KUBE-SVC-A',
  'KUBE-SVC-A -j KUBE-MARK-MASQ',
  'KUBE-SVC-A -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-1',
  'KUBE-SVC-A -j KUBE-SEP-2',
  'KUBE-SEP-1 -p tcp -m tcp -j DNAT --to-destination 172.17.0.2:80',
  'KUBE-SEP-2 -p tcp -m tcp -j DNAT --to-destination 172.17.0.3:80',
  'KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
  'KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
  'KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
  'KUBE-POSTROUTING -j MASQUERADE --random-fully',
]

const FORWARD = [
  'FORWARD -j KUBE-FORWARD',
  'KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
  'KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT',
  'KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
]

describe('DNAT', () => {
  it('sends requests to the pods of a Service, of which chance chooses one', () => {
    expect(sent([table('nat', KUBE), table('filter', FORWARD, { FORWARD: 'DROP' })])).toEqual({
      fate: 'pass',
      to: ['172.17.0.3:80', '172.17.0.2:80'],
      isForwarded: true,
      isMasqueraded: true,
    })
  })

  it('does not help if nothing lets the packets through', () => {
    expect(sent([table('nat', KUBE), table('filter', [], { FORWARD: 'DROP' })])).toMatchObject({
      fate: 'drop at the request: FORWARD policy DROP',
      isForwarded: true,
      isMasqueraded: false,
    })
  })

  it('leaves open what chance decides, if only one of the pods is dropped', () => {
    const rules = [`FORWARD -d ${POD}/32 -j DROP`]
    expect(sent([table('nat', KUBE), table('filter', rules)]).fate).toBe('unknown: KUBE-SVC-A 2')
  })

  it('lets answers through that only an established connection may have', () => {
    const rules = ['FORWARD -m conntrack --ctstate DNAT -j ACCEPT']
    expect(sent([table('nat', KUBE), table('filter', rules, { FORWARD: 'DROP' })]).fate).toBe('pass')
    const mark = ['FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT']
    expect(sent([table('nat', KUBE), table('filter', mark, { FORWARD: 'DROP' })]).fate).toBe(
      'drop at the reply: FORWARD policy DROP',
    )
  })

  it('is evaluated by the devices on the way', () => {
    const nat = table('nat', [`PREROUTING -p tcp -m tcp --dport 30080 -j DNAT --to-destination ${POD}:80`])
    const only = (rule: string) => sent([nat, table('filter', [`FORWARD ${rule} -j DROP`])]).fate
    expect(only('-i eth0 -o docker0')).toBe('drop at the request: FORWARD 1')
    expect(only('-i docker0 -o eth0')).toBe('drop at the reply: FORWARD 1')
    expect(only('-i docker0 -o docker0')).toBe('pass')
    expect(only(`-d ${POD}/32 -p tcp -m tcp --dport 80`)).toBe('drop at the request: FORWARD 1')
    expect(only('-o docker0 -p tcp -m tcp --dport 30080')).toBe('pass')
    // The prober may have this port.
    expect(only('-i docker0 -p tcp -m tcp --dport 30080')).toBe('unknown: FORWARD 1')
    expect(only('-m conntrack --ctorigdstport 30080')).toBe('drop at the request: FORWARD 1')
    expect(only('-m conntrack --ctreplsrcport 80')).toBe('drop at the request: FORWARD 1')
    expect(only('-m conntrack --ctstate ESTABLISHED')).toBe('drop at the reply: FORWARD 1')
    expect(only('-m conntrack --ctstatus SEEN_REPLY')).toBe('drop at the reply: FORWARD 1')
    expect(only('-m owner --uid-owner 0')).toBe('pass')
  })

  it('hides the prober on the way back, if the machine put its own address there', () => {
    const nat = table('nat', [
      `PREROUTING -p tcp -m tcp --dport 30080 -j DNAT --to-destination ${POD}:80`,
      'POSTROUTING -o docker0 -j MASQUERADE',
    ])
    const only = (name: string, rule: string) => sent([nat, table(name, [rule])]).fate
    expect(only('raw', 'PREROUTING -d 10.0.0.10/32 -j DROP')).toBe('unknown: PREROUTING 1')
    expect(only('raw', 'PREROUTING -i docker0 -j DROP')).toBe('drop at the reply: PREROUTING 1')
    expect(only('raw', 'PREROUTING -i docker0 -m addrtype --dst-type LOCAL -j DROP')).toBe(
      'unknown: PREROUTING 1',
    )
    expect(only('raw', 'PREROUTING -d 10.0.0.0/0 -i docker0 -j DROP')).toBe('drop at the reply: PREROUTING 1')
    expect(only('filter', 'FORWARD -d 10.0.0.10/32 -j DROP')).toBe('drop at the reply: FORWARD 1')
    expect(only('filter', 'FORWARD -m conntrack --ctstate SNAT -j DROP')).toBe('drop at the reply: FORWARD 1')
    expect(only('filter', 'FORWARD -i docker0 -m conntrack --ctrepldst 10.0.0.10 -j DROP')).toBe(
      'unknown: FORWARD 1',
    )
    expect(only('filter', 'FORWARD -i docker0 -m conntrack --ctrepldstport 1024:65535 -j DROP')).toBe(
      'unknown: FORWARD 1',
    )
  })

  it('tells how it rejects through the rules of OUTPUT', () => {
    const nat = table('nat', [`PREROUTING -p tcp -m tcp --dport 30080 -j DNAT --to-destination ${POD}:80`])
    const rejected = (output: string, how = 'icmp-port-unreachable') =>
      sent([nat, table('filter', [`FORWARD -d ${POD}/32 -p tcp -j REJECT --reject-with ${how}`, output])])
        .fate
    expect(rejected('OUTPUT -p icmp -m icmp --icmp-type 3 -j DROP')).toBe('drop at the request: FORWARD 1')
    expect(rejected('OUTPUT -p icmp -m icmp --icmp-type 3/3 -j DROP')).toBe('unknown: OUTPUT 1')
    expect(rejected('OUTPUT -p icmp -s 10.0.1.16/32 -j DROP')).toBe('unknown: OUTPUT 1')
    expect(rejected('OUTPUT -p icmp -m icmp --icmp-type 8 -j DROP')).toBe(
      'reject icmp-port-unreachable at the request: FORWARD 1',
    )
    expect(rejected('OUTPUT -m conntrack --ctstate RELATED -j DROP', 'tcp-reset')).toBe(
      'drop at the request: FORWARD 1',
    )
    expect(rejected('OUTPUT -p tcp -m tcp --tcp-flags RST RST -j DROP', 'tcp-reset')).toBe(
      'drop at the request: FORWARD 1',
    )
    expect(rejected('OUTPUT -p tcp -m tcp --tcp-flags SYN SYN -j DROP', 'tcp-reset')).toBe(
      'reset at the request: FORWARD 1',
    )
  })

  it('of nat is not asked about packets that are not tracked', () => {
    const tables = [table('raw', ['PREROUTING -j CT --notrack']), table('nat', KUBE)]
    expect(sent(tables)).toMatchObject({ fate: 'pass', to: [], isForwarded: false })
  })

  it.each([
    ['REDIRECT --to-ports 8080', ['10.0.1.16:8080']],
    ['REDIRECT', []],
    ['DNAT --to-destination :8080', ['10.0.1.16:8080']],
    ['DNAT --to-destination 127.0.0.1:8080', ['127.0.0.1:8080']],
    ['DNAT --to-destination 10.0.1.16:8080-8081 --random', ['10.0.1.16:8081', '10.0.1.16:8080']],
  ])('to the machine itself: %s', (target, to) => {
    const rule = `PREROUTING -p tcp -m tcp --dport 30080 -j ${target}`
    expect(sent([table('nat', [rule])])).toEqual({
      fate: 'pass',
      to,
      isForwarded: false,
      isMasqueraded: false,
    })
  })

  it.each(['10.0.0.1-10.0.0.9', 'nonsense', '10.0.1.16:1-60000'])('to %s: nobody can tell where', (to) => {
    const rule = `PREROUTING -p tcp -m tcp --dport 30080 -j DNAT --to-destination ${to}`
    expect(sent([table('nat', [rule]), table('filter', ['INPUT -j DROP'])]).fate).toMatch(/^(?:unknown|drop)/)
    expect(sent([table('nat', [rule])]).fate).toBe('unknown: PREROUTING 1')
  })

  it('is asked once: the first chain of nat that decides does so', () => {
    const nft = `table ip n {
 chain later {
  type nat hook prerouting priority dstnat + 10; policy accept;
  tcp dport 30080 dnat to 172.17.0.9:80
 }
 chain first {
  type nat hook prerouting priority dstnat - 10; policy accept;
  tcp dport 30080 dnat to 172.17.0.8:80
 }
}
`
    const [part] = partsOf({ nft }, '10.0.0.10', { port: 30080 })
    expect(part?.sentOn).toMatchObject([{ address: '172.17.0.8', port: 80 }])
  })

  it('of an IPv6 probe', () => {
    const rule = 'PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination [2001:db8:17::2]:8080'
    const [part] = partsOf({ ip6tables: table('nat', [rule]) }, '2001:db8::1')
    expect([part?.sentOn, part?.isForwarded]).toMatchObject([
      [{ address: '2001:db8:17::2', port: 8080 }],
      true,
    ])
  })
})

describe('nftables', () => {
  const pods = (rule: string, more = '') => {
    const nft = `table ip kube {
${more}
 chain pre {
  type nat hook prerouting priority dstnat; policy accept;
  ${rule}
 }
 chain post {
  type nat hook postrouting priority srcnat; policy accept;
  meta mark & 0x4000 == 0x4000 masquerade fully-random
 }
}
`
    const [part] = partsOf({ nft }, '10.0.0.10', { port: 30080 })
    return [part?.verdict, part?.sentOn.map(({ address, port }) => `${address}:${port}`), part?.isMasqueraded]
  }

  it.each([
    ['tcp dport 30080 dnat to 172.17.0.2:80', ['pass', ['172.17.0.2:80'], false]],
    [
      'tcp dport 30080 meta mark set mark or 0x4000 dnat ip to 172.17.0.2:80',
      ['pass', ['172.17.0.2:80'], true],
    ],
    ['tcp dport 30080 redirect to :80', ['pass', ['10.0.1.16:80'], false]],
    ['tcp dport 30080 snat to 10.0.1.16', ['pass', [], true]],
    [
      'dnat ip to numgen random mod 2 map { 0 : 172.17.0.2, 1 : 172.17.0.3 }',
      ['pass', ['172.17.0.3:30080', '172.17.0.2:30080'], false],
    ],
    [
      'dnat ip addr . port to ip daddr . tcp dport map { 10.0.1.16 . 30080 : 172.17.0.2 . 80 }',
      ['pass', ['172.17.0.2:80'], false],
    ],
    ['dnat to ip daddr map @backends', ['pass', ['172.17.0.4:30080'], false]],
    ['dnat to ip daddr map @gone', ['unknown', [], false]],
    ['dnat to 172.17.0.2-172.17.0.9', ['unknown', [], false]],
    ['dnat something', ['unknown', [], false]],
  ])('%s', (rule, expected) => {
    const map = ' map backends {\n  type ipv4_addr : ipv4_addr\n  elements = { 10.0.1.16 : 172.17.0.4 }\n }'
    expect(pods(rule, map)).toEqual(expected)
  })

  it('of kube-proxy', () => {
    const more = ` map service-nodeports {
  type inet_proto . inet_service : verdict
  elements = { tcp . 30080 : goto external-A }
 }
 chain external-A {
  meta mark set mark or 0x4000
  goto service-A
 }
 chain service-A {
  numgen random mod 2 vmap { 0 : goto endpoint-1, 1 : goto endpoint-2 }
 }
 chain endpoint-1 {
  ip saddr 172.17.0.2 meta mark set mark or 0x4000
  meta l4proto tcp dnat to 172.17.0.2:80
 }
 chain endpoint-2 {
  meta l4proto tcp dnat to 172.17.0.3:80
 }`
    expect(pods('fib daddr type local meta l4proto . th dport vmap @service-nodeports', more)).toEqual([
      'pass',
      ['172.17.0.3:80', '172.17.0.2:80'],
      true,
    ])
  })
})
