import { isIpv6 } from './cidr.ts'
import { subnetById } from './seen.ts'
import type { Machine, Pod, World } from './world.ts'

/** The parameters of guest/probe.sh, without escapes. */
export type Parameters = Readonly<Record<string, string>>

/** A probe that came to the machine. */
export interface Arrival {
  readonly source: string
  readonly sourcePort: number
  /** `syn`: its answer is lost. `dropped`: by the machine's own filter. */
  readonly fate: 'open' | 'syn' | 'dropped' | 'refused'
}

export interface Prints {
  readonly world: World
  readonly machine: Machine
  readonly parameters: Parameters
  readonly arrived: readonly Arrival[]
  /** The pod on the machine that has the target's address. */
  readonly pod: Pod | null
}

/** Facts about the machine, its sockets, settings, devices and routes, in the order of guest/probe.sh. */
export function machineFacts(prints: Prints) {
  const { machine } = prints
  return {
    facts: [
      'kernel=5.14.0-503.el9.x86_64',
      'user=0',
      'container=no',
      'tools=awk cat sleep ss ip tc iptables-save ip6tables-save nft curl bash ping',
      'missing-tools=netstat iptables-legacy-save ipset nc wget',
      ...counts(1, machine.guest),
      ...sockets(prints),
      ...switches(prints),
      ...settings(machine),
      ...devices(prints),
    ],
    sections: routes(prints),
  }
}

const COUNTERS = ['ListenOverflows', 'ListenDrops', 'TCPBacklogDrop', 'IPReversePathFilter', 'conntrackDrops']

/** What the kernel counts, in each sample. */
export const counts = (sample: 1 | 2 | 3, { backlogFull }: Machine['guest']): readonly string[] =>
  COUNTERS.map((name) => {
    const isOverflow = backlogFull && /^Listen/.test(name)
    return `count${sample}.${name}=${isOverflow ? 70 + 3 * sample : 0}`
  })

const at = (address: string, port: number): string =>
  isIpv6(address) ? `[${address}]:${port}` : `${address}:${port}`

function sockets({ machine, parameters, arrived, pod }: Prints): readonly string[] {
  const target = parameters.target ?? ''
  const any = isIpv6(target) ? '::' : '0.0.0.0'
  const port = Number(parameters.port ?? 0)
  const { backlogFull, stopped, recording } = machine.guest
  const listens = machine.guest.listens.filter((one) => !(recording?.isForwarded && one.port === port))
  const rows = listens.map(({ port: own, protocol, address = any }, i) => {
    const user = `users:(("app",pid=${800 + i},fd=6))`
    return protocol === 'tcp'
      ? `tcp LISTEN ${backlogFull ? '129 128' : '0 511'} ${at(address, own)} ${any === '::' ? '[::]' : any}:* ${user}`
      : `udp UNCONN 0 0 ${at(address, own)} ${any === '::' ? '[::]' : any}:* ${user}`
  })
  const open = arrived.filter(({ fate }) => fate === 'open' || fate === 'syn')
  const connections = new Map(
    open.map(({ source, sourcePort, fate }) => [
      `${source} ${fate}`,
      `${fate === 'open' ? 'TIME-WAIT' : 'SYN-RECV'} 0 0 ${at(target, port)} ${at(source, sourcePort)}`,
    ]),
  )
  return [
    'listen-list=ss',
    'listen.ss=Netid State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
    ...rows.map((row) => `listen.ss=${row}`),
    'listen.ss=tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=640,fd=3))',
    ...listens.flatMap(({ port: own }, i) =>
      own === port ? [`process.${800 + i}=${stopped ? 'T' : 'S'}`] : [],
    ),
    'proc-list=tcp',
    'proc-list=tcp6',
    'proc-list=udp',
    'proc-list=udp6',
    ...(parameters.protocol === 'tcp' && !pod
      ? [...connections.values()].map((row) => `connection.ss=${row}`)
      : []),
  ]
}

/** Only a node with pods forwards. */
const forwards = ({ machine, pod }: Prints): 0 | 1 => (pod && !machine.guest.forwardsNothing ? 1 : 0)

