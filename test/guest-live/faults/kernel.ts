import { fault, nft } from '../fault.ts'
import { BACKEND } from '../lab.ts'

const NO_ROUTE = { code: 'guest-kernel/no-route-back' } as const
const ALL_BUT_VIP = ['timeout', 'timeout', 'ok'] as const

/** The table of connections of this host alone is filled up, because the limit is that of the whole machine. */
const FILL_UP = `
max=$(cat /proc/sys/net/netfilter/nf_conntrack_max)
iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
awk -v max=$max 'BEGIN { for (i = 0; i < max + 64; i++) printf "-I -p tcp -s 10.77.%d.%d -d 10.78.0.1 --sport %d --dport 80 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t 3000\\n", int(i / 16384) % 256, 1 + i % 8, 1000 + int(i / 8) % 2048 }' >"$FOLDER/entries"
conntrack -R "$FOLDER/entries" >/dev/null 2>&1 || true
rm "$FOLDER/entries"
[ "$(cat /proc/sys/net/netfilter/nf_conntrack_count)" -ge "$max" ]
`

/** A second network card. What goes out there does not come back. */
const SECOND_CARD = `
ip link add eth1 type veth peer name eth1p; ip link set eth1 up; ip link set eth1p up
ip addr add 10.9.9.2/24 dev eth1
`

/** What the kernel does without a rule of a filter. */
export const KERNEL = [
  fault('conntrack-full', 'timeout', {
    inject: FILL_UP,
    code: 'guest-kernel/conntrack-full',
    isSampled: true,
  }),
  fault('rp-filter-asym', ALL_BUT_VIP, {
    inject: `${SECOND_CARD} ip route add 100.64.0.0/10 via 10.9.9.1 dev eth1
echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 1 >/proc/sys/net/ipv4/conf/eth0/rp_filter`,
    code: 'guest-kernel/rp-filter',
    isSampled: true,
  }),
  // Strict, too. But the reverse look-up starts from the backend's own address, whose table leads through eth0.
  fault('rp-filter-policy-ok', 'ok', {
    inject: `${SECOND_CARD} ip route add 100.64.0.0/10 via 10.9.9.1 dev eth1
ip rule add from ${BACKEND[4]} lookup 100; ip route add default via 10.0.1.1 dev eth0 table 100
echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 1 >/proc/sys/net/ipv4/conf/eth0/rp_filter`,
  }),
  fault('rp-filter-symmetric-ok', 'ok', {
    inject: 'for c in all default eth0; do echo 1 >/proc/sys/net/ipv4/conf/$c/rp_filter; done',
  }),
  fault('blackhole-route', ALL_BUT_VIP, { inject: 'ip route add blackhole 100.64.0.0/10', ...NO_ROUTE }),
  fault('blackhole-partial', ['ok', 'timeout', 'ok'], {
    inject: 'ip route add blackhole 100.127.0.0/16',
    ...NO_ROUTE,
  }),
  fault('unreachable-route', ALL_BUT_VIP, { inject: 'ip route add unreachable 100.64.0.0/10', ...NO_ROUTE }),
  fault('policy-route', ['timeout', 'ok', 'ok'], {
    inject: `${SECOND_CARD} ip rule add to 100.64.0.0/16 lookup 100
ip route add default via 10.9.9.1 dev eth1 table 100`,
    ...NO_ROUTE,
  }),
  fault('policy-prohibit', ALL_BUT_VIP, {
    inject: 'ip rule add to 100.64.0.0/10 pref 1000 prohibit',
    ...NO_ROUTE,
  }),
  fault('policy-other-source-ok', 'ok', {
    inject: `ip rule add from 172.17.0.0/16 to 100.64.0.0/10 lookup 100
ip route add blackhole default table 100`,
  }),
  // Products that keep rules of their own move the table of the machine's addresses behind them.
  fault('rule-before-local', ALL_BUT_VIP, {
    inject: `ip rule add pref 100 lookup local; ip rule del pref 0
ip rule add pref 10 iif eth0 from 100.64.0.0/10 blackhole`,
    ...NO_ROUTE,
  }),
  fault('rule-before-local-ok', 'ok', {
    inject: `ip rule add pref 100 lookup local; ip rule del pref 0
ip rule add pref 9 fwmark 0x200/0xf00 lookup 2004; ip route add local default dev lo table 2004
ip rule add pref 10 iif cni0 from 100.64.0.0/10 blackhole; ip rule add pref 11 iif eth0 from 192.0.2.0/24 prohibit`,
  }),
  // The machine takes the probers for itself: their packets are martians.
  fault('local-route-covers', ALL_BUT_VIP, {
    inject: 'ip route add local 100.64.0.0/10 dev lo',
    ...NO_ROUTE,
  }),
  // IPsec: what comes in from there has to be encrypted, or is blocked.
  fault('ipsec-block', ALL_BUT_VIP, {
    inject: 'ip xfrm policy add dir in src 100.64.0.0/10 dst 10.0.1.16/32 action block',
    mayBeUnknown: 'what IPsec does with a packet',
    notRecorded: 'the usual commands do not list policies of IPsec',
  }),
  fault('ipsec-of-others-ok', 'ok', {
    inject: `ip xfrm policy add dir in src 192.0.2.0/24 dst 10.0.1.16/32 action block
ip xfrm policy add dir in src 100.64.0.0/10 dst 10.0.1.99/32 action block
ip xfrm policy add dir in src 100.64.0.0/10 dst 10.0.1.16/32 proto udp action block`,
  }),
  fault('queue-that-loses', 'timeout', {
    inject: 'tc qdisc add dev eth0 root tbf rate 100bit burst 60 latency 1ms',
    mayBeUnknown: 'which packets a queue loses',
    notRecorded: 'the usual commands do not list queues',
  }),
  fault('queue-that-is-wide-ok', 'ok', {
    inject: 'tc qdisc add dev eth0 root tbf rate 1gbit burst 1mb latency 50ms',
  }),
  fault('gateway-that-is-nobody', 'timeout', {
    inject: 'ip route replace default via 10.0.1.254',
    mayBeUnknown: 'whether a next hop answers',
    notRecorded: 'the usual commands do not list neighbours',
  }),
  fault('no-default-route', 'timeout', { inject: 'ip route del default', ...NO_ROUTE }),
  fault('more-specific-route-ok', 'ok', {
    inject:
      'ip route add blackhole 100.64.0.0/10; ip route add 100.64.0.0/11 via 10.0.1.1; ip route add 100.96.0.0/11 via 10.0.1.1',
  }),
]

