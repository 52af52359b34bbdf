import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GuestCheck } from '../../src/guest/evaluation.ts'
import type { Lab, Output } from './lab.ts'
import type { Met } from './truth.ts'

// Writes what the usual commands print on the backend, one file for each command, in the form of the shared samples.

/** The commands that only look. Their order matters: the first listing of a legacy table loads it. */
const LOOKS: Readonly<Record<string, string>> = {
  ss: 'ss -H -lntu -p',
  'ss-header': 'ss -lntup',
  'ss-nop': 'ss -H -lntu',
  netstat: 'netstat -anltu',
  'netstat-p': 'netstat -lntup',
  'busybox-netstat': 'busybox netstat -lntu',
  'busybox-netstat-p': 'busybox netstat -lntup',
  'proc-net-tcp': 'cat /proc/net/tcp',
  'proc-net-tcp6': 'cat /proc/net/tcp6',
  'proc-net-udp': 'cat /proc/net/udp',
  'iptables-S': 'iptables -S',
  'iptables-save': 'iptables-save',
  'iptables-save-c': 'iptables-save -c',
  'ip6tables-S': 'ip6tables -S',
  'iptables-legacy-S': 'iptables-legacy -S',
  'iptables-nat-S': 'iptables -t nat -S',
  nft: 'nft list ruleset',
  'ip-addr': 'ip -br addr',
  'ip-route': 'ip route show table all',
  'ip-rule': 'ip rule',
  'sysctl-ip_forward': 'sysctl net.ipv4.ip_forward',
  'sysctl-forwarding': 'sysctl -a 2>/dev/null | grep forwarding',
  'sysctl-rp_filter': "sysctl -a 2>/dev/null | grep '[.]rp_filter'",
  'sysctl-route_localnet': "sysctl -a 2>/dev/null | grep '[.]route_localnet'",
  conntrack:
    'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; conntrack -C; cat /proc/net/stat/nf_conntrack',
  tc: 'tc -s filter show dev eth0 ingress',
}

const TIMED = "-sS -m 6 -o /dev/null -w '%{http_code} %{time_total}'"

/** Requests that the machine sends to itself. */
function requestsOf({ ip, port, path }: GuestCheck): Readonly<Record<string, string>> {
  const at = (scheme: string, host: string): string =>
    `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`
  return {
    curl: `curl ${TIMED} ${at('http', ip)}`,
    'curl-head': `curl -sS -m 6 -i ${at('http', ip)} | head -c 800`,
    'curl-https': `curl -k ${TIMED} ${at('https', ip)}`,
    'curl-loopback': `curl ${TIMED} ${at('http', '127.0.0.1')}`,
    'curl-v6-loopback': `curl -g ${TIMED} ${at('http', '::1')}`,
    'busybox-wget': `timeout 6 busybox wget -S -O /dev/null ${at('http', ip)}`,
    'busybox-wget-q': `timeout 6 busybox wget -q -O - ${at('http', ip)} | head -c 60`,
    'busybox-nc': `busybox timeout 3 busybox nc -w 2 ${ip} ${port} </dev/null`,
  }
}

export async function record(
  lab: Lab,
  check: GuestCheck,
  truth: readonly Met[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'TRUTH.json'), `[${truth.map(spaced).join(', ')}]`)
  const write = async (name: string, command: string): Promise<void> => {
    const met = await lab.output('backend', ['sh', '-c', command])
    await writeFile(join(folder, `${name}.txt`), textOf(command, met))
  }
  const source = truth[0]?.src ?? ''
  const looks = async (): Promise<void> => {
    for (const [name, command] of Object.entries({ ...LOOKS, ...routesOf(source, check.ip) }))
      await write(name, command)
    if (check.kind === 'ping') await write('sysctl-icmp', 'sysctl -a 2>/dev/null | grep icmp')
    if (check.ip.includes(':')) await write('ip6tables-legacy-S', 'ip6tables-legacy -S')
    const sets = await lab.output('backend', ['ipset', 'save'])
    if (sets.stdout.trim()) await writeFile(join(folder, 'ipset.txt'), textOf('ipset save', sets))
  }
  const requests = check.port === null ? [] : Object.entries(requestsOf(check))
  await looks()
  await Promise.all(requests.map(([name, command]) => write(name, command)))
}

const routesOf = (source: string, ip: string): Readonly<Record<string, string>> => ({
  'ip-route-get': `ip route get ${source} from ${ip} ; ip route get ${source}; busybox ip route get ${source}`,
})

const textOf = (command: string, { stdout, stderr, exit }: Output): string =>
  `$ ${command}\n${stdout}${stderr ? `--stderr--\n${stderr}` : ''}--exit ${exit}--\n`

/** One object with a space after each comma and colon, as the samples have it. */
const spaced = (met: Met): string =>
  `{${Object.entries(met)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ')}}`
