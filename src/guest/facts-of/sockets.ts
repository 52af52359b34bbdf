import type { Connection, Listening } from '../facts.ts'
import { addressInHex, type Endpoint, endpointIn } from './addresses.ts'

// Sockets as ss, netstat and /proc/net list them.

export interface Sockets {
  readonly listening: readonly Listening[]
  readonly connections: readonly Connection[]
}

type Process = NonNullable<Listening['process']>

interface Row {
  readonly protocol: 'tcp' | 'udp'
  readonly state: string
  readonly queued: number
  readonly backlog: number | null
  /** Bytes that the peer has not acknowledged. */
  readonly unsent: number
  readonly local: Endpoint
  readonly peer: Endpoint
  readonly isDualStack: boolean | null
  readonly process: Process | null
}

const LISTENING = new Set(['LISTEN', 'UNCONN'])

export const socketsOf = (rows: readonly Row[]): Sockets => ({
  listening: rows.flatMap((row) => {
    const { port, address, device } = row.local
    if (!LISTENING.has(row.state) || port === null) return []
    const { protocol, queued, backlog, isDualStack, process } = row
    return [{ protocol, address, isDualStack, port, device, queued, backlog, process, processState: null }]
  }),
  connections: rows.flatMap(({ protocol, state, queued, unsent, local, peer }) =>
    protocol !== 'tcp' || LISTENING.has(state) || local.port === null || peer.port === null
      ? []
      : [
          {
            localAddress: local.address,
            localPort: local.port,
            peerAddress: peer.address,
            peerPort: peer.port,
            state,
            unread: queued,
            unsent,
          },
        ],
  ),
})

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '')

/** `*` of ss: of all addresses of both families, or of an older ss of the line's family, which the line does not tell. */
function wildcard(local: Endpoint, isOld: boolean): Pick<Row, 'local' | 'isDualStack'> {
  if (local.address === '*' && isOld) return { local: { ...local, address: '0.0.0.0' }, isDualStack: null }
  if (local.address === '*') return { local: { ...local, address: '::' }, isDualStack: true }
  return { local, isDualStack: local.address === '::' && !isOld ? false : null }
}

const protocolOf = (name: string): Row['protocol'] | null =>
  /^tcp6?$/.test(name) ? 'tcp' : /^udp(?:6|lite)?$/.test(name) ? 'udp' : null

/** `ESTAB` → `ESTABLISHED`, `FIN-WAIT-1` → `FIN_WAIT1`: the names of netstat. */
const stateOf = (state: string): string =>
  state === 'ESTAB' ? 'ESTABLISHED' : state.replace(/-(\d)$/, '$1').replaceAll('-', '_')

/**
 * `ss -ntu`, with or without header, processes and the column of protocols. An ss before iproute2 4.13 prints `*` for
 * 0.0.0.0 and `:::80` or `[::]:80` for IPv6: an IPv4 socket with the peer `*:*` gives it away.
 */
export function ssRows(text: string, alone: Row['protocol'] = 'tcp'): readonly Row[] {
  const found = lines(text).map((line) => line.trim().split(/\s+/))
  const isOld = found.some((fields) => {
    const from = protocolOf(fields[0] ?? '') === null ? 3 : 4
    return (
      fields[from]?.startsWith(':::') === true ||
      (/^\d+\.\d+\.\d+\.\d+(?:%\S+)?:/.test(fields[from] ?? '') && fields[from + 1] === '*:*')
    )
  })
  return found.flatMap((fields) => {
    const named = protocolOf(fields[0] ?? '')
    const [state = '', queued = '', backlog = '', at = '', with_ = ''] =
      named === null ? fields : fields.slice(1)
    const local = endpointIn(at)
    const peer = endpointIn(with_)
    if (!local || !peer || !/^[A-Z][A-Z0-9-]+$/.test(state)) return []
    const line = fields.join(' ')
    const own = wildcard(local, isOld)
    const only = /\bv6only:([01])\b/.exec(line)?.[1]
    const isDualStack = only === undefined || own.local.address !== '::' ? own.isDualStack : only === '0'
    const isTcp = (named ?? alone) === 'tcp'
    return [
      {
        protocol: named ?? alone,
        state: stateOf(state),
        queued: Number(queued),
        backlog: isTcp && state === 'LISTEN' ? Number(backlog) : null,
        unsent: Number(backlog),
        local: own.local,
        peer,
        isDualStack,
        process: ssProcess(line),
      },
    ]
  })
}

