import type { RecordedCommands } from '../../model/guest.ts'
import type { GuestFacts, LocalRequest, NotSeen } from '../facts.ts'
import { devicesIn, withTc } from './devices.ts'
import { type Folder, folderOf } from './folder.ts'
import { conntrackDrops, conntrackOf, countersIn, sysctlsIn } from './kernel.ts'
import { recordedFilters } from './recorded-filters.ts'
import { requestOf } from './requests/recorded.ts'
import {
  joined,
  joinedConnections,
  netstatRows,
  procRows,
  type Sockets,
  socketsOf,
  ssRows,
} from './sockets.ts'

// A folder with the outputs of usual commands. Any of them may be missing, may have failed, or may be cut.

export function recordedFacts(report: RecordedCommands): GuestFacts {
  const folder = folderOf(report)
  const names = Object.keys(report.files)
  const sysctls = Object.assign(
    {},
    ...names
      .filter((name) => /^(?:sysctl|conntrack)/.test(name))
      .map((name) => sysctlsIn(folder.of(name)?.stdout ?? '')),
  ) as Record<string, string>
  const conntrack = conntrackOf(sysctls, conntrackDrops(folder.of('conntrack')?.stdout ?? ''))
  const sockets = socketsIn(folder)
  const devices = devicesOf(folder, names)
  const filters = recordedFilters(folder)
  const netstat = ['proc-net-netstat', 'nstat'].map(folder.printed).find((text) => text !== null) ?? null
  const requests = requestsIn(folder, names)
  const routes = folder.printed('ip-route')
  const policies = folder.printed('ip-rule')
  const ipvs = folder.printed('ipvsadm') ?? folder.printed('proc-net-ip_vs')
  const notSeen = [
    ...sockets.notSeen,
    ...filters.notSeen,
    ...(requests.length > 0 ? [] : [folder.missing('request', 'curl')]),
    ...(names.some((name) => name.startsWith('sysctl')) ? [] : [folder.missing('sysctl', 'sysctl')]),
    ...(conntrack === null ? [folder.missing('conntrack', 'conntrack')] : []),
    ...(routes === null ? [folder.missing('routes', 'ip-route')] : partialRoutes(folder)),
    ...(policies === null ? [folder.missing('policies', 'ip-rule')] : []),
    ...(devices === null ? [folder.missing('devices', 'ip-addr')] : []),
    ...(devices?.some(({ hasTc }) => hasTc !== null) ? [] : [folder.missing('tc', 'tc')]),
    ...(netstat === null ? [folder.missing('counters', 'proc-net-netstat')] : []),
    ...(ipvs === null ? [folder.missing('ipvs', 'ipvsadm')] : []),
  ]
  return {
    isComplete: names.every((name) => folder.of(name)?.exit !== null),
    script: null,
    target: null,
    notSeen,
    pruned: [],
    listening: sockets.listening,
    connections: sockets.connections,
    requests,
    devices,
    sysctls,
    routes,
    policies,
    filters: filters.sample === null ? [] : [filters.sample],
    xfrm: [],
    queues: [],
    neighbours: [],
    conntrack,
    counters: netstat === null ? [] : [countersIn(netstat)],
    ipvs,
  }
}

/** Each with what its output can tell, the best first. */
const SOCKET_LISTS: readonly (readonly [name: string, read: (text: string, command: string) => Sockets])[] = [
  ['ss', (text, command) => socketsOf(ssRows(text, /\s-\S*u/.test(command) ? 'udp' : 'tcp'))],
  ['ss-header', (text) => socketsOf(ssRows(text))],
  ['ss-nop', (text) => socketsOf(ssRows(text))],
  ['netstat-p', (text) => socketsOf(netstatRows(text))],
  ['netstat', (text) => socketsOf(netstatRows(text))],
  ['busybox-netstat-p', (text) => socketsOf(netstatRows(text))],
  ['busybox-netstat', (text) => socketsOf(netstatRows(text))],
]

/** IPv6 and IPv4 stand in files of their own. */
const PROC_LISTS = [
  ['proc-net-tcp', 'tcp'],
  ['proc-net-tcp6', 'tcp'],
  ['proc-net-udp', 'udp'],
  ['proc-net-udp6', 'udp'],
] as const

interface SocketsSeen {
  readonly listening: GuestFacts['listening']
  readonly connections: GuestFacts['connections']
  readonly notSeen: readonly NotSeen[]
}

function socketsIn(folder: Folder): SocketsSeen {
  const lists = SOCKET_LISTS.flatMap(([name, read]) => {
    const text = folder.printed(name)
    return text === null ? [] : [{ name, ...read(text, folder.of(name)?.command ?? '') }]
  })
  const proc = PROC_LISTS.flatMap(([name, protocol]) => {
    const text = folder.printed(name)
    return text === null ? [] : [socketsOf(procRows(text, protocol))]
  })
  const fromProc = proc.flatMap(({ listening }) => listening)
  const isListed = lists.length > 0
  const isRead = isListed || proc.length > 0
  const hasConnections = proc.length > 0 || lists.some(({ name }) => name === 'netstat')
  const left = PROC_LISTS.slice(0, 2).filter(([name]) => folder.printed(name) === null)
  return {
    listening: isRead ? joined([...lists.map(({ listening }) => listening), fromProc]) : null,
    connections: hasConnections
      ? joinedConnections([...lists.map((list) => list.connections), ...proc.map((one) => one.connections)])
      : null,
    notSeen: [
      ...(isListed ? [] : left.map(([name]) => folder.missing('sockets', name))),
      ...(hasConnections ? [] : [folder.missing('connections', 'netstat')]),
    ],
  }
}

const REQUESTS = /^(?:curl|gnu-wget|busybox-wget|busybox-nc|wget|nc)/

const requestsIn = (folder: Folder, names: readonly string[]): readonly LocalRequest[] =>
  names
    .filter((name) => REQUESTS.test(name))
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((name) => {
      const one = folder.of(name)
      const request = one === null ? null : requestOf(one)
      return request === null ? [] : [request]
    })

/** curl tells most, nc least. */
const TOOLS = [/^curl$/, /^curl.head/, /^curl/, /^gnu.wget/, /wget/]
const rank = (name: string): number => {
  const at = TOOLS.findIndex((tool) => tool.test(name))
  return at < 0 ? TOOLS.length : at
}

function devicesOf(folder: Folder, names: readonly string[]): GuestFacts['devices'] {
  const text = [folder.printed('ip-addr'), folder.printed('ip-link')].filter((one) => one !== null)
  if (text.length === 0) return null
  return names
    .filter((name) => name.startsWith('tc'))
    .reduce(
      (devices, name) => {
        const device = /\bdev (\S+)/.exec(folder.of(name)?.command ?? '')?.[1]
        const printed = folder.printed(name)
        return device === undefined || printed === null
          ? devices
          : withTc(devices, device, printed.trim() !== '')
      },
      devicesIn(text.join('\n')),
    )
}

function partialRoutes(folder: Folder): readonly NotSeen[] {
  const command = folder.of('ip-route')?.command
  const isWhole = command === null || command === undefined || /\btable (?:all|0)\b/.test(command)
  return isWhole ? [] : [{ layer: 'routes', why: 'left-out', what: 'ip route show table all' }]
}
