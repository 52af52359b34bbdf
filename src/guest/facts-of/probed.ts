import { familyOf } from '../../model/ip.ts'
import type { Device, GuestFacts, KernelCounters, Listening, NotSeen } from '../facts.ts'
import { devicesIn, withTc } from './devices.ts'
import { conntrackOf } from './kernel.ts'
import { isWhole, leftOut, lostRows, prunedLists, withQueues } from './lists.ts'
import { NOTHING_READ } from './nothing.ts'
import { cutFilters, probeFilters } from './probe-filters.ts'
import { type ProbeText, probeTextOf } from './probe-text.ts'
import { routesOfProc } from './proc-routes.ts'
import { type AskedFor, probedRequest } from './requests/probed.ts'
import {
  joined,
  joinedConnections,
  netstatRows,
  procRows,
  type Sockets,
  socketsOf,
  ssRows,
} from './sockets.ts'

/** What the output of guest/probe.sh says. */
export function probedFacts(output: string): GuestFacts {
  const text = probeTextOf(output)
  if (text === null) return NOTHING_READ
  const sysctls = sysctlsOf(text)
  const counters = [1, 2, 3]
    .map((sample) => countersOf(text, sample))
    .filter((one) => Object.keys(one).length > 0)
  const target = targetOf(text)
  const family = familyOf(target?.ip ?? '')
  const sockets = socketsOfProbe(text)
  const facts = {
    isComplete: text.isComplete,
    ...timeOf(text),
    script: text.first('script') || null,
    target,
    ...sockets,
    requests: text.all('request').flatMap((line) => probedRequest(line, askedFor(text)) ?? []),
    devices: devicesOf(text),
    sysctls,
    ...routesOf(text),
    filters: probeFilters(text, family),
    xfrm: text.all('xfrm-policy'),
    queues: text.all('queue'),
    neighbours: text.all('neighbour'),
    conntrack: conntrackOf(sysctls, counters[0]?.conntrackDrops ?? null),
    counters,
    ipvs: text.all('empty').includes('ipvs') ? '' : text.section('ipvs'),
    pruned: prunedLists(text, family),
  }
  const named = namedNotSeen(text)
  const missing = [...missingLayers(facts), ...lostRows(text, family), ...cutFilters(text, family)]
  const unnamed = missing.filter(({ layer }) => !named.some((one) => one.layer === layer))
  return { ...facts, notSeen: [...named, ...unnamed] }
}

/** Seconds since 1970, as `date +%s` prints them. */
function timeOf(text: ProbeText): Pick<GuestFacts, 'at'> {
  const seconds = text.first('at') ?? ''
  return /^\d{9,10}$/.test(seconds) ? { at: new Date(Number(seconds) * 1000).toISOString() } : {}
}

const KINDS = ['tcp', 'udp', 'ping', 'http', 'https', 'grpc', 'custom'] as const
const PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6'] as const

function targetOf(text: ProbeText): GuestFacts['target'] {
  const ip = text.first('target')
  const protocol = PROTOCOLS.find((name) => name === text.first('protocol'))
  if (!ip || protocol === undefined) return null
  return {
    ip,
    port: Number(text.first('port') ?? 0) || null,
    protocol,
    sources: (text.first('sources') ?? '').split(',').filter((cidr) => cidr !== ''),
    codes: Number(text.first('codes') ?? 0) || null,
    kind: KINDS.find((name) => name === text.first('kind')) ?? null,
    ...askedFor(text),
    timeoutSeconds: Number(text.first('timeout') ?? 0) || null,
  }
}

/** Still escaped: %XX for every byte that could end a line. */
function askedFor(text: ProbeText): AskedFor {
  const plain = (key: string): string | null => {
    const value = text.first(key)
    return value ? unescaped(value) : null
  }
  return { path: plain('path'), host: plain('host') }
}

