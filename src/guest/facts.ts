import type { FilterTexts } from '../filter/index.ts'

// What one machine says about itself, parsed from the output of guest/probe.sh or from recorded commands. Null: not read.

/** A socket that waits for packets. */
export interface Listening {
  readonly protocol: 'tcp' | 'udp'
  /** For example `0.0.0.0`, `::`, `10.0.1.16`. `*` of ss is `::` with `isDualStack`. */
  readonly address: string
  /** Only of `::`: true if it takes IPv4, too. Null if that is not told. */
  readonly isDualStack: boolean | null
  readonly port: number
  /** The only device on which it listens. Null: all. */
  readonly device: string | null
  /** TCP: connections that wait to be accepted, and the most that may wait. UDP: bytes that wait. */
  readonly queued: number | null
  readonly backlog: number | null
  readonly process: { readonly name: string; readonly pid: number | null } | null
  /** The state of that process as in /proc/PID/stat, for example `S`, `T` (stopped) or `D`. */
  readonly processState: string | null
  /** All processes that have the socket. Left out: not known. */
  readonly pids?: readonly number[]
}

/** A TCP connection of the target's port. */
export interface Connection {
  readonly localAddress: string
  readonly localPort: number
  readonly peerAddress: string
  readonly peerPort: number
  /** As ss and netstat write it, in upper case with underscores: ESTABLISHED, SYN_RECV, TIME_WAIT, CLOSE_WAIT … */
  readonly state: string
  /** Bytes that came and that the application has not read. */
  readonly unread: number
  /** Bytes that were sent and that the peer has not acknowledged. */
  readonly unsent: number
}

/** How a request that the machine sent to itself ended. Times in ms. */
export type RequestEnd =
  | { readonly kind: 'answer'; readonly status: number; readonly ms: number | null }
  /** A gRPC answer. `status` is grpc-status. Null if it had none. */
  | { readonly kind: 'grpc'; readonly status: number | null; readonly ms: number | null }
  /** Of a custom check: what came back, in hexadecimal. */
  | { readonly kind: 'bytes'; readonly hex: string; readonly ms: number | null }
  | {
      readonly kind: /** TCP opened; nothing more was asked. */
        | 'open'
        | 'refused'
        /** ICMP unreachable. */
        | 'unreachable'
        | 'connect-timeout'
        /** TCP opened, and no complete answer came in the time that was allowed. */
        | 'answer-timeout'
        /** Nothing came in time. The tool does not tell whether TCP opened. */
        | 'timeout'
        | 'reset'
        /** The connection ended without an answer. */
        | 'empty'
        /** Somebody broke off the TLS handshake, in TLS: a version, a server name, a certificate. */
        | 'tls-error'
        /** What came back to the start of the TLS handshake is no TLS. */
        | 'not-tls'
        /** The server answered in TLS, and nothing more was asked. */
        | 'tls'
        | 'not-http'
        /** The tool failed for a reason of its own. */
        | 'failed'
      readonly ms: number | null
    }

export interface LocalRequest {
  /** The address and port that it was sent to. */
  readonly address: string
  readonly port: number
  readonly scheme: 'tcp' | 'udp' | 'http' | 'https' | 'grpc' | 'custom' | 'ping'
  readonly method: string | null
  /** The Host header that was asked for. Null: the tool's own, the address. */
  readonly host: string | null
  /** The User-Agent header that was asked for. Null: the tool's own, or none. */
  readonly agent: string | null
  /** For HTTP, for example `/`. Null for the rest. */
  readonly path: string | null
  /**
   * True if it was the check's own request: method, Host, path and version. False for recorded commands, because nobody
   * told them the check: compare the method, Host and path.
   */
  readonly isOfCheck: boolean
  /** How long it was waited for, in ms. Null if that is not told. */
  readonly allowedMs: number | null
  readonly tool: string
  readonly end: RequestEnd
}

export interface Device {
  readonly name: string
  /** With prefix: `10.0.1.16/24`. */
  readonly addresses: readonly string[]
  readonly isUp: boolean | null
  /** False if nothing is at the other end of its cable. Left out: not told. */
  readonly hasCarrier?: boolean
  /** The bridge, VRF or bond that it is a port of. Left out: none, or not told. */
  readonly master?: string
  /** True if it does without ARP. Left out: not told. */
  readonly isWithoutArp?: boolean
  /** Of a device without ARP: its kind as in `ip -d link`, or `card`. Left out: not told. */
  readonly kind?: string
  /** True if an XDP program or a tc ingress filter is attached, which drops before any other filter. Null: not read. */
  readonly hasXdp: boolean | null
  readonly hasTc: boolean | null
}

