import fc from 'fast-check'
import { nativeTables } from '../filter/native-tables.ts'
import { ruleTexts, SETS } from '../filter/random-lists.ts'
import { BACKEND, POD } from './lab.ts'

// Lines of random machines, each a shell script of its own: rules of filters, routes, settings and cards.

export type Lines = fc.Arbitrary<readonly string[]>

const SOURCES = [
  '100.64.0.5',
  '100.64.0.0/16',
  '100.64.0.0/10',
  '100.127.200.0/24',
  '100.127.200.9',
  '10.0.0.10',
]
const NETS = [...SOURCES, '10.0.0.0/8', '10.0.0.0/24', '192.0.2.0/24', '100.96.0.0/11']
const TABLES = ['INPUT', 'INPUT', 'INPUT', 'OUTPUT', 'FORWARD']

const often = (weight: number, text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 10 - weight, arbitrary: fc.constant('') }, { weight, arbitrary: text })
const joined = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((all) => all.filter(Boolean).join(' '))
const one = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts)
const some = (line: fc.Arbitrary<string>, maxLength: number): Lines =>
  fc.array(line, { minLength: 1, maxLength })

const from = one(...NETS.flatMap((net) => [`-s ${net}`, `-s ${net}`, `! -s ${net}`, `-d ${net}`]))
const ports = one(
  ...[
    '-p tcp --dport 80',
    '-p tcp --dport 80',
    '-p tcp --sport 80',
    '-p tcp --dport 8080',
    '-p tcp ! --dport 22',
  ],
  ...['-p tcp -m multiport --dports 80,443', '-p udp --dport 80', '-p icmp', '-p icmp --icmp-type 8'],
  ...[
    '-p tcp --syn',
    '-p tcp ! --syn',
    '-p tcp --tcp-flags ACK,PSH ACK,PSH',
    '-p all',
    '-p tcp --tcp-flags ALL SYN,ACK',
  ],
)
const device = one('-i eth0', '! -i eth0', '-i lo', '-i cni0', '-o eth0', '-i eth+', '-i eth1')
const match = one(
  '-m conntrack --ctstate NEW',
  '-m conntrack --ctstate RELATED,ESTABLISHED',
  '-m conntrack --ctstate INVALID',
  '-m conntrack --ctdir REPLY',
  '-m state --state NEW,UNTRACKED',
  '-m addrtype --dst-type LOCAL',
  '-m addrtype --src-type LOCAL',
  '-m addrtype ! --src-type UNICAST',
  '-m set --match-set probers src',
  '-m set ! --match-set probers src',
  '-m set --match-set pairs src,dst',
  '-m iprange --src-range 100.64.0.1-100.64.0.9',
  '-m mark --mark 0x1',
  '-m mark ! --mark 0x1/0x1',
  '-m connmark --mark 0x4/0x4',
  '-m ttl --ttl-gt 5',
  '-m length --length 40:80',
  '-m tcp --tcp-option 8',
  '-m tcpmss --mss 500:1460',
  '-m limit --limit 1000/sec --limit-burst 1000',
  '-m connlimit --connlimit-above 500 --connlimit-mask 0',
  '-m hashlimit --hashlimit-above 900/sec --hashlimit-mode srcip --hashlimit-name h',
  '-m recent --name bad --rcheck',
  '-m recent --name bad --set',
  '-m string --string "HTTP/1" --algo bm',
  '-m u32 --u32 "6&0xFF=6"',
  '-m statistic --mode nth --every 1',
  '-m pkttype --pkt-type unicast',
  '-m rpfilter --invert',
  '-m socket --nowildcard',
  '-m owner --uid-owner 0',
  '-m time --timestart 00:00 --timestop 23:59:59',
  '-m physdev --physdev-is-bridged',
  '-m comment --comment "-j ACCEPT"',
  '-m dscp --dscp 0',
  '-m realm --realm 5',
  '-m conntrack --ctorigdst 10.0.1.16',
  '-m conntrack --ctproto 6',
  '-m conntrack --ctstatus DNAT',
  '-m conntrack ! --ctstatus SEEN_REPLY',
)
const ends = one(
  '-j DROP',
  '-j DROP',
  '-j ACCEPT',
  '-j ACCEPT',
  '-j RETURN',
  '-j REJECT',
  '-j own',
  '-g own',
  '-j LOG',
)
const rejects = one(
  ...['icmp-port-unreachable', 'icmp-host-prohibited', 'icmp-net-unreachable', 'icmp-admin-prohibited'].map(
    (type) => `-j REJECT --reject-with ${type}`,
  ),
  '-p tcp -j REJECT --reject-with tcp-reset',
)
const mangled = one(
  ...[
    '-j MARK --set-mark 1',
    '-j MARK --set-xmark 0x1/0x1',
    '-j CONNMARK --set-xmark 0x4/0x4',
    '-j CONNMARK --save-mark',
  ],
  ...[
    '-j CONNMARK --restore-mark',
    '-j TTL --ttl-set 3',
    '-j TTL --ttl-set 64',
    '-j DROP',
    '-j ACCEPT',
    '-j RETURN',
    '-j TOS --set-tos 4',
  ],
  ...['-j TCPMSS --clamp-mss-to-pmtu', '-j DSCP --set-dscp 1', '-j TEE --gateway 10.0.1.9'],
)

