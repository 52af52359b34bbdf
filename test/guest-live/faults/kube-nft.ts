import { type Fault, fault, nft } from '../fault.ts'
import { POD } from '../lab.ts'
import type { Server } from '../servers.ts'

// The same node as in forwarding.ts, with kube-proxy in nftables mode.

const inPod: Server = { kind: 'nginx', listen: ['80'], body: 'return 200 "ok\\n";', on: 'pod' }
const SERVICE = 'service-ABCDEFGH-default/lab/tcp/http'
const EXTERNAL = 'external-ABCDEFGH-default/lab/tcp/http'
const ENDPOINT = `endpoint-IJKLMNOP-default/lab/tcp/http__${POD}/80`

interface Proxy {
  readonly endpoints: 'one' | 'none'
}

const rulesOf = ({ endpoints }: Proxy): string => `table ip kube-proxy {
set nodeport-ips { type ipv4_addr; elements = { 10.0.1.16 } }
map service-nodeports { type inet_proto . inet_service : verdict; ${endpoints === 'one' ? `elements = { tcp . 30080 : goto ${EXTERNAL} }` : ''} }
map no-endpoint-nodeports { type inet_proto . inet_service : verdict; ${endpoints === 'none' ? 'elements = { tcp . 30080 : goto reject-chain }' : ''} }
map no-endpoint-services { type ipv4_addr . inet_proto . inet_service : verdict; }
chain reject-chain {
reject
}
chain mark-for-masquerade {
meta mark set meta mark or 0x4000
}
chain masquerading {
meta mark & 0x4000 == 0 return
meta mark set meta mark xor 0x4000
masquerade fully-random
}
chain ${ENDPOINT} {
ip saddr ${POD} jump mark-for-masquerade
meta l4proto tcp dnat to ${POD}:80
}
chain ${SERVICE} {
numgen random mod 1 vmap { 0 : goto ${ENDPOINT} }
}
chain ${EXTERNAL} {
jump mark-for-masquerade
goto ${SERVICE}
}
chain services {
ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
}
chain nodeport-endpoints-check {
ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports
}
chain service-endpoints-check {
ip daddr . meta l4proto . th dport vmap @no-endpoint-services
}
chain nat-prerouting {
type nat hook prerouting priority dstnat; policy accept;
jump services
}
chain nat-output {
type nat hook output priority -100; policy accept;
jump services
}
chain nat-postrouting {
type nat hook postrouting priority srcnat; policy accept;
jump masquerading
}
chain filter-input {
type filter hook input priority -110; policy accept;
ct state new jump nodeport-endpoints-check
ct state new jump service-endpoints-check
}
chain filter-forward {
type filter hook forward priority -110; policy accept;
ct state new jump service-endpoints-check
}
}`

const node = (name: string, meets: Fault['meets'][number], proxy: Proxy, more: Partial<Fault> = {}): Fault =>
  fault(name, meets, {
    servers: [inPod],
    ...more,
    check: { port: 30080 },
    inject: nft(rulesOf(proxy)) + (more.inject ?? ''),
  })

export const KUBE_NFT = [
  node('k8s-nft-ok', 'ok', { endpoints: 'one' }),
  node('k8s-nft-no-endpoints', 'refused', { endpoints: 'none' }, { code: 'tke-pod/no-endpoints' }),
  node(
    'k8s-nft-forward-drop',
    'timeout',
    { endpoints: 'one' },
    {
      inject:
        nft(`table inet hardening { chain forward { type filter hook forward priority filter; policy drop;
ct state established,related accept
iifname "cni0" accept } }`),
      code: 'guest-forwarding/forward-policy-drop',
    },
  ),
]
