// Rule sets as further programs make them: what stands on machines beside ufw, Docker and kube-proxy.

import type { RuleSet } from './rule-sets.ts'

/** Tables of iptables. A chain of its own comes from its first rule. */
function iptables(
  tables: Readonly<Record<string, readonly string[]>>,
  policies: Record<string, string> = {},
): RuleSet {
  const built: Readonly<Record<string, readonly string[]>> = {
    filter: ['INPUT', 'FORWARD', 'OUTPUT'],
    raw: ['PREROUTING', 'OUTPUT'],
    nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  }
  const text = Object.entries(tables).map(([name, rules]) => {
    const own = new Set(rules.map((rule) => rule.split(' ')[0] ?? ''))
    const chains = built[name] ?? []
    return [
      `*${name}`,
      ...chains.map((chain) => `:${chain} ${policies[chain] ?? 'ACCEPT'} [0:0]`),
      ...[...own].filter((chain) => !chains.includes(chain)).map((chain) => `:${chain} - [0:0]`),
      ...rules.map((rule) => `-A ${rule}`),
      'COMMIT\n',
    ].join('\n')
  })
  return { tool: 'iptables', text: text.join('') }
}

const TAILSCALE = iptables({
  filter: [
    'INPUT -j ts-input',
    'FORWARD -j ts-forward',
    'ts-forward -i tailscale0 -j MARK --set-xmark 0x40000/0xff0000',
    'ts-forward -m mark --mark 0x40000/0xff0000 -j ACCEPT',
    'ts-forward -s 100.64.0.0/10 -o tailscale0 -j DROP',
    'ts-forward -o tailscale0 -j ACCEPT',
    'ts-input -s 100.101.102.103/32 -i lo -j ACCEPT',
    'ts-input -s 100.115.92.0/23 ! -i tailscale0 -j RETURN',
    'ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP',
    'ts-input -i tailscale0 -j ACCEPT',
    'ts-input -p udp -m udp --dport 41641 -j ACCEPT',
  ],
})

const FAIL2BAN = iptables({
  filter: [
    'INPUT -p tcp -m multiport --dports 80,443 -m set --match-set ips src -j REJECT --reject-with icmp-port-unreachable',
    'INPUT -p tcp -m multiport --dports 22,8080 -j f2b-sshd',
    'f2b-sshd -s 100.65.0.5/32 -j REJECT --reject-with icmp-port-unreachable',
    'f2b-sshd -s 100.66.0.0/16 -j DROP',
    'f2b-sshd -j RETURN',
  ],
})

/** The panel of 宝塔: sets of addresses before the ports. */
const BAOTA = iptables(
  {
    filter: [
      'INPUT -j IN_BT',
      'INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT',
      'INPUT -p icmp -j ACCEPT',
      'INPUT -i lo -j ACCEPT',
      'INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT',
      'INPUT -s 100.64.0.0/16 -p tcp -m state --state NEW -m tcp --dport 80:81 -j ACCEPT',
      'INPUT -j REJECT --reject-with icmp-host-prohibited',
      'IN_BT -m set --match-set ips src -j DROP',
      'IN_BT -m set ! --match-set nets src -p udp -j DROP',
      'OUTPUT -j OUT_BT',
      'OUT_BT -m set --match-set ips dst -j DROP',
    ],
  },
  { FORWARD: 'DROP' },
)

