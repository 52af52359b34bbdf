import type { FindingCode } from '../../../src/model/diagnosis.ts'
import type { GuestOutcome } from '../../../src/model/guest.ts'
import { type Fault, fault } from '../fault.ts'
import { POD } from '../lab.ts'
import type { Server } from '../servers.ts'

// A node of a cluster with kube-proxy in iptables mode: NodePort 30080 of the service default/lab, whose pod is the lab's.

const NODE_PORT = 30080
const inPod: Server = { kind: 'nginx', listen: ['80'], body: 'return 200 "ok\\n";', on: 'pod' }

interface Proxy {
  /** Rules of FORWARD before those of kube-proxy. */
  readonly first?: readonly string[]
  /** Rules of FORWARD after those of kube-proxy. */
  readonly last?: readonly string[]
  readonly endpoints?: 'one' | 'none'
  /** `externalTrafficPolicy: Local`, and whether this node has a pod. */
  readonly local?: 'with pod' | 'without pod'
}

const NONE =
  '-p tcp -m comment --comment "default/lab:http has no endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30080 -j REJECT --reject-with icmp-port-unreachable'
const NO_LOCAL =
  '-p tcp -m comment --comment "default/lab:http has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30080 -j DROP'

const filterOf = ({ first = [], last = [], endpoints = 'one', local }: Proxy): string => `*filter
:DOCKER-USER - [0:0]
:KUBE-EXTERNAL-SERVICES - [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-FORWARD - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-PROXY-FIREWALL - [0:0]
:KUBE-SERVICES - [0:0]
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
-A INPUT -j KUBE-FIREWALL
${first.map((rule) => `-A FORWARD ${rule}`).join('\n')}
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
${last.map((rule) => `-A FORWARD ${rule}`).join('\n')}
-A DOCKER-USER -j RETURN
${endpoints === 'none' ? `-A KUBE-EXTERNAL-SERVICES ${NONE}` : ''}
${local === 'without pod' ? `-A KUBE-EXTERNAL-SERVICES ${NO_LOCAL}` : ''}
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT`

/** The chains from the NodePort to the pod. With the policy Local the source stays as it is. */
const serviceOf = ({ local }: Proxy): readonly string[] => {
  const toService = `-A KUBE-NODEPORTS -p tcp -m comment --comment "default/lab:http" -m tcp --dport ${NODE_PORT} -j`
  const toPod = `-m comment --comment "default/lab:http -> ${POD}:80" -j KUBE-SEP-LAB`
  if (!local)
    return [
      `${toService} KUBE-SVC-LAB`,
      '-A KUBE-SVC-LAB -m comment --comment "default/lab:http" -j KUBE-MARK-MASQ',
      `-A KUBE-SVC-LAB ${toPod}`,
    ]
  return [
    `${toService} KUBE-EXT-LAB`,
    '-A KUBE-EXT-LAB -s 172.17.0.0/16 -m comment --comment "pod traffic for default/lab:http external destinations" -j KUBE-SVC-LAB',
    '-A KUBE-EXT-LAB -m addrtype --src-type LOCAL -m comment --comment "masquerade LOCAL traffic for default/lab:http external destinations" -j KUBE-MARK-MASQ',
    '-A KUBE-EXT-LAB -m addrtype --src-type LOCAL -m comment --comment "route LOCAL traffic for default/lab:http external destinations" -j KUBE-SVC-LAB',
    ...(local === 'with pod' ? ['-A KUBE-EXT-LAB -j KUBE-SVL-LAB', `-A KUBE-SVL-LAB ${toPod}`] : []),
    ...(local === 'with pod'
      ? [`-A KUBE-SVC-LAB ${toPod}`]
      : ['-A KUBE-SVC-LAB -m comment --comment "default/lab:http -> 172.17.9.9:80" -j KUBE-SEP-FAR']),
    '-A KUBE-SEP-FAR -p tcp -m comment --comment "default/lab:http" -m tcp -j DNAT --to-destination 172.17.9.9:80',
  ]
}

const natOf = (proxy: Proxy): string => `*nat
${['MARK-MASQ', 'NODEPORTS', 'POSTROUTING', 'SEP-LAB', 'SERVICES', 'SVC-LAB', ...(proxy.local ? ['EXT-LAB', 'SVL-LAB', 'SEP-FAR'] : [])].map((chain) => `:KUBE-${chain} - [0:0]`).join('\n')}
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
${proxy.endpoints === 'none' ? '' : serviceOf(proxy).join('\n')}
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
-A KUBE-SEP-LAB -p tcp -m comment --comment "default/lab:http" -m tcp -j DNAT --to-destination ${POD}:80
-A KUBE-SERVICES -m addrtype --dst-type LOCAL -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -j KUBE-NODEPORTS
COMMIT`

const restore = (text: string): string => `iptables-restore <<'RULES'\n${text}\nRULES\n`
const DOCKER_USER = '-j DOCKER-USER'

interface Node extends Partial<Fault> {
  readonly code: FindingCode | null
}

