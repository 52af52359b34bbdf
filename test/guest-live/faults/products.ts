// The rules that products write, by their own names and in their own order, without what no probe can meet.

/** ufw with a default of deny. `user` are the rules of ufw-user-input. */
export const UFW = (user: readonly string[]): string => `iptables-restore <<'RULES'
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
${[
  'before-logging-input',
  'before-input',
  'after-input',
  'after-logging-input',
  'reject-input',
  'track-input',
]
  .concat([
    'user-input',
    'not-local',
    'logging-deny',
    'skip-to-policy-input',
    'before-output',
    'track-output',
  ])
  .map((chain) => `:ufw-${chain} - [0:0]`)
  .join('\n')}
-A INPUT -j ufw-before-logging-input
-A INPUT -j ufw-before-input
-A INPUT -j ufw-after-input
-A INPUT -j ufw-after-logging-input
-A INPUT -j ufw-reject-input
-A INPUT -j ufw-track-input
-A OUTPUT -j ufw-before-output
-A OUTPUT -j ufw-track-output
-A ufw-after-input -p udp -m udp --dport 137 -j ufw-skip-to-policy-input
-A ufw-after-input -p tcp -m tcp --dport 445 -j ufw-skip-to-policy-input
-A ufw-after-input -m addrtype --dst-type BROADCAST -j ufw-skip-to-policy-input
-A ufw-after-logging-input -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A ufw-before-input -j ufw-not-local
-A ufw-before-input -d 224.0.0.251/32 -p udp -m udp --dport 5353 -j ACCEPT
-A ufw-before-input -j ufw-user-input
-A ufw-before-output -o lo -j ACCEPT
-A ufw-before-output -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-logging-deny -m conntrack --ctstate INVALID -m limit --limit 3/min --limit-burst 10 -j RETURN
-A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ufw-not-local -m addrtype --dst-type BROADCAST -j RETURN
-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny
-A ufw-not-local -j DROP
-A ufw-skip-to-policy-input -j DROP
-A ufw-track-output -p tcp -m conntrack --ctstate NEW -j ACCEPT
-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT
${user.map((rule) => `-A ufw-user-input ${rule}`).join('\n')}
COMMIT
RULES`

interface Zones {
  /** The sources of the zone drop. */
  readonly dropped: readonly string[]
  /** The TCP ports that the zone public opens. */
  readonly ports: readonly string[]
}

/** firewalld with the zones public and drop. */
export const FIREWALLD = ({ dropped, ports }: Zones): string => `table inet firewalld {
${['public', 'drop'].map((zone) => ['pre', 'log', 'deny', 'post'].map((part) => `chain filter_IN_${zone}_${part} { }`).join('\n')).join('\n')}
chain filter_IN_public_allow {
${ports.map((port) => `tcp dport ${port} ct state { new, untracked } accept`).join('\n')}
}
chain filter_IN_drop_allow { }
chain filter_INPUT_POLICIES_pre {
jump filter_IN_policy_allow-host-ipv6
}
chain filter_INPUT_POLICIES_post { }
chain filter_IN_policy_allow-host-ipv6 {
icmpv6 type { nd-neighbor-advert, nd-neighbor-solicit, nd-router-advert, nd-redirect } accept
}
chain filter_IN_public {
jump filter_INPUT_POLICIES_pre
jump filter_IN_public_pre
jump filter_IN_public_log
jump filter_IN_public_deny
jump filter_IN_public_allow
jump filter_IN_public_post
jump filter_INPUT_POLICIES_post
meta l4proto { icmp, ipv6-icmp } accept
reject with icmpx type admin-prohibited
}
chain filter_IN_drop {
jump filter_INPUT_POLICIES_pre
jump filter_IN_drop_pre
jump filter_IN_drop_log
jump filter_IN_drop_deny
jump filter_IN_drop_allow
jump filter_IN_drop_post
jump filter_INPUT_POLICIES_post
drop
}
chain filter_INPUT_ZONES {
${dropped.map((source) => `ip saddr ${source} goto filter_IN_drop`).join('\n')}
iifname "eth0" goto filter_IN_public
goto filter_IN_public
}
chain filter_PREROUTING {
type filter hook prerouting priority filter + 10; policy accept;
icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
meta nfproto ipv6 fib saddr . mark . iif oif missing drop
}
chain filter_INPUT {
type filter hook input priority filter + 10; policy accept;
ct state { established, related } accept
ct status dnat accept
iifname "lo" accept
ct state invalid drop
jump filter_INPUT_ZONES
reject with icmpx type admin-prohibited
}
chain filter_OUTPUT {
type filter hook output priority filter + 10; policy accept;
ct state { established, related } accept
oifname "lo" accept
ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24 } reject with icmpv6 type addr-unreachable
}
}`
