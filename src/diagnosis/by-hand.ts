import type { AssessedPool, AssessedTarget, Assessment } from '../assessment/index.ts'
import { endpointOf } from '../model/endpoint.ts'
import { expectedCodes } from './view.ts'

// Commands that a person can paste: the guide's steps 2.1–2.3 and manual 1–3 with the real values filled in.
// Values from the API are quoted, so that no host name or path can become shell.

const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/** What the probe speaks; a target that is not probed is asked as a plain TCP one. ICMP has no port. */
function probed({ plan, port }: AssessedTarget): {
  readonly icmp: boolean
  readonly udp: boolean
  readonly port: number
} {
  const protocol = plan.kind === 'probe' ? plan.protocol : 'tcp'
  return {
    icmp: protocol === 'icmp' || protocol === 'icmpv6',
    udp: protocol === 'udp',
    port: (plan.kind === 'probe' ? plan.port : null) ?? port,
  }
}

const tool = (target: AssessedTarget): string => (target.ip.includes(':') ? 'ip6tables' : 'iptables')

/** On the machine: does it listen, on which address, what does its firewall say; from a neighbour: what comes back. */
export function guestCommands(pool: AssessedPool, target: AssessedTarget): readonly string[] {
  const { icmp, udp, port } = probed(target)
  if (icmp) return [`ping -c 3 ${target.ip}`, `${tool(target)} -S | grep -i icmp`]
  return [
    `ss -ln${udp ? 'u' : 't'}p 'sport = :${port}'`,
    ...(udp ? [] : [connectCommand(pool, target, port)]),
    `${tool(target)} -S`,
    'nft list ruleset',
  ]
}

/** From another machine of the VPC, just as the probe would call. */
function connectCommand(pool: AssessedPool, target: AssessedTarget, port: number): string {
  const check = target.healthCheck
  const type = check?.type ?? (pool.protocol === 'HTTP' || pool.protocol === 'HTTPS' ? pool.protocol : 'TCP')
  const wait = check?.timeoutSeconds ?? 5
  if (type !== 'HTTP' && type !== 'HTTPS') return `nc -vz -w ${wait} ${target.ip} ${port}`
  const scheme = type === 'HTTPS' ? 'https' : 'http'
  const host = check?.host ?? pool.domain
  const url = `${scheme}://${endpointOf({ ip: target.ip, port })}${check?.path ?? pool.url ?? '/'}`
  const codes = expectedCodes(check?.httpCodes ?? null)
  return [
    'curl -sS -o /dev/null',
    check?.method === 'HEAD' ? '-I' : `-X ${check?.method ?? 'GET'}`,
    ...(scheme === 'https' ? ['-k'] : []),
    ...(host === null ? [] : [`-H ${quote(`Host: ${host}`)}`]),
    `--max-time ${wait} -w '%{http_code}\\n' ${quote(url)}`,
    ...(codes ? [` # ${codes.join(' ')}`] : []),
  ].join(' ')
}

/** On the far side of CCN or Direct Connect: who knocks, what stops them, and is there a way back. */
export function remoteCommands(
  pool: AssessedPool,
  target: AssessedTarget,
  { balancer }: Assessment,
): readonly string[] {
  const { icmp, udp, port } = probed(target)
  const packets = icmp ? (target.ip.includes(':') ? 'icmp6' : 'icmp') : `port ${port}`
  const snatIps = balancer?.snatIps.flatMap(({ ip }) => ip ?? []) ?? []
  return [
    ...(icmp ? [] : [`ss -ln${udp ? 'u' : 't'}p 'sport = :${port}'`]),
    `${tool(target)} -S INPUT`,
    ...snatIps.flatMap((ip) => [`ip route get ${ip}`, `tcpdump -ni any -c 5 src host ${ip} and ${packets}`]),
    ...(icmp || udp ? [] : [connectCommand(pool, target, port)]),
  ]
}