const filterRule = joined(
  one(
    'iptables -A own',
    ...TABLES.map((chain) => `iptables -A ${chain}`),
    ...TABLES.map((chain) => `iptables -I ${chain}`),
  ),
  often(6, from),
  often(6, ports),
  often(2, device),
  often(4, match),
  fc.oneof({ weight: 4, arbitrary: ends }, { weight: 1, arbitrary: rejects }),
)
const mangleRule = joined(
  one(
    ...['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING', 'FORWARD'].map(
      (chain) => `iptables -t mangle -A ${chain}`,
    ),
  ),
  often(5, from),
  often(5, ports),
  often(2, device),
  often(2, match),
  mangled,
)
const rawRule = joined(
  one('iptables -t raw -A PREROUTING', 'iptables -t raw -A OUTPUT', 'iptables -t raw -A PREROUTING'),
  often(6, from),
  often(5, ports),
  often(
    2,
    one('-m rpfilter --invert', '-m rpfilter --loose --invert', '-m addrtype --dst-type LOCAL', '-i eth0'),
  ),
  one('-j DROP', '-j ACCEPT', '-j CT --notrack', '-j CT --notrack'),
)
const policy = one(
  'iptables -P INPUT DROP',
  'iptables -P FORWARD DROP',
  'iptables -P OUTPUT DROP',
  'iptables -t mangle -P PREROUTING DROP',
)
const usual = one(
  'iptables -I INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  'iptables -I INPUT -i lo -j ACCEPT',
  'iptables -I OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT',
  'iptables -A INPUT -p tcp --dport 80 -j ACCEPT',
  'iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited',
  'iptables -A INPUT -j DROP',
)

/** Few rules, as people write them one after the other. */
export const plainRules: Lines = fc
  .tuple(
    some(
      fc.oneof(
        { weight: 6, arbitrary: filterRule },
        { weight: 3, arbitrary: usual },
        { weight: 2, arbitrary: mangleRule },
        { weight: 2, arbitrary: rawRule },
        { weight: 1, arbitrary: policy },
      ),
      6,
    ),
    fc.constantFrom('', '', '', 'legacy'),
  )
  .map(([lines, legacy]) =>
    [
      `ipset create probers hash:net; ipset add probers 100.64.0.0/16; ipset add probers 10.0.0.10
ipset create pairs hash:net,port; ipset add pairs 100.64.0.0/10,tcp:80`,
      'iptables -N own',
      ...lines,
    ].map((line) => (legacy ? line.replaceAll('iptables ', 'iptables-legacy ') : line)),
  )

/** The addresses of the lists of the fast tests, brought to those that probe. The borders of ranges stay in order. */
const near = (text: string): string =>
  text
    .replaceAll('100.66.', '100.127.')
    .replaceAll(/(?<!-)\b100\.65\.(\d+\.\d+)\b(?!-)/g, '10.0.$1')
    .replaceAll(/(?<!-)\b10\.0\.0\.7\b/g, '10.0.0.10')
    .replaceAll(/(?<!-)\b100\.64\.0\.7\b/g, '100.64.0.5')

/** Whole random tables. */
export const restored: Lines = ruleTexts({ device: 'eth0', isUnclear: true }).map((text) => [
  `ipset restore <<'SETS'\n${near(SETS)}SETS`,
  `iptables-restore <<'RULES'\n${near(text)}RULES`,
])
export const native: Lines = nativeTables({ device: 'eth0', unclear: 'chance' }).map(({ text }) => [
  `nft -f - <<'RULES'\n${near(text)}RULES`,
])

