import { endpointOf } from '../../model/endpoint.ts'
import { isIpv6 } from '../../model/ip.ts'
import type { Language } from '../../model/language.ts'
import { isHttp } from '../../model/protocol.ts'
import { clusterIdOf, isNodePort } from '../../model/tke.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths } from '../../path/index.ts'
import { t } from '../../text/index.ts'
import { expectedCodes } from '../view.ts'
import { TEXTS } from './texts.ts'

// Commands to paste: the guide's steps 2.1–2.3 and manual 1–3 with real values. Values from the API are quoted, so that
// no host name or path can become shell code.

const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/**
 * The probe's protocol and port. Plain TCP for a target that is not probed. Port null for ICMP, or if the port is not
 * known.
 */
function probed({ plan, port }: EvaluatedTarget): {
  readonly icmp: boolean
  readonly udp: boolean
  readonly port: number | null
} {
  const protocol = plan.kind === 'probe' ? plan.protocol : 'tcp'
  return {
    icmp: protocol === 'icmp' || protocol === 'icmpv6',
    udp: protocol === 'udp',
    port: (plan.kind === 'probe' ? plan.port : null) ?? (port || null),
  }
}

const tool = (target: EvaluatedTarget): string => (isIpv6(target.ip) ? 'ip6tables' : 'iptables')

/** The kind of a target decides where a person has to look. */
export type TargetKind = 'machine' | 'pod' | 'node-port' | 'database' | 'remote'

export function kindOf({ type, port, location }: EvaluatedTarget, { balancer }: Paths): TargetKind {
  if (location.isResolved && location.value.service) return 'database'
  if (type === 'GLOBALROUTE') return 'pod'
  if (type === 'CCN') return location.isResolved ? 'machine' : 'remote'
  if (!balancer || clusterIdOf(balancer) === null) return 'machine'
  if (type === 'ENI') return 'pod'
  return isNodePort(port) ? 'node-port' : 'machine'
}

/** The commands for a target, by its kind. */
export function commandsFor(
  kind: TargetKind,
  pool: EvaluatedPool,
  target: EvaluatedTarget,
  paths: Paths,
  language: Language,
): readonly string[] {
  switch (kind) {
    case 'machine':
      return guestCommands(pool, target, language)
    case 'pod':
      return podCommands(pool, target, paths, language)
    case 'node-port':
      return nodePortCommands(pool, target, paths, language)
    case 'database':
      return databaseCommands(pool, target, paths, language)
    case 'remote':
      return remoteCommands(pool, target, paths, language)
  }
}

/** Lists the sockets that listen on the port, or on any port if it is not known. */
const listening = (udp: boolean, port: number | null): string =>
  `ss -ln${udp ? 'u' : 't'}p${port === null ? '' : ` 'sport = :${port}'`}`

const there = (line: string, { ip }: EvaluatedTarget, language: Language): string =>
  `${line}  # ${t(TEXTS.where.there, { ip }, language)}`

/**
 * On the machine: does it listen, on which address, and what does its firewall do? From a neighbour: what answer comes
 * back?
 */
function guestCommands(pool: EvaluatedPool, target: EvaluatedTarget, language: Language): readonly string[] {
  const { icmp, udp, port } = probed(target)
  const neighbour = TEXTS.where.neighbour[language]
  if (icmp)
    return [
      `ping -c 3 ${target.ip}  # ${neighbour}`,
      there(`${tool(target)} -S | grep -i icmp`, target, language),
    ]
  return [
    there(listening(udp, port), target, language),
    ...connectCommand(pool, target, neighbour, language),
    there(`${tool(target)} -S`, target, language),
    there('nft list ruleset', target, language),
  ]
}

/** Connects from another machine as the probe does. Empty for ICMP and UDP, and if the port is not known. */
function connectCommand(
  pool: EvaluatedPool,
  target: EvaluatedTarget,
  where: string,
  language: Language,
): readonly string[] {
  const { icmp, udp, port } = probed(target)
  if (icmp || udp || port === null) return []
  const check = target.healthCheck
  const type = check?.type ?? (isHttp(pool.protocol) ? pool.protocol : 'TCP')
  const wait = check?.timeoutSeconds ?? 5
  if (!isHttp(type)) return [`nc -vz -w ${wait} ${target.ip} ${port}  # ${where}`]
  const scheme = type === 'HTTPS' ? 'https' : 'http'
  const host = check?.host ?? pool.domain
  const url = `${scheme}://${endpointOf({ ip: target.ip, port })}${check?.path ?? pool.url ?? '/'}`
  const codes = expectedCodes(check?.httpCodes ?? null)
  const expected = codes ? t(TEXTS.where.expected, { codes }, language) : ''
  const curl = [
    'curl -sS -o /dev/null',
    check?.method === 'HEAD' ? '-I' : `-X ${check?.method ?? 'GET'}`,
    ...(scheme === 'https' ? ['-k'] : []),
    ...(check?.httpVersion === 'HTTP/1.0' ? ['--http1.0'] : []),
    // If no host is set, the probe sends no Host header. curl would add one.
    host === null ? "-H 'Host:'" : `-H ${quote(`Host: ${host}`)}`,
    `--max-time ${wait} -w '%{http_code}\\n' ${quote(url)}  # ${where}${expected}`,
  ]
  return [curl.join(' ')]
}

