import { fault } from '../fault.ts'

const DROPPED = { code: 'guest-firewall/probe-dropped' } as const
const REJECTED = { code: 'guest-firewall/probe-rejected' } as const
const ALL_BUT_VIP = ['timeout', 'timeout', 'ok'] as const
const FIRST_ONLY = ['timeout', 'ok', 'ok'] as const
const ESTABLISHED = 'iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'

/** DROP in the places where people and products put it. */
export const IPTABLES_DROP = [
  fault('ipt-drop-100-64', ALL_BUT_VIP, {
    isMoving: true,
    inject: 'iptables -A INPUT -s 100.64.0.0/10 -j DROP',
    ...DROPPED,
    isSampled: true,
  }),
  fault('ipt-input-policy-drop', 'timeout', {
    isMoving: true,
    inject: `${ESTABLISHED}
iptables -A INPUT -i lo -j ACCEPT; iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -P INPUT DROP`,
    ...DROPPED,
    isSampled: true,
  }),
  fault('ipt-policy-drop-vip-open', ALL_BUT_VIP, {
    inject: `${ESTABLISHED}
iptables -A INPUT -s 10.0.0.0/8 -p tcp --dport 80 -j ACCEPT; iptables -P INPUT DROP`,
    ...DROPPED,
  }),
  fault('ipt-nested-chain', ALL_BUT_VIP, {
    isMoving: true,
    inject: `iptables -N sec; iptables -N sec2; iptables -A INPUT -j sec
iptables -A sec ! -s 10.0.0.0/8 -p tcp -m multiport --dports 22,80,443 -j sec2
iptables -A sec2 -m limit --limit 2/min -j LOG --log-prefix "blocked: "; iptables -A sec2 -j DROP`,
    ...DROPPED,
    isSampled: true,
  }),
  // The goto does not come back to `guard`, so the ACCEPT after it is never reached.
  fault('ipt-goto', ALL_BUT_VIP, {
    isProven: true,
    inject: `iptables -N guard; iptables -N listed; iptables -A INPUT -p tcp --dport 80 -j guard
iptables -A INPUT -p tcp --dport 80 -s 100.64.0.0/10 -j DROP
iptables -A listed -m limit --limit 1/min -j LOG; iptables -A listed -j RETURN
iptables -A guard -s 100.64.0.0/10 -g listed; iptables -A guard -j ACCEPT`,
    ...DROPPED,
  }),
  fault('ipt-multiport-iprange', FIRST_ONLY, {
    inject:
      'iptables -A INPUT -p tcp -m multiport --dports 80,8000:8100 -m iprange --src-range 100.64.0.1-100.80.3.4 -j DROP',
    ...DROPPED,
  }),
  fault('ipt-partial-16', FIRST_ONLY, {
    isProven: true,
    inject: 'iptables -A INPUT -s 100.64.0.0/16 -p tcp --dport 80 -j DROP',
    ...DROPPED,
  }),
  fault('ipt-negated-source', ALL_BUT_VIP, {
    inject: 'iptables -A INPUT ! -s 10.0.0.0/8 -p tcp ! --dport 22 -j DROP',
    ...DROPPED,
  }),
  fault('ipt-new-only', 'http-timeout', {
    inject:
      'iptables -A INPUT -p tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT; iptables -P INPUT DROP',
    ...DROPPED,
  }),
  fault('ipt-new-only-tcp-check-ok', 'ok', {
    inject:
      'iptables -A INPUT -p tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT; iptables -P INPUT DROP',
    check: { kind: 'tcp' },
  }),
  fault('ipt-legacy-drop', ALL_BUT_VIP, {
    inject: `iptables -A INPUT -p tcp --dport 80 -j ACCEPT
iptables-legacy -A INPUT -s 100.64.0.0/10 -j DROP`,
    ...DROPPED,
  }),
  fault('ipt-raw-prerouting', ALL_BUT_VIP, {
    inject: 'iptables -t raw -A PREROUTING -s 100.64.0.0/10 -i eth0 -j DROP',
    ...DROPPED,
  }),
  fault('ipt-mangle-mark', FIRST_ONLY, {
    inject: `iptables -t mangle -A PREROUTING -s 100.64.0.0/12 -p tcp -j MARK --set-xmark 0x10/0xff
iptables -A INPUT -m mark --mark 0x10/0x10 -j DROP`,
    ...DROPPED,
  }),
  fault('ipt-output-reply', ALL_BUT_VIP, {
    isProven: true,
    inject: 'iptables -A OUTPUT -d 100.64.0.0/10 -p tcp --sport 80 -j DROP',
    ...DROPPED,
  }),
  fault('ipt-output-policy-drop', 'timeout', {
    inject: `iptables -A OUTPUT -o lo -j ACCEPT; iptables -A OUTPUT -p udp --dport 53 -j ACCEPT
iptables -P OUTPUT DROP`,
    ...DROPPED,
  }),
  fault('ipt-postrouting-mangle', ALL_BUT_VIP, {
    inject: 'iptables -t mangle -A POSTROUTING -o eth0 -d 100.64.0.0/10 -j DROP',
    ...DROPPED,
  }),
  fault('ipset-partial', FIRST_ONLY, {
    inject: `ipset create blocked hash:net; ipset add blocked 100.64.0.0/24; ipset add blocked 203.0.113.0/24
iptables -A INPUT -m set --match-set blocked src -j DROP`,
    ...DROPPED,
  }),
  fault('ipset-allow-list', ['ok', 'timeout', 'ok'], {
    inject: `ipset create friends hash:net; ipset add friends 100.64.0.0/16; ipset add friends 10.0.0.0/16
ipset create services bitmap:port range 1-1024; ipset add services 80
iptables -A INPUT -p tcp -m set --match-set services dst -m set ! --match-set friends src -j DROP`,
    ...DROPPED,
  }),
  fault('ipt-tailscale-style', ALL_BUT_VIP, {
    inject: `ip link add tailscale0 type veth peer name ts1; ip link set tailscale0 up; ip link set ts1 up
ip addr add 100.101.102.103/32 dev tailscale0
iptables -N ts-input; iptables -N ts-forward; iptables -A INPUT -j ts-input; iptables -A FORWARD -j ts-forward
iptables -A ts-input -s 100.101.102.103/32 -i lo -j ACCEPT
iptables -A ts-input -s 100.115.92.0/23 ! -i tailscale0 -j RETURN
iptables -A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP`,
    ...DROPPED,
    isSampled: true,
  }),
  // Above the limit of connections at one time: no probe reaches it.
  fault('ipt-connlimit-ok', 'ok', {
    inject:
      'iptables -A INPUT -p tcp --syn --dport 80 -m connlimit --connlimit-above 100 --connlimit-mask 32 -j DROP',
    mayBeUnknown: 'how many connections a source has at one time',
  }),
]

