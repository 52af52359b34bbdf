import { endpointOf } from '../../model/endpoint.ts'
import { isIpv6 } from '../../model/ip.ts'
import type { Language } from '../../model/language.ts'
import { clusterIdOf, isManagedByTke, isNodePort } from '../../model/tke.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths } from '../../path/index.ts'
import { moreOf, t } from '../../text/index.ts'
import { echoSettings, type Probed, probeOf, quote, sendCommand } from './send.ts'
import { TEXTS } from './texts.ts'

// Commands to paste: the guide's steps 2.1–2.3 and manual 1–3 with real values. Which steps fit follows from the kind of
// the target and from what the probe asks for: one table has them all.

/**
 * The kind of a target decides where a person has to look. `maybe-node-port`: no tag names a cluster, but the port is in
 * the range of NodePorts. A ping to a NodePort asks the machine alone.
 */
export type TargetKind = 'machine' | 'maybe-node-port' | 'pod' | 'node-port' | 'database' | 'remote'

export function kindOf(target: EvaluatedTarget, { balancer }: Paths): TargetKind {
  const { type, port, location, plan } = target
  if (location.isResolved && location.value.service) return 'database'
  if (type === 'GLOBALROUTE') return 'pod'
  if (type === 'CCN' && !location.isResolved) return 'remote'
  // A machine behind CCN belongs to another cluster, if to any.
  const isOfCluster = type !== 'CCN' && balancer !== undefined && clusterIdOf(balancer) !== null
  if (isOfCluster && type === 'ENI') return 'pod'
  const isPing = plan.kind === 'probe' && (plan.protocol === 'icmp' || plan.protocol === 'icmpv6')
  if (type === 'ENI' || isPing || !isNodePort(port)) return 'machine'
  return isOfCluster ? 'node-port' : 'maybe-node-port'
}

interface Case {
  readonly pool: EvaluatedPool
  readonly target: EvaluatedTarget
  /** The addresses of all backends for which a command to run on the machine itself is the same. */
  readonly ips: readonly string[]
  readonly probe: Probed
  readonly paths: Paths
  readonly language: Language
}

/** A comment names so many machines, and counts more. */
const MOST_MACHINES = 3

type Step = (one: Case) => readonly string[]
type Where = keyof typeof TEXTS.where

const at = (one: Case, where: Where): string => `  # ${whereText(one, where)}`

function whereText({ ips, language }: Case, where: Where): string {
  if (where !== 'there' || ips.length === 1)
    return t(TEXTS.where[where], { ip: ips, codes: '', time: '' }, language)
  const shown = ips.slice(0, MOST_MACHINES)
  const count = moreOf(ips.length, MOST_MACHINES, language)
  const machines = ips.length > MOST_MACHINES ? t(TEXTS.machines, { shown, count }, language) : shown
  return t(TEXTS.each, { machines }, language)
}

/** A line that runs at one place. */
const line =
  (where: Where, command: (one: Case) => string | null): Step =>
  (one) => {
    const text = command(one)
    return text === null ? [] : [`${text}${at(one, where)}`]
  }

const send =
  (where: Where): Step =>
  ({ pool, target, language }) =>
    sendCommand(pool, target, TEXTS.where[where][language], language)

const tool = ({ target }: Case): string => (isIpv6(target.ip) ? 'ip6tables' : 'iptables')

/** The sockets that listen on the port or the range of ports, or on any port if it is not known. */
const listening = line('there', ({ probe: { udp, port, endPort } }) => {
  const only = endPort === null ? `sport = :${port}` : `sport >= :${port} and sport <= :${endPort}`
  return `ss -ln${udp ? 'u' : 't'}p${port === null ? '' : ` '${only}'`}`
})
const firewall = line('there', (one) => `${tool(one)} -S`)
const firewallIn = line('there', (one) => `${tool(one)} -S INPUT`)
const nft = line('there', () => 'nft list ruleset')
const echo = line('there', ({ target }) => echoSettings(target.ip))
const icmpRules = line('there', (one) => `${tool(one)} -S | grep -i icmp`)