/** On the far side of CCN or Direct Connect: do the probes arrive, what blocks them, and is there a route back? */
function remoteCommands(
  pool: EvaluatedPool,
  target: EvaluatedTarget,
  { balancer }: Paths,
  language: Language,
): readonly string[] {
  const { icmp, udp, port } = probed(target)
  const packets = icmp ? (isIpv6(target.ip) ? 'icmp6' : 'icmp') : port === null ? '' : `port ${port}`
  const snatIps = balancer?.snatIps.flatMap(({ ip }) => ip ?? []) ?? []
  const on = (line: string): string => there(line, target, language)
  return [
    ...(icmp ? [] : [on(listening(udp, port))]),
    on(`${tool(target)} -S INPUT`),
    ...snatIps.flatMap((ip) => [
      on(`ip route get ${ip}`),
      on(`tcpdump -ni any -c 5 src host ${ip}${packets && ` and ${packets}`}`),
    ]),
    ...connectCommand(pool, target, TEXTS.where.clbVpc[language], language),
  ]
}

/** Guide 3, direct access: the pod itself, then the way through its node. */
function podCommands(
  pool: EvaluatedPool,
  target: EvaluatedTarget,
  paths: Paths,
  language: Language,
): readonly string[] {
  const { udp, port } = probed(target)
  const { ip } = target
  const [cluster, node] = [TEXTS.where.cluster[language], TEXTS.where.node[language]]
  const pod = `$(kubectl get pods -A --field-selector status.podIP=${ip} -o jsonpath='{range .items[*]}-n {.metadata.namespace} {.metadata.name}{end}')`
  const family = isIpv6(ip) ? 'ipv6' : 'ipv4'
  return [
    `kubectl get pods -A -o wide --field-selector status.podIP=${ip}  # ${cluster}`,
    `kubectl exec ${pod} -- sh -c 'netstat -ln${udp ? 'u' : 't'}${port === null ? '' : ` | grep -w ${port}`}'  # ${cluster}`,
    ...connectCommand(pool, target, node, language),
    `sysctl net.ipv4.ip_forward; sysctl -a 2>/dev/null | grep ${family} | grep -w forwarding  # ${node}`,
    `${tool(target)} -S FORWARD  # ${node}`,
    ...loopbackCommand(target, paths, node),
  ]
}

/** Guide 3, access by NodePort: the Service behind it, and whether kube-proxy serves it on this node. */
function nodePortCommands(
  pool: EvaluatedPool,
  target: EvaluatedTarget,
  paths: Paths,
  language: Language,
): readonly string[] {
  const port = probed(target).port ?? target.port
  const cluster = TEXTS.where.cluster[language]
  const { ip } = target
  const proxy = `kubectl get pod -n kube-system -l k8s-app=kube-proxy -o wide --field-selector status.podIP=${ip}`
  return [
    `kubectl get svc -A -o wide | grep -w ${port}  # ${cluster}`,
    `${proxy}  # ${cluster}`,
    `kubectl logs -n kube-system --tail=50 $(${proxy} -o name)  # ${cluster}`,
    there(`${tool(target)}-save | grep -w ${port}; ipvsadm -Ln | grep -w ${port}`, target, language),
    ...loopbackCommand(target, paths, t(TEXTS.where.there, { ip }, language)),
    ...connectCommand(pool, target, TEXTS.where.neighbour[language], language),
  ]
}

/** Does the node hold the VIP that the probes carry? If so, its reply never leaves it (platform facts E). */
function loopbackCommand({ plan }: EvaluatedTarget, { balancer }: Paths, where: string): readonly string[] {
  const carriesVip = plan.kind === 'probe' && plan.origins.some(({ via }) => via === 'vip')
  if (balancer?.networkType !== 'INTERNAL' || !carriesVip) return []
  return balancer.vips.map((vip) => `ip -o addr show dev kube-ipvs0 | grep -wF ${quote(vip)}  # ${where}`)
}

const DESCRIBE: Readonly<Record<string, (id: string) => string>> = {
  cdb: (id) => `cdb DescribeDBInstances --InstanceIds '["${id}"]'`,
  crs: (id) => `redis DescribeInstances --InstanceId ${id}`,
  cmgo: (id) => `mongodb DescribeDBInstances --InstanceIds '["${id}"]'`,
  postgres: (id) => `postgres DescribeDBInstances --Filters '[{"Name":"db-instance-id","Values":["${id}"]}]'`,
  ckafka: (id) => `ckafka DescribeInstanceAttributes --InstanceId ${id}`,
}

/** A managed service has no shell: does it answer, and what does its product's API say? */
function databaseCommands(
  pool: EvaluatedPool,
  target: EvaluatedTarget,
  { snapshot }: Paths,
  language: Language,
): readonly string[] {
  const id = target.location.isResolved ? (target.location.value.service?.id ?? null) : null
  const describe = id === null || !/^[\w-]+$/.test(id) ? undefined : DESCRIBE[id.split('-')[0] ?? '']?.(id)
  return [
    ...connectCommand(pool, target, TEXTS.where.clbVpc[language], language),
    ...(describe === undefined
      ? []
      : [
          `tccli ${describe.replace(/^(\S+ \S+)/, `$1 --region ${snapshot.region}`)}  # ${TEXTS.where.account[language]}`,
        ]),
  ]
}