const switches = (prints: Prints): readonly string[] =>
  ['ip_forward', 'conf.all.forwarding', 'conf.default.forwarding'].map(
    (name) => `sysctl.net.ipv4.${name}=${forwards(prints)}`,
  )

const settings = ({ guest }: Machine): readonly string[] => [
  'sysctl.net.ipv4.conf.all.rp_filter=0',
  'sysctl.net.ipv4.conf.default.rp_filter=0',
  'sysctl.net.ipv4.conf.all.arp_ignore=0',
  'sysctl.net.ipv4.conf.all.arp_filter=0',
  `sysctl.net.ipv4.icmp_echo_ignore_all=${guest.ping ? 0 : 1}`,
  'sysctl.net.ipv4.icmp_ratelimit=1000',
  'sysctl.net.ipv4.icmp_ratemask=6168',
  'sysctl.net.ipv4.icmp_msgs_per_sec=1000',
  'sysctl.net.ipv4.tcp_timestamps=1',
  'sysctl.net.ipv4.tcp_max_tw_buckets=131072',
  'sysctl.net.ipv4.tcp_max_syn_backlog=2048',
  'sysctl.net.ipv4.tcp_syncookies=1',
  'sysctl.net.ipv4.tcp_abort_on_overflow=0',
  'sysctl.net.core.somaxconn=4096',
  'sysctl.net.ipv6.conf.all.forwarding=0',
  'sysctl.net.ipv6.conf.all.disable_ipv6=0',
  `sysctl.net.ipv6.icmp.echo_ignore_all=${guest.ping ? 0 : 1}`,
  'sysctl.net.ipv6.icmp.ratelimit=1000',
  'sysctl.net.ipv6.bindv6only=0',
  'sysctl.net.netfilter.nf_conntrack_count=210',
  'sysctl.net.netfilter.nf_conntrack_max=262144',
  'sysctl.net.bridge.bridge-nf-call-iptables=1',
]

/** The VIPs that kube-proxy has bound to the machine (IPVS). */
function boundVips({ world, machine }: Prints): readonly string[] {
  const isIpvs = world.clusters.some(
    ({ ipvs, unbound, machineIds }) => ipvs && !unbound && machineIds.includes(machine.id),
  )
  return isIpvs ? world.balancers.filter(({ tags }) => tags['tke-clusterId']).map(({ vip }) => vip) : []
}

/** The address of a VPN's own device, if the machine has one. */
const VPN = { device: 'tailscale0', address: '100.101.102.103' }

/** The bridge of a node's pods. */
const BRIDGE = 'cbr0'
const gatewayOf = ({ ip }: Pod): string => ip.replace(/\d+$/, '1')