/** Do the probes arrive on the far side, and is there a route back? */
const arrival: Step = (one) => {
  const { probe, paths, target } = one
  const { kind, port, endPort } = probe
  const ports = endPort === null ? `port ${port}` : `portrange ${port}-${endPort}`
  const icmp = isIpv6(target.ip) ? 'icmp6' : 'icmp'
  const packets = kind === 'ping' ? ` and ${icmp}` : port === null ? '' : ` and ${ports}`
  const ips = paths.balancer?.snatIps.flatMap(({ ip }) => ip ?? []) ?? []
  return ips.flatMap((ip) =>
    [`ip route get ${ip}`, `tcpdump -ni any -c 5 src host ${ip}${packets}`].map(
      (command) => `${command}${at(one, 'there')}`,
    ),
  )
}

const podOf = (ip: string): string =>
  `$(kubectl get pods -A --field-selector status.podIP=${ip} -o jsonpath='{range .items[*]}-n {.metadata.namespace} {.metadata.name}{end}')`

const podRow = line(
  'cluster',
  ({ target: { ip } }) => `kubectl get pods -A -o wide --field-selector status.podIP=${ip}`,
)
const podSockets = line('cluster', ({ target: { ip }, probe: { udp, port, endPort } }) => {
  const only = port === null || endPort !== null ? '' : ` | grep -w ${port}`
  return `kubectl exec ${podOf(ip)} -- sh -c 'netstat -ln${udp ? 'u' : 't'}${only}'`
})
const podEcho = line('cluster', ({ target: { ip } }) =>
  isIpv6(ip)
    ? `kubectl exec ${podOf(ip)} -- cat /proc/sys/net/ipv6/icmp/echo_ignore_all`
    : `kubectl exec ${podOf(ip)} -- cat /proc/sys/net/ipv4/icmp_echo_ignore_all /proc/sys/net/ipv4/icmp_ratelimit`,
)
const forwarding = line('node', ({ target: { ip } }) => {
  const family = isIpv6(ip) ? 'ipv6' : 'ipv4'
  return `sysctl net.ipv4.ip_forward; sysctl -a 2>/dev/null | grep ${family} | grep -w forwarding`
})
const forwardChain = line('node', (one) => `${tool(one)} -S FORWARD`)

/** A NodePort is a port of a Service, whatever port is checked. Only YAML shows a healthCheckNodePort. */
const service = line('cluster', ({ target }) => `kubectl get svc -A -o wide | grep -w ${target.port}`)
const checkNodePort: Step = (one) => {
  const { target, probe } = one
  const { port } = probe
  if (port === null || port === target.port || !isNodePort(port)) return []
  const pattern = `^    (name|namespace): |externalTrafficPolicy: |odePort: (${target.port}|${port})$`
  return [
    `kubectl get svc -A -o yaml | grep -E '${pattern}'${at(one, 'cluster')}`,
    // kube-proxy answers 503 if the node has no ready pod of the Service (kubernetes.io, external traffic policy).
    `curl -sS http://${endpointOf({ ip: target.ip, port })}/healthz${at(one, 'neighbour')}`,
  ]
}
const proxyOf = ({ target }: Case): string =>
  `kubectl get pod -n kube-system -l k8s-app=kube-proxy -o wide --field-selector status.podIP=${target.ip}`
const proxyPod = line('cluster', proxyOf)
const proxyLogs = line('cluster', (one) => `kubectl logs -n kube-system --tail=50 $(${proxyOf(one)} -o name)`)
/** In IPVS mode `ss` shows no socket for a NodePort. */
const proxyRules = line(
  'there',
  (one) => `${tool(one)}-save | grep -w ${one.target.port}; ipvsadm -Ln | grep -w ${one.target.port}`,
)

/**
 * Does the node hold the VIP that the probes carry? If so, its reply never leaves it. kube-proxy binds every address of
 * a Service's status, also a public one (platform facts E).
 */
const loopback =
  (where: Where): Step =>
  (one) => {
    const { plan, type } = one.target
    const carriesVip = plan.kind === 'probe' && plan.origins.some(({ via }) => via === 'vip')
    if (!carriesVip || type === 'ENI') return []
    return (one.paths.balancer?.vips ?? []).map(
      (vip) => `ip -o addr show dev kube-ipvs0 | grep -wF ${quote(vip)}${at(one, where)}`,
    )
  }

/** The controller leaves a Service or Ingress with this annotation alone (platform facts E). */
const skippedSync: Step = (one) =>
  isManagedByTke(one.paths.balancer)
    ? [
        `kubectl get svc,ingress -A -o yaml | grep -E '^    (name|namespace): |cloud.tencent.com/mode: '${at(one, 'cluster')}`,
      ]
    : []