const nftMatch = one(
  ...NETS.flatMap((net) => [`ip saddr ${net}`, `ip saddr != ${net}`, `ip daddr ${net}`]),
  ...[
    'tcp dport 80',
    'tcp dport { 22, 80 }',
    'tcp sport 80',
    'tcp dport != 80',
    'th dport 80',
    'udp dport 80',
    'meta l4proto icmp',
  ],
  ...[
    'ct state new',
    'ct state established,related',
    'ct state invalid',
    'iifname "eth0"',
    'iif != "lo"',
    'iifname { "eth0", "cni0" }',
  ],
  ...[
    'fib saddr . iif oif missing',
    'fib daddr type local',
    'fib saddr . iif check missing',
    'meta mark 1',
    'ct count over 500',
  ],
  ...[
    'tcp flags & (fin | syn | rst | ack) == syn',
    'ip ttl < 5',
    'limit rate over 900/second',
    'socket transparent 1',
    'ct direction reply',
  ],
  ...[
    'meta protocol ip',
    'ether type ip',
    'meta iiftype ether',
    'ip protocol tcp',
    'ip version 4',
    'tcp option maxseg size < 600',
    'ip frag-off & 0x1fff != 0',
  ],
  ...[
    'meta skuid 0',
    'rt classid 5',
    'meta pkttype host',
    'ip length < 100',
    '@nh,96,16 0x6440',
    '@th,16,16 80',
    'exthdr frag exists',
  ],
  ...[
    'fib saddr . iif type != unicast',
    'ct original proto-dst 80',
    'ct helper "ftp"',
    'meta day "Sunday"',
    'meta hour "00:00"-"23:59"',
    'tcp window > 5',
  ],
)
const nftEnd = one(
  'accept',
  'accept',
  'drop',
  'drop',
  'counter drop',
  'reject',
  'reject with tcp reset',
  'reject with icmpx admin-prohibited',
  'jump own',
  'goto own',
  'return',
  'mark set 1',
  'notrack',
  'meta nftrace set 1',
)
const nftRule = joined(often(8, nftMatch), often(5, nftMatch), nftEnd)
const hook = joined(
  one(
    'type filter hook input priority',
    'type filter hook input priority',
    'type filter hook prerouting priority',
    'type filter hook output priority',
    'type filter hook forward priority',
    'type filter hook postrouting priority',
    'type route hook output priority',
  ),
  one('0;', '-300;', '-150;', '10;', '-10;', '300;'),
  one('policy accept;', 'policy accept;', 'policy drop;'),
)
/** A small table, whose rules are added one by one, because nft refuses a file of which it does not take one rule. */
export const smallTables: Lines = fc
  .tuple(
    one('inet', 'inet', 'ip'),
    fc.array(nftRule, { maxLength: 2 }),
    fc.array(fc.tuple(hook, fc.array(nftRule, { maxLength: 4 })), { minLength: 1, maxLength: 2 }),
  )
  .map(([family, own, chains]) => [
    `nft add table ${family} t; nft add chain ${family} t own`,
    ...own.map((rule) => `nft add rule ${family} t own '${rule.replace(/jump own|goto own/, 'drop')}'`),
    ...chains.flatMap(([head, rules], i) => [
      `nft add chain ${family} t base${i} '{ ${head} }'`,
      ...rules.map((rule) => `nft add rule ${family} t base${i} '${rule}'`),
    ]),
  ])

/** netdev tables: before everything else. */
export const ingress: Lines = fc
  .tuple(
    one(...NETS),
    one('drop', 'accept', 'counter drop'),
    one('', 'tcp dport 80', 'tcp flags syn', 'meta l4proto icmp'),
  )
  .map(([net, end, more]) => [
    `nft add table netdev early; nft add chain netdev early in '{ type filter hook ingress device "eth0" priority 0; }'
nft add rule netdev early in 'ip saddr ${net} ${more} ${end}'`,
  ])