/** Health checks by ping. */
const ping = { kind: 'ping', port: null } as const
export const ICMP = [
  fault('icmp-healthy', 'ok', { servers: [], check: ping }),
  fault('icmp-echo-ignored', 'timeout', {
    inject: 'echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all',
    check: ping,
    code: 'guest-icmp/echo-ignored',
  }),
  fault('icmp-dropped', ALL_BUT_VIP, {
    isProven: true,
    inject: 'iptables -A INPUT -s 100.64.0.0/10 -p icmp --icmp-type echo-request -j DROP',
    check: ping,
    code: 'guest-icmp/icmp-dropped',
  }),
  fault('icmp-reply-dropped', 'timeout', {
    inject: 'iptables -A OUTPUT -p icmp --icmp-type echo-reply -j DROP',
    check: ping,
    code: 'guest-icmp/icmp-dropped',
  }),
  fault('icmp-broadcasts-ignored-ok', 'ok', {
    inject: `echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_broadcasts
iptables -A INPUT -p tcp -j DROP; iptables -A INPUT -p icmp --icmp-type timestamp-request -j DROP`,
    check: ping,
  }),
  fault('icmp-nft-dropped', ['timeout', 'ok', 'ok'], {
    inject: nft(`table inet filter { chain input { type filter hook input priority filter; policy accept;
ip saddr 100.64.0.0/16 icmp type echo-request drop } }`),
    check: ping,
    code: 'guest-icmp/icmp-dropped',
  }),
  // A prober that the kernel does not know yet is taken to have been silent for 60 s, so no reply is due.
  fault('icmp-rate-limited', 'timeout', {
    inject: 'echo 1 >/proc/sys/net/ipv4/icmp_ratemask; echo 300000 >/proc/sys/net/ipv4/icmp_ratelimit',
    check: ping,
    code: 'guest-icmp/rate-limited',
    mayBeUnknown: 'how many replies the limit lets out',
  }),
  fault('icmp-rate-limit-of-others-ok', 'ok', {
    inject: 'echo 8 >/proc/sys/net/ipv4/icmp_ratemask; echo 300000 >/proc/sys/net/ipv4/icmp_ratelimit',
    check: ping,
  }),
  fault('icmp-not-listening-ok', 'ok', {
    servers: [],
    inject: 'iptables -A INPUT -s 100.64.0.0/10 -p tcp -j DROP',
    check: ping,
  }),
]

