import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A load balancer's prober, a backend and a pod, each in a network namespace of its own. Only namespaces that a lab made
// are changed. They end with the lab, and at the latest with this process.

export type Host = 'prober' | 'backend' | 'pod'

export const BACKEND = { 4: '10.0.1.16', 6: 'fd77:0:0:1::16' } as const
export const POD = '172.17.0.2'
/** Two probers of 100.64.0.0/10 and a VIP. With IPv6 only a VIP sends probes. */
export const SOURCES = { 4: ['100.64.0.5', '100.127.200.9', '10.0.0.10'], 6: ['fd77:0:0:2::10'] } as const

/** Every address that may probe, not only those that do. */
export const rangesOf = ({ ip }: { readonly ip: string }): readonly string[] =>
  ip.includes(':') ? ['fd77:0:0:2::/64'] : ['100.64.0.0/10', '10.0.0.10/32']

export interface Output {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
}

export interface Lab {
  /** Runs a shell script on a host. If it fails, throws its output. */
  run(host: Host, script: string): Promise<string>
  /** Runs a command to its end, whatever its end is. */
  output(host: Host, command: readonly string[], input?: string): Promise<Output>
  start(host: Host, command: readonly string[], folder?: string): ChildProcess
  close(): Promise<void>
}

const TOOLS = ['ip', 'ss', 'iptables', 'iptables-legacy', 'ip6tables', 'nft', 'ipset', 'conntrack']
const PROGRAMS = ['nginx', 'busybox', 'curl', 'dash', 'perl', 'sysctl', 'timeout', 'unshare']

/** Throws what is missing on this machine, because a test that was skipped would look as if it had passed. */
export function requireLab(): void {
  if (process.getuid?.() !== 0)
    throw new Error('These tests make network namespaces. Run them as root on Linux.')
  const missing = [...TOOLS, ...PROGRAMS].filter(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
  )
  if (missing.length > 0)
    throw new Error(
      `Not found: ${missing.join(', ')}. Install them: apt-get install iproute2 iptables nftables ipset conntrack ` +
        'nginx busybox curl dash procps',
    )
  endOldLabs()
}

const PREFIX = 'clbd-guest-'

/** Ends labs of processes that were killed, and removes their folders. */
function endOldLabs(): void {
  for (const name of leftIn('/run/netns')) endNow(name)
  for (const name of leftIn(tmpdir())) rmSync(join(tmpdir(), name), { recursive: true, force: true })
}

/** The names that a process gave which has ended. */
const leftIn = (folder: string): readonly string[] =>
  (existsSync(folder) ? readdirSync(folder) : []).filter((name) => {
    const [pid] = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-') : []
    return pid !== undefined && !existsSync(`/proc/${pid}`)
  })

/** A folder for one lab. */
export const labFolder = (): Promise<string> => mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))

const open = new Set<string>()
process.once('exit', () => {
  for (const name of open) endNow(name)
})

/** Ends the processes of a namespace, all started by its lab, and the namespace. */
function endNow(name: string): void {
  const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
  for (const pid of pidsOf(stdout)) endPid(pid)
  spawnSync('ip', ['netns', 'del', name])
}

const pidsOf = (text: string): readonly number[] => (text.match(/^\d+$/gm) ?? []).map(Number)
function endPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

let made = 0

export async function openLab(): Promise<Lab> {
  made += 1
  const nameOf = (host: Host): string => `${PREFIX}${process.pid}-${made}-${host}`
  const names: Readonly<Record<Host, string>> = {
    prober: nameOf('prober'),
    backend: nameOf('backend'),
    pod: nameOf('pod'),
  }
  const at = (host: Host, command: readonly string[]): readonly string[] => [
    'netns',
    'exec',
    names[host],
    ...command,
  ]
  const output: Lab['output'] = (host, command, input) => outputOf('ip', at(host, command), input)
  const run: Lab['run'] = async (host, script) => must(await output(host, ['sh', '-e'], script), script)
  const close: Lab['close'] = async () => {
    await Promise.all(Object.values(names).map(end))
  }
  try {
    for (const name of Object.values(names)) {
      open.add(name)
      must(await outputOf('ip', ['netns', 'add', name]), name)
    }
    must(await outputOf('sh', ['-e'], cablesOf(names)), 'the cables')
    await Promise.all((['prober', 'backend', 'pod'] as const).map((host) => run(host, ADDRESSES[host])))
  } catch (error) {
    await close()
    throw error
  }
  return {
    run,
    output,
    close,
    start(host, command, folder) {
      return spawn('ip', at(host, command), {
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(folder === undefined ? {} : { cwd: folder }),
      })
    },
  }
}

/** The processes may start others while they end. So it looks until none is left. */
async function end(name: string): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const pids = pidsOf((await outputOf('ip', ['netns', 'pids', name])).stdout)
    if (pids.length === 0) break
    for (const pid of pids) endPid(pid)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await outputOf('ip', ['netns', 'del', name])
  open.delete(name)
}

/** Runs a program of this machine. `input` goes to its standard input. */
export function outputOf(file: string, args: readonly string[], input?: string): Promise<Output> {
  return new Promise((resolve) => {
    const child = execFile(file, [...args], { maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : signalled(error.signal)) : 0
      resolve({ stdout, stderr, exit: code })
    })
    // A program may end before it has read everything.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input ?? '')
  })
}

/** As a shell counts: 128 and the number of the signal. */
const signalled = (signal: string | undefined): number =>
  signal === 'SIGSEGV' ? 139 : signal === 'SIGKILL' ? 137 : 127

function must({ stdout, stderr, exit }: Output, what: string): string {
  if (exit !== 0) throw new Error(`${what}: ${stderr.trim() || `exit ${exit}`}`)
  return stdout
}

const cablesOf = (names: Readonly<Record<Host, string>>): string => `
for name in ${Object.values(names).join(' ')}; do
  ip netns exec $name sh -c 'for c in all default; do
    echo 0 >/proc/sys/net/ipv4/conf/$c/rp_filter; echo 0 >/proc/sys/net/ipv6/conf/$c/accept_dad; done'
done
ip link add eth0 netns ${names.backend} type veth peer name eth0 netns ${names.prober}
ip link add cni0 netns ${names.backend} type veth peer name eth0 netns ${names.pod}
`

const ADDRESSES: Readonly<Record<Host, string>> = {
  // A prober that hears nothing goes on asking, as a load balancer's own network does.
  prober: `
ip link set lo up; ip link set eth0 up
for f in 4 6; do echo 100 >/proc/sys/net/ipv$f/neigh/eth0/mcast_solicit; done
ip addr add 10.0.1.1/24 dev eth0; ip -6 addr add fd77:0:0:1::1/64 dev eth0 nodad
${[...SOURCES[4].map((ip) => `${ip}/32`), ...SOURCES[6].map((ip) => `${ip}/128`)]
  .map((address) => `ip addr add ${address} dev lo`)
  .join('\n')}
# As a VPC routes the network of containers to their node.
ip route add 172.17.0.0/16 via ${BACKEND[4]}
`,
  backend: `
ip link set lo up; ip link set eth0 up; ip link set cni0 up
ip addr add ${BACKEND[4]}/24 dev eth0; ip -6 addr add ${BACKEND[6]}/64 dev eth0 nodad
ip addr add 172.17.0.1/16 dev cni0
ip route add default via 10.0.1.1; ip -6 route add default via fd77:0:0:1::1
echo 1 >/proc/sys/net/ipv4/ip_forward
`,
  pod: `
ip link set lo up; ip link set eth0 up
ip addr add ${POD}/16 dev eth0
ip route add default via 172.17.0.1
`,
}