const route = joined(
  one(
    ...['', '', 'blackhole', 'unreachable', 'prohibit', 'throw', 'local'].map(
      (type) => `ip route add ${type}`,
    ),
  ),
  one(...NETS, 'default', '0.0.0.0/1', '100.64.0.0/11', '10.0.1.1'),
  one(
    '',
    'via 10.0.1.1 dev eth0',
    'via 10.0.1.1',
    'via 10.9.9.1 dev eth1',
    'dev eth1',
    'dev eth0 scope link',
    'dev lo',
    'via 172.17.0.2 dev cni0',
  ),
  one('', '', 'table 100', 'table 200', 'metric 50', 'src 10.0.1.16', 'src 10.9.9.2', 'mtu 1400', 'onlink'),
).map((line) =>
  /add (?:blackhole|unreachable|prohibit|throw)/.test(line)
    ? line.replaceAll(/ (?:via \S+|dev \S+|scope link|src \S+|mtu \d+|onlink)/g, '')
    : line,
)
const policyRule = joined(
  one('ip rule add', 'ip rule add', 'ip rule add not'),
  one(
    'from all',
    'from 10.0.1.16',
    'from 10.0.1.0/24',
    `from ${POD}`,
    ...SOURCES.map((net) => `from ${net}`),
  ),
  often(
    3,
    one(...NETS, '10.0.1.16').map((net) => `to ${net}`),
  ),
  often(
    3,
    one(
      'iif eth0',
      'iif lo',
      'iif cni0',
      'fwmark 1',
      'fwmark 1/1',
      'oif eth1',
      'ipproto tcp',
      'ipproto tcp dport 80',
      'ipproto tcp sport 80',
      'uidrange 0-0',
      'tos 0x10',
      'fwmark 0/0xff',
    ),
  ),
  one('pref 10', 'pref 100', 'pref 1000', 'pref 32000', 'pref 32766'),
  one(
    'lookup 100',
    'lookup 100',
    'lookup 200',
    'lookup main',
    'lookup main suppress_prefixlength 0',
    'blackhole',
    'prohibit',
    'unreachable',
    'goto 32766',
    'nop',
    'lookup local',
  ),
)
const moved = one(
  'ip rule add pref 500 lookup local; ip rule del pref 0',
  'ip route del default',
  'ip route add default via 10.0.1.1 table 100',
  'ip route add default via 10.9.9.1 table 200',
  'ip route flush table main',
  'ip rule del pref 32766',
  'ip nexthop add id 5 via 10.0.1.1 dev eth0; ip route add 100.64.0.0/10 nhid 5',
  'ip nexthop add id 6 blackhole; ip route add 100.64.0.0/11 nhid 6',
  'ip route replace default via 10.0.1.1 nexthop via 10.9.9.1',
  'ip route add 100.64.0.0/10 nexthop via 10.0.1.1 nexthop via 10.9.9.1',
  'ip route change default via 10.0.1.1 src 10.0.1.16',
)
export const routes: Lines = some(
  fc.oneof(
    { weight: 4, arbitrary: route },
    { weight: 3, arbitrary: policyRule },
    { weight: 2, arbitrary: moved },
  ),
  5,
).map((lines) => [SECOND_CARD, ...lines])
const SECOND_CARD = `ip link add eth1 type veth peer name eth1p; ip link set eth1 up; ip link set eth1p up
ip addr add 10.9.9.2/24 dev eth1`

