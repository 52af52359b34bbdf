// Rule sets as ufw, Docker, kube-proxy and firewalld make them, written by hand for `iptables-restore` and `nft -f`. The pod
// is 172.17.0.2 behind the device docker0.

export interface RuleSet {
  readonly tool: 'iptables' | 'nft'
  readonly text: string
}

const UFW = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ufw-before-input - [0:0]
:ufw-logging-deny - [0:0]
:ufw-not-local - [0:0]
:ufw-reject-input - [0:0]
:ufw-user-input - [0:0]
-A INPUT -j ufw-before-input
-A INPUT -j ufw-reject-input
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A ufw-before-input -j ufw-not-local
-A ufw-before-input -d 224.0.0.251/32 -p udp -m udp --dport 5353 -j ACCEPT
-A ufw-before-input -j ufw-user-input
-A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny
-A ufw-not-local -j DROP
-A ufw-reject-input -s 100.66.0.0/16 -j REJECT --reject-with icmp-port-unreachable
-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT
-A ufw-user-input -s 100.64.0.0/16 -p tcp -m tcp --dport 80 -j ACCEPT
-A ufw-user-input -p tcp -m multiport --dports 8080:8090 -s 100.65.0.0/16 -j ACCEPT
COMMIT
`

const DOCKER = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o docker1 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -s 100.65.0.0/16 -m conntrack --ctorigdstport 8080 -j DROP
-A DOCKER-USER -d 100.66.0.0/16 -j DROP
-A DOCKER-USER -j RETURN
COMMIT
`

const KUBE = (more: readonly string[]): string => `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-EXT-A - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SEP-1 - [0:0]
:KUBE-SEP-2 - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-A - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-EXT-A -m comment --comment "masquerade traffic for default/a external destinations" -j KUBE-MARK-MASQ
-A KUBE-EXT-A -j KUBE-SVC-A
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-NODEPORTS -p tcp -m comment --comment "default/a:http" -m tcp --dport 8080 -j KUBE-EXT-A
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
-A KUBE-SEP-1 -p tcp -m comment --comment "default/a:http" -m tcp -j DNAT --to-destination 172.17.0.2:80
-A KUBE-SEP-2 -p tcp -m comment --comment "default/a:http" -m tcp -j DNAT --to-destination 172.17.0.2:8080
-A KUBE-SERVICES -m comment --comment "nodeports; this must be the last rule" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-SVC-A -m comment --comment "default/a:http" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-1
-A KUBE-SVC-A -m comment --comment "default/a:http" -j KUBE-SEP-2
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:KUBE-EXTERNAL-SERVICES - [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-FORWARD - [0:0]
-A INPUT -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES
-A INPUT -j KUBE-FIREWALL
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/b has no endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
${more.map((rule) => `-A KUBE-FORWARD ${rule}\n`).join('')}COMMIT
`

const KUBE_FORWARD = [
  '-m conntrack --ctstate INVALID -j DROP',
  '-m mark --mark 0x4000/0x4000 -j ACCEPT',
  '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
]

const FIREWALLD = `table inet firewalld {
 chain mangle_PREROUTING { type filter hook prerouting priority mangle + 10; policy accept; jump mangle_ZONES; }
 chain filter_PREROUTING { type filter hook prerouting priority filter + 10; policy accept;
  icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
  meta nfproto ipv6 fib saddr . mark . iif oif missing drop
 }
 chain filter_INPUT { type filter hook input priority filter + 10; policy accept;
  ct state { established, related } accept
  ct status dnat accept
  iifname "lo" accept
  ct state invalid drop
  jump filter_INPUT_ZONES
  reject with icmpx admin-prohibited
 }
 chain filter_OUTPUT { type filter hook output priority filter + 10; policy accept;
  ct state { established, related } accept
  oifname "lo" accept
  ip6 daddr { ::/96, 2002::/24 } reject with icmpv6 addr-unreachable
 }
 chain mangle_ZONES { ip saddr 100.66.1.0/24 drop; }
 chain filter_INPUT_ZONES {
  ip saddr 100.65.0.0/16 goto filter_IN_drop
  iifname "wire" goto filter_IN_public
  goto filter_IN_public
 }
 chain filter_IN_drop { jump filter_IN_drop_allow; drop; }
 chain filter_IN_drop_allow { tcp dport 22 accept; }
 chain filter_IN_public {
  jump filter_IN_public_allow
  meta l4proto { icmp, ipv6-icmp } accept
  reject with icmpx admin-prohibited
 }
 chain filter_IN_public_allow {
  tcp dport 22 accept
  ip saddr 100.64.0.0/16 tcp dport 80 accept
  udp dport { 22, 8080 } ct state { new, untracked } accept
 }
}
`

/** nft wants a chain before the rules that jump to it. */
const declared = (text: string): string => {
  const names = [...text.matchAll(/chain (\w+) \{(?! type)/g)].map(([, name]) => name)
  return `table inet firewalld {\n${names.map((name) => ` chain ${name} { }\n`).join('')}}\n${text}`
}

export const RULE_SETS: Readonly<Record<string, RuleSet>> = {
  ufw: { tool: 'iptables', text: UFW },
  docker: { tool: 'iptables', text: DOCKER },
  'kube-proxy': { tool: 'iptables', text: KUBE(KUBE_FORWARD) },
  'kube-proxy without its accept': { tool: 'iptables', text: KUBE(KUBE_FORWARD.slice(0, 1)) },
  'kube-proxy that lets no answer through': { tool: 'iptables', text: KUBE(KUBE_FORWARD.slice(0, 2)) },
  'kube-proxy with a foreign rule': {
    tool: 'iptables',
    text: KUBE([
      '-s 100.65.0.0/16 -j DROP',
      '-s 100.66.0.0/16 -j REJECT --reject-with icmp-host-prohibited',
      ...KUBE_FORWARD,
    ]),
  },
  firewalld: { tool: 'nft', text: declared(FIREWALLD) },
}