/** The first of several: they share the socket. `users:(("nginx",pid=30631,fd=4),…)`, of an older ss `("nginx",30631,4)`. */
function ssProcess(line: string): Process | null {
  const [, name, pid] = /users:\(\("([^"]*)",(?:pid=)?(\d+)/.exec(line) ?? []
  return name === undefined ? null : { name, pid: Number(pid) }
}

/** netstat of net-tools and of BusyBox. Only net-tools with `-p` names processes. */
export function netstatRows(text: string): readonly Row[] {
  return lines(text).flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    const [name = '', queued = '', unsent = '', at = '', with_ = ''] = fields
    const protocol = protocolOf(name)
    const local = endpointIn(at)
    const peer = endpointIn(with_)
    if (protocol === null || !local || !peer) return []
    const isNamed = /^[A-Z][A-Z0-9_]+$/.test(fields[5] ?? '')
    return [
      {
        protocol,
        // A UDP socket without a peer has no state.
        state: isNamed ? (fields[5] ?? '') : peer.port === null ? 'UNCONN' : 'ESTABLISHED',
        queued: Number(queued),
        backlog: null,
        unsent: Number(unsent),
        local,
        peer,
        isDualStack: null,
        process: netstatProcess(fields.slice(isNamed ? 6 : 5).join(' ')),
      },
    ]
  })
}

function netstatProcess(text: string): Process | null {
  const [, pid, name = ''] = /^(\d+)\/(.+)$/.exec(text) ?? []
  return pid === undefined ? null : { name: name.trim().replace(/:.*$/, ''), pid: Number(pid) }
}

/** By the number in /proc/net/tcp (include/net/tcp_states.h). 12 is a SYN that waits for its ACK. */
const STATES = [
  '',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'SYN_RECV',
]

/** /proc/net/tcp, tcp6, udp and udp6. For a listening TCP socket rx_queue is the number of connections that wait. */
export function procRows(text: string, protocol: Row['protocol']): readonly Row[] {
  return lines(text).flatMap((line) => {
    const [
      ,
      localHex = '',
      localPort = '',
      peerHex = '',
      peerPort = '',
      number = '',
      unsent = '',
      queue = '',
    ] =
      /^\s*\d+: ([\dA-F]+):([\dA-F]{4}) ([\dA-F]+):([\dA-F]{4}) ([\dA-F]{2}) ([\dA-F]{8}):([\dA-F]{8})/i.exec(
        line,
      ) ?? []
    const local = addressInHex(localHex)
    const peer = addressInHex(peerHex)
    if (local === null || peer === null) return []
    const state = STATES[Number.parseInt(number, 16)] ?? ''
    return [
      {
        protocol,
        state: protocol === 'udp' && state === 'CLOSE' ? 'UNCONN' : state,
        queued: Number.parseInt(queue, 16),
        backlog: null,
        unsent: Number.parseInt(unsent, 16),
        local: { address: local, port: Number.parseInt(localPort, 16), device: null },
        peer: { address: peer, port: Number.parseInt(peerPort, 16) || null, device: null },
        isDualStack: null,
        process: null,
      },
    ]
  })
}

const placeOf = ({ protocol, address, port }: Listening): string => `${protocol} ${address} ${port}`

/** The first list, with what only the others know of the same sockets: processes, queues, both families. */
export function joined(lists: readonly (readonly Listening[])[]): readonly Listening[] {
  const [first = [], ...others] = lists
  const known = new Map<string, Listening>()
  for (const one of others.flat()) {
    const other = known.get(placeOf(one))
    known.set(placeOf(one), { ...one, process: other?.process ?? one.process })
  }
  return first.map((one) => {
    const other = known.get(placeOf(one))
    return other === undefined
      ? one
      : {
          ...one,
          isDualStack: one.isDualStack ?? other.isDualStack,
          backlog: one.backlog ?? other.backlog,
          process: one.process ?? other.process,
        }
  })
}

/** Each connection once, as it was last: the lists were made one after the other. */
export function joinedConnections(lists: readonly (readonly Connection[])[]): readonly Connection[] {
  const found = new Map<string, Connection>()
  for (const one of lists.flat())
    found.set([one.localAddress, one.localPort, one.peerAddress, one.peerPort].join(' '), one)
  return [...found.values()]
}
