import type { AssessedPool, AssessedTarget, Assessment } from '../assessment/index.ts'
import { endpointOf } from '../model/endpoint.ts'
import type { Language, Text } from '../model/language.ts'
import { expectedCodes } from './view.ts'
import { say } from './words.ts'

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

/** Where a command is to be run, as a shell comment: it can be pasted with it. */
const WHERE = {
  there: { 'zh-CN': '在 {ip} 上执行', en: 'on {ip}' },
  neighbour: { 'zh-CN': '在同 VPC 的另一台机器上执行', en: 'from another machine of the VPC' },
  clbVpc: { 'zh-CN': '在负载均衡所在 VPC 的机器上执行', en: "from a machine in the CLB's VPC" },
  expected: { 'zh-CN': '，期望 {codes}', en: ', expected: {codes}' },
} as const satisfies Record<string, Text>

const there = (line: string, { ip }: AssessedTarget, language: Language): string =>
  `${line}  # ${say(WHERE.there, { ip }, language)}`

/** On the machine: does it listen, on which address, what does its firewall say; from a neighbour: what comes back. */
export function guestCommands(
  pool: AssessedPool,
  target: AssessedTarget,
  language: Language,
): readonly string[] {
  const { icmp, udp, port } = probed(target)
  const neighbour = WHERE.neighbour[language]
  if (icmp)
    return [
      `ping -c 3 ${target.ip}  # ${neighbour}`,
      there(`${tool(target)} -S | grep -i icmp`, target, language),
    ]
  return [
    there(`ss -ln${udp ? 'u' : 't'}p 'sport = :${port}'`, target, language),
    ...(udp ? [] : [connectCommand(pool, target, port, neighbour, language)]),
    there(`${tool(target)} -S`, target, language),
    there('nft list ruleset', target, language),
  ]
}

/** From another machine, just as the probe would call. */
function connectCommand(
  pool: AssessedPool,
  target: AssessedTarget,
  port: number,
  where: string,
  language: Language,
): string {
  const check = target.healthCheck
  const type = check?.type ?? (pool.protocol === 'HTTP' || pool.protocol === 'HTTPS' ? pool.protocol : 'TCP')
  const wait = check?.timeoutSeconds ?? 5
  if (type !== 'HTTP' && type !== 'HTTPS') return `nc -vz -w ${wait} ${target.ip} ${port}  # ${where}`
  const scheme = type === 'HTTPS' ? 'https' : 'http'
  const host = check?.host ?? pool.domain
  const url = `${scheme}://${endpointOf({ ip: target.ip, port })}${check?.path ?? pool.url ?? '/'}`
  const codes = expectedCodes(check?.httpCodes ?? null)
  const expected = codes ? say(WHERE.expected, { codes }, language) : ''
  return [
    'curl -sS -o /dev/null',
    check?.method === 'HEAD' ? '-I' : `-X ${check?.method ?? 'GET'}`,
    ...(scheme === 'https' ? ['-k'] : []),
    ...(check?.httpVersion === 'HTTP/1.0' ? ['--http1.0'] : []),
    // Without a host the probe sends none; curl would make one up.
    host === null ? "-H 'Host:'" : `-H ${quote(`Host: ${host}`)}`,
    `--max-time ${wait} -w '%{http_code}\\n' ${quote(url)}  # ${where}${expected}`,
  ].join(' ')
}

/** On the far side of CCN or Direct Connect: who knocks, what stops them, and is there a way back. */
export function remoteCommands(
  pool: AssessedPool,
  target: AssessedTarget,
  { balancer }: Assessment,
  language: Language,
): readonly string[] {
  const { icmp, udp, port } = probed(target)
  const packets = icmp ? (target.ip.includes(':') ? 'icmp6' : 'icmp') : `port ${port}`
  const snatIps = balancer?.snatIps.flatMap(({ ip }) => ip ?? []) ?? []
  const on = (line: string): string => there(line, target, language)
  return [
    ...(icmp ? [] : [on(`ss -ln${udp ? 'u' : 't'}p 'sport = :${port}'`)]),
    on(`${tool(target)} -S INPUT`),
    ...snatIps.flatMap((ip) => [
      on(`ip route get ${ip}`),
      on(`tcpdump -ni any -c 5 src host ${ip} and ${packets}`),
    ]),
    ...(icmp || udp ? [] : [connectCommand(pool, target, port, WHERE.clbVpc[language], language)]),
  ]
}