const six = { ip: BACKEND[6] } as const
const SERVER6 = [{ kind: 'nginx', listen: ['[::]:80'], body: 'location / { return 200 "ok\\n"; }' }] as const

const ONLY_PORT = `ip6tables -A INPUT -i lo -j ACCEPT; ip6tables -A INPUT -p tcp --dport 80 -j ACCEPT
ip6tables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT; ip6tables -P INPUT DROP`

/** IPv6, whose filters and sockets are others. */
export const IPV6 = [
  fault('v6-healthy', 'ok', { servers: SERVER6, check: six }),
  fault('v6-icmp-healthy', 'ok', { check: { ...six, ...ping } }),
  fault('v6-icmp-echo-ignored', 'timeout', {
    inject: 'echo 1 >/proc/sys/net/ipv6/icmp/echo_ignore_all',
    check: { ...six, ...ping },
    code: 'guest-icmp/echo-ignored',
  }),
  fault('v6-icmp-dropped', 'timeout', {
    inject: 'ip6tables -A INPUT -s fd77:0:0:2::/64 -p ipv6-icmp --icmpv6-type echo-request -j DROP',
    check: { ...six, ...ping },
    code: 'guest-icmp/icmp-dropped',
  }),
  fault('v6-listens-v4-only', 'refused', { check: six, code: 'guest-port/other-address' }),
  fault('v6-ip6tables-drop', 'timeout', {
    isProven: true,
    servers: SERVER6,
    inject: 'ip6tables -A INPUT -s fd77:0:0:2::/64 -p tcp --dport 80 -j DROP',
    check: six,
    code: 'guest-firewall/probe-dropped',
  }),
  fault('v6-legacy-reject', 'refused', {
    servers: SERVER6,
    inject:
      'ip6tables-legacy -A INPUT -s fd77::/16 -p tcp --dport 80 -j REJECT --reject-with icmp6-port-unreachable',
    check: six,
    code: 'guest-firewall/probe-rejected',
  }),
  fault('v6-nft-inet-drop', 'timeout', {
    servers: SERVER6,
    inject: nft(`table inet filter { chain input { type filter hook input priority filter; policy drop;
ct state established,related accept
iif "lo" accept
icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
ip saddr 0.0.0.0/0 tcp dport 80 accept } }`),
    check: six,
    code: 'guest-firewall/probe-dropped',
  }),
  // The port is open, and nobody learns which card has the address.
  fault('v6-no-neighbour-discovery', 'timeout', {
    servers: SERVER6,
    inject: `${ONLY_PORT}; ip -6 neigh flush dev eth0`,
    check: { ...six, kind: 'tcp' },
    code: 'guest-firewall/probe-dropped',
  }),
  fault('v6-neighbour-discovery-ok', 'ok', {
    servers: SERVER6,
    inject: `ip6tables -A INPUT -p ipv6-icmp --icmpv6-type 135 -m hl --hl-eq 255 -j ACCEPT
ip6tables -A INPUT -p ipv6-icmp --icmpv6-type 136 -m hl --hl-eq 255 -j ACCEPT; ${ONLY_PORT}`,
    check: { ...six, kind: 'tcp' },
  }),
  fault('v6-iptables-drop-ok', 'ok', {
    servers: SERVER6,
    inject: 'iptables -P INPUT DROP; iptables -A INPUT -i lo -j ACCEPT',
    check: six,
  }),
]