const CSF = iptables(
  {
    filter: [
      'INPUT ! -i lo -j LOCALINPUT',
      'INPUT -i lo -j ACCEPT',
      'INPUT ! -i lo -p tcp -j INVALID',
      'INPUT ! -i lo -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      'INPUT ! -i lo -p tcp -m conntrack --ctstate NEW -m tcp --dport 22 -j ACCEPT',
      'INPUT ! -i lo -p tcp -m conntrack --ctstate NEW -m tcp --dport 80 -j ACCEPT',
      'INPUT ! -i lo -p udp -m conntrack --ctstate NEW -m udp --dport 80 -j ACCEPT',
      'INPUT ! -i lo -j LOGDROPIN',
      'OUTPUT ! -o lo -j LOCALOUTPUT',
      'OUTPUT -o lo -j ACCEPT',
      'OUTPUT ! -o lo -p tcp -j INVALID',
      'OUTPUT ! -o lo -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      'OUTPUT ! -o lo -j LOGDROPOUT',
      'ALLOWIN -s 100.66.0.5/32 ! -i lo -j ACCEPT',
      'ALLOWOUT -d 100.66.0.5/32 ! -o lo -j ACCEPT',
      'DENYIN -s 100.65.0.5/32 ! -i lo -j DROP',
      'DENYOUT -d 100.65.9.9/32 ! -o lo -j LOGDROPOUT',
      'INVALID -m conntrack --ctstate INVALID -j INVDROP',
      'INVALID -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j INVDROP',
      'INVALID -p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN -j INVDROP',
      'INVALID -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j INVDROP',
      'INVDROP -j DROP',
      'LOCALINPUT ! -i lo -j ALLOWIN',
      'LOCALINPUT ! -i lo -j DENYIN',
      'LOCALOUTPUT ! -o lo -j ALLOWOUT',
      'LOCALOUTPUT ! -o lo -j DENYOUT',
      'LOGDROPIN -p tcp -m tcp --dport 113 -j DROP',
      'LOGDROPIN -p tcp -m limit --limit 30/min -j LOG --log-prefix "Firewall: *TCP_IN Blocked* "',
      'LOGDROPIN -j DROP',
      'LOGDROPOUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m limit --limit 30/min -j LOG --log-uid',
      'LOGDROPOUT -j REJECT --reject-with icmp-port-unreachable',
    ],
  },
  { INPUT: 'DROP', FORWARD: 'DROP', OUTPUT: 'DROP' },
)

const SHOREWALL = iptables(
  {
    filter: [
      'INPUT -i wire -j net-fw',
      'INPUT -i lo -j ACCEPT',
      'INPUT -m addrtype --dst-type BROADCAST -j DROP',
      'INPUT -g reject',
      'OUTPUT -o wire -j fw-net',
      'OUTPUT -o lo -j ACCEPT',
      'OUTPUT -g reject',
      'dynamic -s 100.65.9.9/32 -g reject',
      'fw-net -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      'fw-net -j ACCEPT',
      'logflags -j LOG --log-prefix "Shorewall:logflags:DROP:" --log-level 6 --log-ip-options',
      'logflags -j DROP',
      'net-fw -m conntrack --ctstate INVALID,NEW,UNTRACKED -j dynamic',
      'net-fw -m conntrack --ctstate INVALID,NEW,UNTRACKED -j smurfs',
      'net-fw -p tcp -j tcpflags',
      'net-fw -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      'net-fw -p tcp -m tcp --dport 22 -j ACCEPT',
      'net-fw -s 100.64.0.0/16 -p tcp -m tcp --dport 80 -j ACCEPT',
      'net-fw -p udp -m udp --dport 8080 -j ACCEPT',
      'net-fw -s 100.66.0.0/16 -j DROP',
      'net-fw -g reject',
      'reject -m addrtype --src-type BROADCAST -j DROP',
      'reject -s 224.0.0.0/4 -j DROP',
      'reject -p igmp -j DROP',
      'reject -p tcp -j REJECT --reject-with tcp-reset',
      'reject -p udp -j REJECT --reject-with icmp-port-unreachable',
      'reject -p icmp -j REJECT --reject-with icmp-host-unreachable',
      'reject -j REJECT --reject-with icmp-host-prohibited',
      'smurfs -s 0.0.0.0/32 -j RETURN',
      'smurfs -m addrtype --src-type BROADCAST -g logflags',
      'smurfs -s 224.0.0.0/4 -g logflags',
      'tcpflags -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG FIN,PSH,URG -g logflags',
      'tcpflags -p tcp -m tcp --tcp-flags SYN,RST SYN,RST -g logflags',
      'tcpflags -p tcp -m tcp --sport 0 --tcp-flags FIN,SYN,RST,ACK SYN -g logflags',
    ],
  },
  { INPUT: 'DROP', FORWARD: 'DROP', OUTPUT: 'DROP' },
)