const unescaped = (value: string): string =>
  Buffer.from(
    value.replace(/%([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

/** `device-sysctl.ipv4/eth0/rp_filter`: a device may have a dot in its name. */
const sysctlsOf = (text: ProbeText): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [
      ...text.under('sysctl.'),
      ...text.under('device-sysctl.').map(([path, value]) => {
        const [family = '', ...rest] = path.split('/')
        return [`net.${family}.conf.${rest.slice(0, -1).join('/')}.${rest.at(-1) ?? ''}`, value] as const
      }),
    ].filter(([, value]) => value !== ''),
  )

const countersOf = (text: ProbeText, sample: number): KernelCounters =>
  Object.fromEntries(
    text
      .under(`count${sample}.`)
      .filter(([, value]) => /^\d+$/.test(value))
      .map(([name, value]) => [name, Number(value)]),
  )

const PROC_FILES = { tcp: 'tcp', tcp6: 'tcp', udp: 'udp', udp6: 'udp' } as const

function socketsOfProbe(text: ProbeText): Pick<GuestFacts, 'listening' | 'connections'> {
  const rows = (key: string): string => text.all(key).join('\n')
  const lists: readonly Sockets[] = [
    socketsOf(ssRows(rows('listen.ss'))),
    socketsOf(netstatRows(rows('listen.netstat'))),
  ]
  const proc = Object.entries(PROC_FILES).map(([file, protocol]) =>
    socketsOf(procRows(rows(`proc.${file}`), protocol)),
  )
  const isListed = text.all('listen-list').length > 0
  const hasProc = procLists(text).some(({ file }) => file === 'tcp')
  const named = isListed ? lists.filter(({ listening }) => listening.length > 0) : []
  const ofProc = proc.flatMap(({ listening }) => listening)
  // The probe reads /proc first.
  const connections = [
    ...proc,
    socketsOf(netstatRows(rows('connection.netstat'))),
    socketsOf(ssRows(rows('connection.ss'))),
  ].map((one) => one.connections)
  return {
    listening:
      isListed || hasProc
        ? withStates(joined([...named.map(({ listening }) => listening), ...(hasProc ? [ofProc] : [])]), text)
        : null,
    // Leave out the connection of the probe's own request.
    connections: hasProc
      ? joinedConnections(connections).filter(({ localAddress, peerAddress }) => localAddress !== peerAddress)
      : null,
  }
}

const STOPPED = /^[TtDZ]$/

/** `tcp port 12`: the rows of the target's port alone. `tcp all 12`: every one that listens, because no tool lists them. */
const procLists = (
  text: ProbeText,
): readonly { readonly file: string; readonly isAll: boolean; readonly rows: number }[] =>
  text.all('proc-list').map((line) => {
    const [file = '', extent = '', rows = '0'] = line.split(' ')
    return { file, isAll: extent === 'all', rows: Number(rows) }
  })

/**
 * Rows of the lists of sockets that are missing though nobody said that they were left out: a text that was edited or cut.
 * /proc is the whole list only where the probe says so.
 */
function lostSockets(text: ProbeText): readonly NotSeen[] {
  const lost = (what: string): readonly NotSeen[] => [{ layer: 'sockets', why: 'cut', what }]
  const [tool, rows] = (text.first('listen-list') ?? '').split(' ')
  const proc = procLists(text)
  const found = (key: string): number => text.all(key).length + leftOut(key, text)
  const isShort = proc.some(({ file, rows: all }) => found(`proc.${file}`) < all)
  if (isShort) return lost('/proc/net/tcp')
  if (!tool) return proc.length === 0 || proc.some(({ isAll }) => isAll) ? [] : lost('ss, netstat')
  // Every list has a line above its rows.
  return found(`listen.${tool}`) < Number(rows ?? 1) ? lost(tool) : []
}

/** A socket is served if one of the processes that share it runs. The row of ss names them all. */
function withStates(listening: readonly Listening[], text: ProbeText): readonly Listening[] {
  const states = new Map(text.under('process.'))
  const shared = text
    .all('listen.ss')
    .map((row) => [...row.matchAll(/pid=(\d+)/g)].map(([, pid = '']) => pid))
  return listening.map((one) => {
    const pid = one.process?.pid
    if (pid === null || pid === undefined) return one
    const pids = shared.find(([first]) => first === String(pid)) ?? [String(pid)]
    const found = pids.flatMap((id) => states.get(id) ?? [])
    // One that was left out may run.
    const isWhole =
      found.length === pids.length && !text.all('shortened').some((what) => /^listen/.test(what))
    const running = found.find((state) => !STOPPED.test(state)) ?? null
    return { ...one, pids: pids.map(Number), processState: running ?? (isWhole ? (found[0] ?? null) : null) }
  })
}

function devicesOf(text: ProbeText): GuestFacts['devices'] {
  // A list that lost rows may have lost the one with the target's address.
  if (!isWhole('device', text)) return null
  const rows = [...text.all('link'), ...text.all('device')].join('\n')
  const devices = text
    .under('tc.')
    .reduce((all, [name, is]) => withTc(all, name, is === 'yes'), devicesIn(rows))
  return withKinds(withQueues(devices, text), text)
}

function withKinds(devices: readonly Device[], text: ProbeText): readonly Device[] {
  const kinds = new Map(text.under('link-kind.'))
  return devices.map((device) => {
    const kind = kinds.get(device.name)
    return kind ? { ...device, kind } : device
  })
}

const routesOf = (text: ProbeText): Pick<GuestFacts, 'routes' | 'policies'> => {
  const proc = text.section('routes-proc')
  return {
    routes: text.section('routes-ip') ?? (proc === null ? null : routesOfProc(proc)),
    policies: text.section('policies'),
  }
}

const LAYERS: readonly NotSeen['layer'][] = [
  ...new Set(NOTHING_READ.notSeen.map(({ layer }) => layer)),
  'otherSockets',
  'tcx',
  'xfrm',
  'neighbours',
  'arp',
]
const REASONS = ['tool', 'permission', 'failed', 'left-out', 'cut'] as const

/** What lacks rows if a fact of this name found no room: `left-out=listen.ss 12`. */
const LONG: readonly (readonly [key: RegExp, layer: NotSeen['layer']])[] = [
  [/^(?:listen|proc)\./, 'sockets'],
  [/^connection\./, 'connections'],
  [/^(?:device|link) /, 'devices'],
  [/^(?:tc|queue|queue-list) /, 'tc'],
  [/^xfrm\Wpolicy /, 'xfrm'],
  [/^neighbour /, 'neighbours'],
  [/^(?:path|host) /, 'request'],
]

/** `not-seen=nft tool nft`, and rows that found no room. */
function namedNotSeen(text: ProbeText): readonly NotSeen[] {
  const named = text.all('not-seen').flatMap((line): NotSeen[] => {
    const [given, reason, ...rest] = line.split(' ')
    const layer = LAYERS.find((name) => name === given)
    const why = REASONS.find((name) => name === reason)
    return layer === undefined || why === undefined ? [] : [{ layer, why, what: rest.join(' ') }]
  })
  const long = text
    .all('left-out')
    .flatMap((what) =>
      LONG.flatMap(([key, layer]): NotSeen[] => (key.test(what) ? [{ layer, why: 'left-out', what }] : [])),
    )
  const main: readonly NotSeen[] =
    text.section('routes-proc') === null
      ? []
      : [{ layer: 'routes', why: 'left-out', what: 'ip route show table all' }]
  // The settings of the kernel follow behind the sockets.
  const isCut = !text.isComplete && text.under('sysctl.').length === 0
  const cut: readonly NotSeen[] = isCut ? [{ layer: 'sockets', why: 'cut', what: 'ss' }] : lostSockets(text)
  return [...named, ...long, ...main, ...cut, ...unseenPrograms(text)]
}

/** Linux attaches programs by tcx since 6.6. Only bpftool lists them. */
function unseenPrograms(text: ProbeText): readonly NotSeen[] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(text.first('kernel') ?? '') ?? []
  const hasTcx = Number(major) * 100 + Number(minor) >= 606
  return hasTcx && text.first('tcx') !== 'read' ? [{ layer: 'tcx', why: 'tool', what: 'bpftool' }] : []
}

function missingLayers(facts: Omit<GuestFacts, 'notSeen'>): readonly NotSeen[] {
  const isMissing: readonly (readonly [NotSeen['layer'], boolean, string])[] = [
    ['sockets', facts.listening === null, '/proc/net/tcp'],
    ['connections', facts.connections === null, '/proc/net/tcp'],
    ['request', facts.requests.length === 0, 'curl'],
    ['sysctl', Object.keys(facts.sysctls).length === 0, '/proc/sys'],
    ['conntrack', facts.conntrack === null, '/proc/sys/net/netfilter'],
    ['routes', facts.routes === null, 'ip'],
    ['policies', facts.policies === null, 'ip'],
    ['devices', facts.devices === null, 'ip'],
    ['tc', facts.devices?.some(({ hasTc }) => hasTc !== null) !== true, 'tc'],
    ['counters', facts.counters.length < 2, '/proc/net/netstat'],
    ['ipvs', facts.ipvs === null, '/proc/net/ip_vs'],
  ]
  const why = facts.isComplete ? 'lost' : 'cut'
  return isMissing.flatMap(([layer, is, what]) => (is ? [{ layer, why, what }] : []))
}