const set4 = (name: string, value: string): string => `echo ${value} >/proc/sys/net/ipv4/${name}`
const setting = one(
  ...['all', 'eth0', 'default'].flatMap((card) =>
    ['0', '1', '2'].map((value) => set4(`conf/${card}/rp_filter`, value)),
  ),
  set4('ip_forward', '0'),
  set4('conf/eth0/forwarding', '0'),
  set4('conf/cni0/forwarding', '0'),
  set4('conf/all/forwarding', '0'),
  set4('icmp_echo_ignore_all', '1'),
  set4('icmp_echo_ignore_all', '1'),
  set4('icmp_ratelimit', '0'),
  set4('icmp_ratemask', '0'),
  set4('conf/all/route_localnet', '1'),
  set4('conf/eth0/route_localnet', '1'),
  set4('conf/all/accept_local', '1'),
  set4('conf/all/src_valid_mark', '1'),
  set4('conf/all/arp_ignore', '1'),
  set4('conf/eth0/arp_ignore', '2'),
  set4('conf/all/arp_filter', '1'),
  set4('conf/eth0/arp_announce', '2'),
  set4('tcp_syncookies', '2'),
  set4('tcp_syncookies', '0'),
  set4('tcp_tw_reuse', '1'),
  set4('tcp_timestamps', '0'),
  set4('tcp_sack', '0'),
  set4('tcp_window_scaling', '0'),
  set4('tcp_fastopen', '3'),
  set4('tcp_abort_on_overflow', '1'),
  set4('tcp_fwmark_accept', '1'),
  set4('fwmark_reflect', '1'),
  set4('ip_nonlocal_bind', '1'),
  set4('ip_default_ttl', '1'),
  set4('ip_default_ttl', '4'),
  set4('tcp_rfc1337', '1'),
  set4('tcp_l3mdev_accept', '1'),
  set4('conf/eth0/disable_policy', '1'),
  set4('ip_early_demux', '0'),
  set4('tcp_max_syn_backlog', '1'),
  set4('conf/all/log_martians', '1'),
  'echo 1 >/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal',
  'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose',
  'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6',
  'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6',
  'echo 1 >/proc/sys/net/ipv6/icmp/echo_ignore_all',
  'echo 1 >/proc/sys/net/ipv6/bindv6only',
)
export const settings: Lines = some(setting, 4)

export const cards: Lines = some(
  one(
    'ip link set eth0 down; ip link set eth0 up; ip route add default via 10.0.1.1',
    'ip link set eth0 down',
    'ip link set cni0 down',
    'ip link set eth0 mtu 1280',
    'ip link set eth0 mtu 576',
    'ip link set eth0 arp off',
    'ip link set lo down',
    'ip addr add 10.0.1.17/24 dev eth0',
    'ip addr add 100.64.9.9/32 dev lo',
    'ip addr add 100.64.0.5/32 dev lo',
    'ip addr add 10.0.0.10/24 dev cni0',
    'ip addr del 10.0.1.16/24 dev eth0',
    'ip addr change 10.0.1.16/24 dev eth0 preferred_lft 0',
    'ip addr add 10.0.1.16/32 dev lo',
    'ip link add br0 type bridge; ip link set br0 up; ip link set eth0 master br0; ip addr flush dev eth0; ip addr add 10.0.1.16/24 dev br0; ip route add default via 10.0.1.1',
    'ip addr flush dev eth0; ip addr add 10.0.1.16/32 dev lo; ip addr add 10.0.1.18/24 dev eth0; ip route add default via 10.0.1.1',
    'tc qdisc add dev eth0 root tbf rate 100bit burst 60 latency 1ms',
    'tc qdisc add dev eth0 root tbf rate 1gbit burst 1mb latency 50ms',
    'tc qdisc add dev eth0 ingress',
    'ip neigh flush dev eth0',
    'ip xfrm policy add dir in src 100.64.0.0/16 dst 10.0.1.16/32 action block',
    'ip xfrm policy add dir out src 10.0.1.16/32 dst 10.0.0.10/32 action block',
  ),
  2,
)