const DESCRIBE: Readonly<Record<string, (id: string) => string>> = {
  cdb: (id) => `cdb DescribeDBInstances --InstanceIds '["${id}"]'`,
  crs: (id) => `redis DescribeInstances --InstanceId ${id}`,
  cmgo: (id) => `mongodb DescribeDBInstances --InstanceIds '["${id}"]'`,
  postgres: (id) => `postgres DescribeDBInstances --Filters '[{"Name":"db-instance-id","Values":["${id}"]}]'`,
  ckafka: (id) => `ckafka DescribeInstanceAttributes --InstanceId ${id}`,
}

/** A managed service has no shell, but its product's API tells its state. */
const describeService = line('account', ({ target: { location }, paths: { snapshot } }) => {
  const id = location.isResolved ? (location.value.service?.id ?? null) : null
  const describe = id === null || !/^[\w-]+$/.test(id) ? undefined : DESCRIBE[id.split('-')[0] ?? '']?.(id)
  return describe === undefined
    ? null
    : `tccli ${describe.replace(/^(\S+ \S+)/, `$1 --region ${snapshot.region}`)}`
})

const PING_MACHINE = [send('neighbour'), echo, icmpRules]

/** The steps by the kind of target, for a probe to a port and for a ping. */
const STEPS: Readonly<Record<TargetKind, Readonly<Record<'port' | 'ping', readonly Step[]>>>> = {
  machine: {
    port: [listening, send('neighbour'), firewall, nft],
    ping: PING_MACHINE,
  },
  'maybe-node-port': {
    port: [
      listening,
      proxyRules,
      checkNodePort,
      send('neighbour'),
      firewall,
      nft,
      service,
      loopback('there'),
    ],
    ping: PING_MACHINE,
  },
  pod: {
    port: [podRow, podSockets, send('node'), forwarding, forwardChain, loopback('node'), skippedSync],
    ping: [podRow, send('node'), podEcho, forwarding, forwardChain, loopback('node'), skippedSync],
  },
  'node-port': {
    port: [
      service,
      checkNodePort,
      proxyPod,
      proxyLogs,
      proxyRules,
      loopback('there'),
      send('neighbour'),
      skippedSync,
    ],
    ping: PING_MACHINE,
  },
  database: {
    port: [send('clbVpc'), describeService],
    ping: [send('clbVpc'), describeService],
  },
  remote: {
    port: [listening, firewallIn, arrival, send('clbVpc')],
    ping: [firewallIn, echo, arrival, send('clbVpc')],
  },
}

/** `-20100` behind the first port of a backend for a range of ports. */
const rangeOf = ({ plan }: EvaluatedTarget): string =>
  plan.kind === 'probe' && plan.endPort !== null ? `-${plan.endPort}` : ''

/** True if the commands on both machines are the same: the same ports, and addresses of one family. */
const isRunAlike = (pool: EvaluatedPool, a: EvaluatedTarget, b: EvaluatedTarget): boolean =>
  JSON.stringify([probeOf(pool, a), a.port, isIpv6(a.ip)]) ===
  JSON.stringify([probeOf(pool, b), b.port, isIpv6(b.ip)])

/** The commands for targets of one kind with one kind of probe, written for the first of them. */
export function commandsFor(
  kind: TargetKind,
  pool: EvaluatedPool,
  targets: readonly EvaluatedTarget[],
  paths: Paths,
  language: Language,
): readonly string[] {
  const [target, ...others] = targets
  if (!target) return []
  const probe = probeOf(pool, target)
  const ips = [...new Set(targets.filter((other) => isRunAlike(pool, other, target)).map(({ ip }) => ip))]
  const one: Case = { pool, target, ips, probe, paths, language }
  const params = {
    target: `${endpointOf(target)}${rangeOf(target)}`,
    count: targets.length,
    others: others.map((other) => `${endpointOf(other)}${rangeOf(other)}`),
  }
  const title = t(TEXTS.writtenFor[others.length > 0 ? 'example' : 'only'], params, language)
  const steps = STEPS[kind][probe.kind === 'ping' ? 'ping' : 'port']
  return [`# ${title}`, ...steps.flatMap((step) => step(one))]
}
