import { fault, nft } from '../fault.ts'
import { FIREWALLD, UFW } from './products.ts'

const DROPPED = { code: 'guest-firewall/probe-dropped' } as const
const REJECTED = { code: 'guest-firewall/probe-rejected' } as const
const ALL_BUT_VIP = ['timeout', 'timeout', 'ok'] as const

/** Rules that iptables does not show. */
export const NFTABLES = [
  fault('nft-native-drop', ALL_BUT_VIP, {
    inject: nft(`table inet filter { chain input { type filter hook input priority filter; policy drop;
ct state established,related accept
iif "lo" accept
tcp dport { 22, 443 } accept
ip saddr 10.0.0.0/8 tcp dport 80 accept
counter } }`),
    ...DROPPED,
    isSampled: true,
  }),
  fault('nft-set', ['timeout', 'ok', 'ok'], {
    inject:
      nft(`table ip guard { set bad { type ipv4_addr; flags interval; elements = { 100.64.0.0-100.64.7.255, 192.0.2.0/24 } }
chain input { type filter hook input priority 0; policy accept;
ip saddr @bad tcp dport 1-1023 counter drop } }`),
    ...DROPPED,
  }),
  fault('nft-netdev-ingress', ALL_BUT_VIP, {
    isMoving: true,
    inject:
      nft(`table netdev edge { chain in { type filter hook ingress device eth0 priority -500; policy accept;
ip saddr 100.64.0.0/10 counter drop } }`),
    ...DROPPED,
  }),
  // An accept ends one chain. The next base chain of the hook decides again.
  fault('nft-accept-early-drop-late', ALL_BUT_VIP, {
    inject: nft(`table inet early { chain input { type filter hook input priority -10; policy accept;
ip saddr 100.64.0.0/10 accept } }
table inet late { chain input { type filter hook input priority 10; policy accept;
ip saddr 100.64.0.0/10 tcp dport 80 drop } }`),
    ...DROPPED,
  }),
  fault('nft-verdict-map', ['timeout', 'ok', 'ok'], {
    inject: nft(`table inet filter { chain from_web { ip saddr 100.64.0.0/11 drop
return }
chain input { type filter hook input priority filter; policy accept;
tcp dport vmap { 22 : accept, 80 : jump from_web, 443 : drop } } }`),
    ...DROPPED,
  }),
  fault('nft-raw-prerouting', ALL_BUT_VIP, {
    isMoving: true,
    inject: nft(`table inet raw { chain pre { type filter hook prerouting priority raw; policy accept;
iifname "eth*" ip saddr 100.64.0.0/10 meta l4proto tcp counter drop } }`),
    ...DROPPED,
  }),
  fault('nft-output-reply', ['timeout', 'ok', 'ok'], {
    inject: nft(`table ip out { chain output { type filter hook output priority 0; policy accept;
oif "eth0" ip daddr 100.64.0.0/16 tcp sport 80 drop } }`),
    ...DROPPED,
  }),
  fault('nft-zone-of-requests', 'timeout', {
    inject: nft(`table inet x { chain p { type filter hook prerouting priority raw; policy accept;
iifname "eth0" ct zone set 1 }
chain o { type filter hook output priority 0; policy accept;
oifname "eth0" tcp sport 80 ct state != established counter drop } }`),
    ...DROPPED,
  }),
  fault('nft-reject-goto', ['refused', 'refused', 'ok'], {
    inject: nft(`table inet filter { chain no { reject with tcp reset
}
chain input { type filter hook input priority filter; policy accept;
ip saddr != 10.0.0.0/8 tcp dport 80 goto no } }`),
    ...REJECTED,
  }),
  fault('nft-named-verdict-and-pairs', ['timeout', 'ok', 'ok'], {
    inject:
      nft(`table inet filter { map services { type inet_service : verdict; elements = { 80 : goto web } }
set pairs { type ipv4_addr . inet_service; elements = { 100.64.0.5 . 80 } }
chain web { ip saddr . tcp dport @pairs drop
accept }
chain input { type filter hook input priority filter; policy drop;
ct state vmap { established : accept, related : accept, invalid : drop }
iif lo accept
tcp dport vmap @services } }`),
    ...DROPPED,
  }),
  fault('nft-new-only', 'http-timeout', {
    inject: nft(`table inet filter { chain input { type filter hook input priority filter; policy drop;
iif lo accept
tcp dport 80 ct state new accept } }`),
    ...DROPPED,
  }),
  fault('nft-mark-drop', ALL_BUT_VIP, {
    inject: nft(`table inet m { chain pre { type filter hook prerouting priority mangle; policy accept;
ip saddr 100.64.0.0/10 meta mark set 0x2a }
chain input { type filter hook input priority filter; policy accept;
meta mark & 0x0000000f == 0x0000000a counter drop } }`),
    ...DROPPED,
  }),
  fault('nft-other-family-ok', 'ok', {
    inject: nft(`table ip6 filter { chain input { type filter hook input priority filter; policy drop; } }
table arp filter { chain input { type filter hook input priority filter; policy accept; } }
table inet filter { chain unused { drop
}
chain forward { type filter hook forward priority filter; policy drop; } }`),
  }),
  // Before its first packet, a sender asks by ARP which card has the address.
  fault('nft-arp-drop', 'timeout', {
    inject: `${nft(`table arp guard { chain input { type filter hook input priority filter; policy drop; } }`)}
ip neigh flush dev eth0`,
    check: { kind: 'tcp' },
    ...DROPPED,
  }),
  fault('nft-redirect-ok', 'ok', {
    servers: [{ kind: 'nginx', listen: ['8080'], body: 'return 200 "ok\\n";' }],
    inject: nft(`table ip nat { chain prerouting { type nat hook prerouting priority dstnat; policy accept;
tcp dport 80 redirect to :8080 } }`),
    check: { kind: 'tcp' },
  }),
  fault('nft-limit-ok', 'ok', {
    inject: nft(`table inet filter { chain input { type filter hook input priority filter; policy accept;
tcp dport 80 ct state new limit rate over 1000/second drop } }`),
    mayBeUnknown: 'how many packets come in a second',
  }),
]

/** Rules that a product writes. */
export const PRODUCTS = [
  fault('ufw-deny', 'timeout', { inject: UFW([]), ...DROPPED, isSampled: true }),
  fault('ufw-allow-ok', 'ok', { inject: UFW(['-p tcp -m tcp --dport 80 -j ACCEPT']) }),
  fault('ufw-allow-own-range', ALL_BUT_VIP, {
    inject: UFW(['-s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j ACCEPT']),
    ...DROPPED,
  }),
  fault('firewalld-drop-zone', ALL_BUT_VIP, {
    inject: nft(FIREWALLD({ dropped: ['100.64.0.0/10'], ports: ['22', '80'] })),
    ...DROPPED,
    isSampled: true,
  }),
  fault('firewalld-port-closed', 'rejected', {
    inject: nft(FIREWALLD({ dropped: [], ports: ['22'] })),
    ...REJECTED,
  }),
  fault('firewalld-ok', 'ok', {
    inject: nft(FIREWALLD({ dropped: ['192.0.2.0/24'], ports: ['22', '80'] })),
  }),
]