/** A host endpoint with one policy. */
const CALICO = iptables({
  raw: [
    'PREROUTING -m comment --comment "cali:6gwbT8clXdHdC1b1" -j cali-PREROUTING',
    'cali-PREROUTING -j MARK --set-xmark 0x0/0xf0000',
    'cali-PREROUTING -i cali+ -j MARK --set-xmark 0x40000/0x40000',
    'cali-PREROUTING -m mark --mark 0x40000/0x40000 -m rpfilter --validmark --invert -j DROP',
    'cali-PREROUTING -m mark --mark 0x10000/0x10000 -j ACCEPT',
  ],
  filter: [
    'INPUT -m comment --comment "cali:Cz_u1IQiXIMmKD4c" -j cali-INPUT',
    'cali-INPUT -p ipencap -m comment --comment "Allow IPIP packets" -m set --match-set nets src -m addrtype --dst-type LOCAL -j ACCEPT',
    'cali-INPUT -i cali+ -g cali-wl-to-host',
    'cali-INPUT -m mark --mark 0x10000/0x10000 -j ACCEPT',
    'cali-INPUT -j MARK --set-xmark 0x0/0xf0000',
    'cali-INPUT -j cali-from-host-endpoint',
    'cali-INPUT -m comment --comment "Host endpoint policy accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT',
    'cali-failsafe-in -p tcp -m multiport --dports 22 -j ACCEPT',
    'cali-from-host-endpoint -i wire -g cali-fh-wire',
    'cali-fh-wire -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    'cali-fh-wire -m conntrack --ctstate INVALID -j DROP',
    'cali-fh-wire -j MARK --set-xmark 0x0/0x10000',
    'cali-fh-wire -j cali-failsafe-in',
    'cali-fh-wire -m comment --comment "Start of policies" -j MARK --set-xmark 0x0/0x20000',
    'cali-fh-wire -m mark --mark 0x0/0x20000 -j cali-pi-a',
    'cali-fh-wire -m comment --comment "Return if policy accepted" -m mark --mark 0x10000/0x10000 -j RETURN',
    'cali-fh-wire -m comment --comment "Drop if no policies passed packet" -m mark --mark 0x0/0x20000 -j DROP',
    'cali-fh-wire -j DROP',
    'cali-pi-a -p tcp -m set --match-set nets src -m multiport --dports 80,8080 -j MARK --set-xmark 0x10000/0x10000',
    'cali-pi-a -p udp -s 100.65.0.0/16 -j MARK --set-xmark 0x10000/0x10000',
    'cali-pi-a -m mark --mark 0x10000/0x10000 -j RETURN',
    'cali-wl-to-host -j DROP',
  ],
})

const KUBE_NFT: RuleSet = {
  tool: 'nft',
  text: `table ip kube-proxy {
 set nodeport-ips { type ipv4_addr; elements = { 10.0.1.16 }; }
 chain mark-for-masquerade { meta mark set meta mark or 0x4000; }
 chain reject-chain { reject; }
 chain endpoint-1 { ip saddr 172.17.0.2 jump mark-for-masquerade
  meta l4proto tcp dnat to 172.17.0.2:80; }
 chain endpoint-2 { ip saddr 172.17.0.2 jump mark-for-masquerade
  meta l4proto tcp dnat to 172.17.0.2:8080; }
 chain service-a { numgen random mod 2 vmap { 0 : goto endpoint-1, 1 : goto endpoint-2 }; }
 chain external-a { jump mark-for-masquerade
  goto service-a; }
 map no-endpoint-nodeports { type inet_proto . inet_service : verdict; elements = { tcp . 80 : goto reject-chain }; }
 map service-nodeports { type inet_proto . inet_service : verdict; elements = { tcp . 8080 : goto external-a }; }
 map firewall-ips { type ipv4_addr . inet_proto . inet_service : verdict; }
 chain nodeport-endpoints-check { ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports; }
 chain firewall-check { ip daddr . meta l4proto . th dport vmap @firewall-ips; }
 chain masquerading { meta mark & 0x00004000 == 0 return
  meta mark set meta mark xor 0x4000
  masquerade fully-random; }
 chain services { ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports; }
 chain filter-prerouting { type filter hook prerouting priority dstnat - 10; policy accept; ct state new jump firewall-check; }
 chain filter-input { type filter hook input priority filter; policy accept; ct state new jump nodeport-endpoints-check; }
 chain nat-prerouting { type nat hook prerouting priority dstnat; policy accept; jump services; }
 chain nat-postrouting { type nat hook postrouting priority srcnat; policy accept; jump masquerading; }
}
`,
}

export const MORE_RULE_SETS: Readonly<Record<string, RuleSet>> = {
  tailscale: TAILSCALE,
  fail2ban: FAIL2BAN,
  'the panel of 宝塔': BAOTA,
  CSF,
  Shorewall: SHOREWALL,
  Calico: CALICO,
  'kube-proxy of nft': KUBE_NFT,
}