/** Answers that are not silence. */
export const IPTABLES_REJECT = [
  fault('ipt-reject', 'rejected', {
    inject: `iptables -A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT; iptables -A INPUT -p icmp -j ACCEPT
iptables -A INPUT -i lo -j ACCEPT; iptables -A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT
iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited`,
    ...REJECTED,
    isSampled: true,
  }),
  fault('ipt-reject-port', ['refused', 'refused', 'ok'], {
    isProven: true,
    inject: 'iptables -A INPUT -s 100.64.0.0/10 -p tcp --dport 80 -j REJECT',
    ...REJECTED,
  }),
  fault('ipt-reject-reset', ['refused', 'refused', 'ok'], {
    isProven: true,
    inject: 'iptables -A INPUT -s 100.64.0.0/10 -p tcp --dport 80 -j REJECT --reject-with tcp-reset',
    ...REJECTED,
  }),
  fault('ipt-reject-net', ['ok', 'rejected', 'ok'], {
    inject: 'iptables -A INPUT -s 100.96.0.0/11 -p tcp -j REJECT --reject-with icmp-net-unreachable',
    ...REJECTED,
  }),
]

const REDIRECT = 'iptables -t nat -A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports'
const on8080 = {
  kind: 'nginx',
  listen: ['8080'],
  body: 'location / { return 200 "ok\\n"; }',
} as const

const NOT_REDIRECTED =
  "what the application answers, because the machine's own request does not pass PREROUTING and meets another port"