/** What rewrites where a probe goes. `port` is that of the check. */
export const rewriting = (port: number): Lines =>
  fc
    .tuple(
      some(
        joined(
          one(
            'iptables -t nat -A PREROUTING',
            'iptables -t nat -A PREROUTING',
            'iptables -t nat -I PREROUTING',
          ),
          often(3, from),
          often(
            3,
            one(
              '-i eth0',
              '-d 10.0.1.16',
              '-m addrtype --dst-type LOCAL',
              '! -i cni0',
              '-i lo',
              '-m statistic --mode random --probability 0.5',
            ),
          ),
          one(
            `-p tcp --dport ${port}`,
            `-p tcp --dport ${port}`,
            '-p tcp',
            '-p udp --dport 80',
            `-p tcp -m multiport --dports ${port},22`,
          ),
          one(
            '-j REDIRECT --to-ports 80',
            '-j REDIRECT --to-ports 8080',
            `-j DNAT --to-destination ${POD}:80`,
            `-j DNAT --to-destination ${POD}:80`,
            `-j DNAT --to-destination ${POD}`,
            '-j DNAT --to-destination 127.0.0.1:80',
            `-j DNAT --to-destination ${BACKEND[4]}:80`,
            '-j DNAT --to-destination 172.17.0.1:80',
            '-j DNAT --to-destination 172.17.9.9:80',
            '-j ACCEPT',
            '-j RETURN',
            '-j NETMAP --to 10.0.1.16/32',
            `-j DNAT --to-destination ${POD}:80-81`,
          ),
        ),
        3,
      ),
      fc.array(
        one(
          'iptables -t nat -A POSTROUTING -j MASQUERADE',
          'iptables -t nat -A POSTROUTING -o cni0 -j MASQUERADE',
          'iptables -t nat -A POSTROUTING -s 100.64.0.0/10 -j SNAT --to-source 10.0.1.16',
          'iptables -P FORWARD DROP',
          'iptables -A FORWARD -i eth0 -o cni0 -j ACCEPT',
          'iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
          'iptables -A FORWARD -s 100.64.0.0/16 -j DROP',
          `iptables -A FORWARD -d ${POD} -p tcp --dport 80 -j REJECT`,
          `iptables -A FORWARD -s ${POD} -j DROP`,
          'iptables -A FORWARD -m conntrack --ctstate DNAT -j ACCEPT',
          'iptables -t nat -A POSTROUTING -s 100.64.0.5 -j DROP',
          'iptables -A INPUT -m conntrack ! --ctstate DNAT -j DROP',
          'iptables -t nat -A OUTPUT -p tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80',
          'iptables -t nat -A INPUT -s 100.64.0.0/16 -j SNAT --to-source 10.0.1.16',
          'iptables -t mangle -A FORWARD -p tcp -m tcp --syn -j TCPMSS --clamp-mss-to-pmtu',
        ),
        { maxLength: 3 },
      ),
    )
    .map(([first, second]) => [...first, ...second])

/** With IPv6 a few rules are enough. */
export const six: Lines = some(
  joined(
    one(
      'ip6tables -A INPUT',
      'ip6tables -I INPUT',
      'ip6tables -A OUTPUT',
      'ip6tables -t raw -A PREROUTING',
      'ip6tables -t mangle -A PREROUTING',
    ),
    often(
      4,
      one('-s fd77:0:0:2::/64', '! -s fd77::/16', '-s fd77:0:0:2::10', '-d fd77:0:0:2::/64', '-s fe80::/10'),
    ),
    often(
      4,
      one(
        '-p tcp --dport 80',
        '-p ipv6-icmp',
        '-p icmpv6 --icmpv6-type 128',
        '-p icmpv6 --icmpv6-type 135',
        '-p tcp --sport 80',
        '-p tcp --syn',
      ),
    ),
    often(
      3,
      one(
        '-m conntrack --ctstate NEW',
        '-m conntrack --ctstate ESTABLISHED',
        '-m conntrack --ctstate INVALID',
        '-m hl --hl-lt 255',
        '-m hl --hl-eq 255',
        '-m rt --rt-type 0',
        '-i eth0',
        '-i lo',
        '-m eui64',
        '-m ipv6header --header frag',
      ),
    ),
    one('-j DROP', '-j ACCEPT', '-j RETURN', '-j LOG'),
  ),
  3,
).chain((rules) =>
  fc
    .array(
      one(
        'ip -6 route add blackhole fd77:0:0:2::/64',
        'ip -6 route add unreachable fd77::/32',
        'ip -6 route del default',
        'ip -6 rule add to fd77:0:0:2::/64 prohibit',
        'ip -6 rule add from fd77:0:0:1::16 lookup 100',
        'ip -6 route add default via fd77:0:0:1::1 table 100',
        'ip6tables -P INPUT DROP',
        'ip6tables -I INPUT -p ipv6-icmp -j ACCEPT',
        'ip6tables -I INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT',
        'ip6tables -A INPUT -p tcp --dport 80 -j REJECT --reject-with tcp-reset',
        'ip6tables -A INPUT -j REJECT',
        'ip6tables -A INPUT -j REJECT --reject-with icmp6-adm-prohibited',
        'ip6tables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080',
        'ip6tables -P OUTPUT DROP',
        'ip -6 addr add fd77:0:0:2::10/128 dev lo',
        'echo 0 >/proc/sys/net/ipv6/conf/eth0/forwarding',
        'ip -6 neigh flush dev eth0',
        'ip6tables -A INPUT -m rpfilter --invert -j DROP',
        'ip6tables -t raw -A PREROUTING -m rpfilter --invert -j DROP',
        'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6',
      ),
      { maxLength: 2 },
    )
    .map((more) => [...rules, ...more]),
)