function node(
  name: string,
  meets: GuestOutcome | readonly GuestOutcome[],
  proxy: Proxy,
  { inject = '', ...more }: Node = { code: null },
): Fault {
  const rules = restore(`${filterOf({ last: [DOCKER_USER], ...proxy })}\n${natOf(proxy)}`)
  return fault(name, meets, { servers: [inPod], check: { port: NODE_PORT }, ...more, inject: rules + inject })
}

const ALL_BUT_VIP = ['timeout', 'timeout', 'ok'] as const
const POLICY = { code: 'guest-forwarding/forward-policy-drop' } as const
const FOREIGN = { code: 'guest-forwarding/forward-foreign-rule' } as const
const FORWARD_DROP = 'iptables -P FORWARD DROP'

export const FORWARDING = [
  node('k8s-healthy', 'ok', {}, { code: null, isSampled: true }),
  node(
    'k8s-ip-forward-0',
    'timeout',
    {},
    {
      inject: 'echo 0 >/proc/sys/net/ipv4/ip_forward',
      code: 'guest-forwarding/ip-forward-off',
      isSampled: true,
    },
  ),
  node(
    'k8s-interface-forwarding-0',
    'timeout',
    {},
    {
      inject: 'echo 0 >/proc/sys/net/ipv4/conf/eth0/forwarding',
      code: 'guest-forwarding/interface-forwarding-off',
    },
  ),
  // The rules of kube-proxy are gone from FORWARD, so its policy decides.
  node(
    'k8s-forward-policy-drop',
    'timeout',
    {},
    {
      inject: `${FORWARD_DROP}; iptables -F FORWARD`,
      ...POLICY,
      isSampled: true,
    },
  ),
  node(
    'k8s-forward-policy-drop-with-accept-ok',
    'ok',
    {},
    { code: null, inject: FORWARD_DROP, isSampled: true },
  ),
  node('k8s-foreign-chain', 'timeout', { first: ['-j DROP'] }, FOREIGN),
  node(
    'k8s-foreign-source',
    ALL_BUT_VIP,
    { first: ['-s 100.64.0.0/10 -j DROP'] },
    { ...FOREIGN, isSampled: true },
  ),
  node(
    'k8s-foreign-reject',
    'rejected',
    {
      first: ['-i eth0 -o cni0 -j REJECT --reject-with icmp-admin-prohibited'],
    },
    FOREIGN,
  ),
  node(
    'k8s-foreign-reply',
    'timeout',
    { first: ['-s 172.17.0.0/16 -p tcp -m tcp --sport 80 -j DROP'] },
    FOREIGN,
  ),
  node(
    'k8s-docker-user-drop',
    ALL_BUT_VIP,
    { first: [DOCKER_USER] },
    {
      inject: 'iptables -I DOCKER-USER -i eth0 -s 100.64.0.0/10 -j DROP',
      ...FOREIGN,
    },
  ),
  node(
    'k8s-docker-user-late-ok',
    'ok',
    {},
    {
      code: null,
      inject: 'iptables -I DOCKER-USER -i eth0 -s 100.64.0.0/10 -j DROP',
    },
  ),
  node(
    'k8s-input-drop-ok',
    'ok',
    {},
    {
      code: null,
      inject: `iptables -A INPUT -i lo -j ACCEPT; iptables -P INPUT DROP
iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    },
  ),
  node(
    'k8s-no-endpoints',
    'refused',
    { endpoints: 'none' },
    { code: 'tke-pod/no-endpoints', isSampled: true },
  ),
  node(
    'k8s-local-policy-no-pod',
    'timeout',
    { local: 'without pod' },
    { code: 'tke-node/local-policy-no-pod' },
  ),
  node(
    'k8s-local-policy-ok',
    'ok',
    { local: 'with pod' },
    {
      code: null,
      inject:
        'iptables -A FORWARD -d 172.17.0.0/16 -j ACCEPT; iptables -A FORWARD -s 172.17.0.0/16 -j ACCEPT',
    },
  ),
  // The source is not masqueraded, so no mark accepts it, and the policy drops it.
  node(
    'k8s-local-policy-forward-drop',
    'timeout',
    { local: 'with pod' },
    { inject: FORWARD_DROP, ...POLICY },
  ),
]

const PUBLISHED = `*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o cni0 -j MASQUERADE
-A DOCKER -i cni0 -j RETURN
-A DOCKER ! -i cni0 -p tcp -m tcp --dport 80 -j DNAT --to-destination ${POD}:80
COMMIT
*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o cni0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o cni0 -j DOCKER
-A FORWARD -i cni0 ! -o cni0 -j ACCEPT
-A DOCKER -d ${POD}/32 ! -i cni0 -o cni0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-USER -j RETURN
COMMIT`

/** A port that Docker publishes. */
export const DOCKER = [
  fault('docker-published-ok', 'ok', { servers: [inPod], inject: restore(PUBLISHED) }),
  fault('docker-user-drop', ALL_BUT_VIP, {
    servers: [inPod],
    inject: `${restore(PUBLISHED)}iptables -I DOCKER-USER -i eth0 -s 100.64.0.0/10 -j DROP`,
    ...FOREIGN,
  }),
  fault('docker-accept-gone', 'timeout', {
    servers: [inPod],
    inject: `${restore(PUBLISHED)}iptables -F DOCKER`,
    ...POLICY,
  }),
]