/** Rules that look guilty, and redirections. */
export const IPTABLES_OTHER = [
  fault('ipt-allow-before-drop-ok', ['ok', 'ok', 'timeout'], {
    inject: `iptables -A INPUT -i lo -j ACCEPT; iptables -A INPUT -s 100.64.0.0/10 -p tcp --dport 80 -j ACCEPT
iptables -A INPUT -p tcp --dport 80 -j DROP`,
    ...DROPPED,
    isSampled: true,
  }),
  // A reply in another zone than its request belongs to no connection.
  fault('ipt-zone-of-requests', 'timeout', {
    inject: `iptables -t raw -A PREROUTING -i eth0 -j CT --zone 1
iptables -A OUTPUT -p tcp --sport 80 -m conntrack ! --ctstate ESTABLISHED -j DROP`,
    ...DROPPED,
  }),
  fault('ipt-zone-of-both-ok', 'ok', {
    inject: `iptables -t raw -A PREROUTING -i eth0 -j CT --zone 1; iptables -t raw -A OUTPUT -o eth0 -j CT --zone 1
iptables -A OUTPUT -o eth0 -p tcp --sport 80 -m conntrack ! --ctstate ESTABLISHED -j DROP`,
  }),
  fault('ipt-own-requests-dropped-ok', 'ok', {
    inject: `iptables -A INPUT -s 100.64.0.0/10,10.0.0.10 -p tcp --dport 80 -j ACCEPT
iptables -A INPUT -p tcp --dport 80 -j DROP`,
    mayBeUnknown: 'what the application answers, because no request of the machine to itself gets through',
  }),
  fault('ipt-drop-other-port-ok', 'ok', {
    inject: `iptables -A INPUT -s 100.64.0.0/10 -p tcp -m multiport --dports 8080,8443 -j DROP
iptables -A INPUT -s 100.64.0.0/10 -p udp -j DROP; iptables -A INPUT -s 100.64.0.0/10 -i cni0 -j DROP`,
  }),
  fault('ipt-drop-invalid-ok', 'ok', {
    inject: `iptables -A INPUT -m conntrack --ctstate INVALID -j DROP
iptables -A INPUT -p tcp ! --syn -m conntrack --ctstate NEW -j DROP
iptables -A INPUT -p tcp --tcp-flags ALL NONE -j DROP; iptables -A INPUT -f -j DROP`,
  }),
  fault('ipt-unused-chain-ok', 'ok', {
    inject: 'iptables -N blocked; iptables -A blocked -s 100.64.0.0/10 -j DROP',
  }),
  fault('ipt-mangle-accept-no-help', ALL_BUT_VIP, {
    inject: `iptables -t mangle -A PREROUTING -s 100.64.0.0/10 -j ACCEPT
iptables -t raw -A PREROUTING -s 100.64.0.0/10 -j ACCEPT; iptables -A INPUT -s 100.64.0.0/10 -j DROP`,
    ...DROPPED,
  }),
  fault('ipt-redirect-ok', 'ok', { servers: [on8080], inject: `${REDIRECT} 8080`, check: { kind: 'tcp' } }),
  fault('ipt-redirect-http-ok', 'ok', {
    servers: [on8080],
    inject: `${REDIRECT} 8080`,
    mayBeUnknown: NOT_REDIRECTED,
  }),
  fault('ipt-redirect-nobody', 'refused', {
    inject: `${REDIRECT} 8081`,
    code: 'guest-port/not-listening',
  }),
  fault('ipt-redirect-port-dropped', ALL_BUT_VIP, {
    servers: [on8080],
    inject: `${REDIRECT} 8080
iptables -A INPUT -s 100.64.0.0/10 -p tcp --dport 8080 -j DROP`,
    ...DROPPED,
    mayBeUnknown: NOT_REDIRECTED,
  }),
  fault('ipt-notrack-state', 'timeout', {
    inject: `iptables -t raw -A PREROUTING -p tcp --dport 80 -j CT --notrack
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m conntrack --ctstate NEW,ESTABLISHED,RELATED -j ACCEPT; iptables -P INPUT DROP`,
    ...DROPPED,
  }),
]