function devices(prints: Prints): readonly string[] {
  const { machine, world, pod } = prints
  const cidr = subnetById(world, machine.subnetId)?.cidr ?? '10.0.1.0/24'
  const bits = cidr.split('/')[1] ?? '24'
  // The pods that share an interface have its addresses themselves.
  const extra = world.interfaces
    .filter(({ machineId }) => machineId === machine.id)
    .flatMap(({ ips }) => (ips.some((ip) => world.pods.some((one) => one.ip === ip)) ? [] : ips))
  const isVpn = machine.guest.vpn !== undefined
  const link = (n: number, name: string, flags: string): string =>
    `link=${n}: ${name}: <${flags}> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000\\    link/ether 52:54:00:00:00:0${n} brd ff:ff:ff:ff:ff:ff`
  const addresses = [
    'device=1: lo    inet 127.0.0.1/8 scope host lo\\      ',
    `device=2: eth0    inet ${machine.ip}/${bits} brd ${machine.ip.replace(/\d+$/, '255')} scope global eth0\\      `,
    ...(machine.ipv6 === null ? [] : [`device=2: eth0    inet6 ${machine.ipv6}/64 scope global \\      `]),
    ...extra.map((ip) => `device=3: eth1    inet ${ip}/${bits} scope global eth1\\      `),
    ...(isVpn
      ? [`device=4: ${VPN.device}    inet ${VPN.address}/32 scope global ${VPN.device}\\      `]
      : []),
    ...boundVips(prints).map(
      (vip) => `device=5: kube-ipvs0    inet ${vip}/32 scope global kube-ipvs0\\      `,
    ),
    ...(pod ? [`device=6: ${BRIDGE}    inet ${gatewayOf(pod)}/24 scope global ${BRIDGE}\\      `] : []),
  ]
  const links = [
    link(1, 'lo', 'LOOPBACK,UP,LOWER_UP'),
    link(2, 'eth0', 'BROADCAST,MULTICAST,UP,LOWER_UP'),
    ...(extra.length > 0 ? [link(3, 'eth1', 'BROADCAST,MULTICAST,UP,LOWER_UP')] : []),
    ...(isVpn ? [link(4, VPN.device, 'POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP')] : []),
    ...(pod ? [link(6, BRIDGE, 'BROADCAST,MULTICAST,UP,LOWER_UP')] : []),
  ]
  return [
    `device-sysctl.ipv4/eth0/forwarding=${forwards(prints)}`,
    'device-sysctl.ipv4/eth0/rp_filter=0',
    'device-sysctl.ipv4/eth0/arp_ignore=0',
    'device-sysctl.ipv4/eth0/arp_filter=0',
    ...(pod
      ? [
          `device-sysctl.ipv4/${BRIDGE}/forwarding=${forwards(prints)}`,
          `device-sysctl.ipv4/${BRIDGE}/rp_filter=0`,
        ]
      : []),
    'device-sysctl.ipv4/lo/forwarding=0',
    'device-sysctl.ipv4/lo/rp_filter=0',
    `device-list=ip ${addresses.length}`,
    ...addresses,
    `link-list=ip ${links.length}`,
    ...links,
    'tc.eth0=no',
    'queue-list=eth0 0',
    'xfrm=none',
    'neighbour-list=ip 0',
    'arp=none',
  ]
}

function routes(prints: Prints): readonly string[] {
  const { machine, world, parameters, pod } = prints
  const isSix = isIpv6(parameters.target ?? '')
  const cidr = subnetById(world, machine.subnetId)?.cidr ?? '10.0.1.0/24'
  const local = [machine.ip, ...boundVips(prints)]
  const isVpn = machine.guest.vpn !== undefined
  const policies = [
    '0:\tfrom all lookup local',
    ...(isVpn ? ['5270:\tfrom all lookup 52'] : []),
    '32766:\tfrom all lookup main',
    '32767:\tfrom all lookup default',
  ]
  const four = [
    // A VPN routes the addresses of its peers one by one.
    ...(isVpn ? [`100.100.100.100 dev ${VPN.device} table 52 `] : []),
    `default via ${cidr.replace(/\d+\/\d+$/, '1')} dev eth0 `,
    `${cidr} dev eth0 proto kernel scope link src ${machine.ip} `,
    ...(pod
      ? [
          `${pod.ip.replace(/\d+$/, '0')}/24 dev ${BRIDGE} proto kernel scope link src ${gatewayOf(pod)} `,
          `local ${gatewayOf(pod)} dev ${BRIDGE} table local proto kernel scope host src ${gatewayOf(pod)} `,
        ]
      : []),
    'local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1 ',
    ...local.map(
      (ip, i) =>
        `local ${ip} dev ${i === 0 ? 'eth0' : 'kube-ipvs0'} table local proto kernel scope host src ${ip} `,
    ),
  ]
  const six = [
    'default via fe80::feee:ffff:feff:ffff dev eth0 metric 1024 pref medium',
    'fe80::/64 dev eth0 proto kernel metric 256 pref medium',
    ...(machine.ipv6 === null
      ? []
      : [`local ${machine.ipv6} dev eth0 table local proto kernel metric 0 pref medium`]),
  ]
  const shown = isSix ? six : four
  return [`== policies ${policies.length}`, ...policies, `== routes-ip ${shown.length}`, ...shown]
}