/** Rule lists with their counters, at one moment. */
export interface FilterSample {
  readonly texts: FilterTexts
  /** Seconds since the first sample. Null if there is one only. */
  readonly afterSeconds: number | null
}

/** Kernel counters at the moment of each sample, by name: IPReversePathFilter, ListenOverflows, ListenDrops … */
export type KernelCounters = Readonly<Record<string, number>>

/**
 * What could not be read, and why.
 * - `tool`: the tool is not there
 * - `not-understood`: it was read, and what it does to a probe cannot be told: a rule, a tc filter, a route over another
 *   device
 * - `pruned`: the probe left out what concerns other sources than those that it was told of
 * - `lost`: neither its rows nor a reason are in an output that has its end: lines were taken out
 * - `unasked`: no request of the machine shows it: the check's own, or one to the place where its rules send the probes
 * - `other-machine`: the machine does not have the target's address
 */
export interface NotSeen {
  readonly layer:
    | keyof FilterTexts
    | 'sockets'
    /** Sockets of other ports than the target's. A REDIRECT may lead to one of them. */
    | 'otherSockets'
    /** Programs that are attached by tcx or netkit. `tc` does not list them. */
    | 'tcx'
    | 'connections'
    | 'request'
    | 'sysctl'
    | 'conntrack'
    | 'routes'
    | 'policies'
    | 'devices'
    | 'tc'
    | 'xfrm'
    /** Next hops that do not answer. */
    | 'neighbours'
    | 'arp'
    | 'counters'
    | 'ipvs'
  readonly why:
    | 'tool'
    | 'permission'
    | 'failed'
    | 'lost'
    | 'pruned'
    | 'left-out'
    | 'cut'
    | 'not-understood'
    | 'unasked'
    | 'other-machine'
  /** The tool or file, for example `nft`. */
  readonly what: string
}

export interface GuestFacts {
  /** False if the end marker is missing: the output was cut. */
  readonly isComplete: boolean
  /** When the script ran, by the clock of the machine, ISO 8601. Left out: it does not tell. */
  readonly at?: string
  /** The hash of the script that ran. Null for recorded commands. */
  readonly script: string | null
  /** Of the probe: what it was asked to look at. */
  readonly target: {
    readonly ip: string
    readonly port: number | null
    readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6'
    /** CIDRs of the probes that the probe was told of. */
    readonly sources?: readonly string[]
    /** The status codes of a healthy backend, as the bit mask of the API. Null if nobody told it. */
    readonly codes?: number | null
    /** Of its request. Null: not told. */
    readonly kind?: 'tcp' | 'udp' | 'ping' | 'http' | 'https' | 'grpc' | 'custom' | null
    readonly path?: string | null
    readonly host?: string | null
    readonly timeoutSeconds?: number | null
  } | null
  readonly notSeen: readonly NotSeen[]
  /** Lists without what no packet of the sources that the probe was told of has to do with. */
  readonly pruned: readonly NotSeen['layer'][]
  /** All of the machine. `notSeen` has `sockets` if the list is not complete. */
  readonly listening: readonly Listening[] | null
  readonly connections: readonly Connection[] | null
  readonly requests: readonly LocalRequest[]
  readonly devices: readonly Device[] | null
  /** By full name, for example `net.ipv4.ip_forward`. Names that were not read are missing. */
  readonly sysctls: Readonly<Record<string, string>>
  /** `ip route show table all`. */
  readonly routes: string | null
  /** `ip rule`. */
  readonly policies: string | null
  /** One or two. */
  readonly filters: readonly FilterSample[]
  /** IPsec policies that a probe or its answer may meet, as `ip -o xfrm policy` prints them. */
  readonly xfrm: readonly string[]
  /** `eth0 12 tbf 8001: root …`: a device, the packets that its queue lost, and a queue that may lose or hold some. */
  readonly queues: readonly string[]
  /** Of `ip neigh`: those that did not answer. */
  readonly neighbours: readonly string[]
  readonly conntrack: {
    readonly count: number
    readonly max: number
    /** `drop` and `insert_failed` summed over the CPUs. Null if not read. */
    readonly drops: number | null
  } | null
  /** One per sample. */
  readonly counters: readonly KernelCounters[]
  /** `ipvsadm -Ln` or /proc/net/ip_vs. Empty: nothing there. */
  readonly ipvs: string | null
}
