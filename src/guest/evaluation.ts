import type { FilterRule, SentOn } from '../filter/index.ts'
import type { Certainty, FindingCode } from '../model/diagnosis.ts'
import type { GuestOutcome } from '../model/guest.ts'
import type { AddressSet } from '../rules/index.ts'
import type { GuestFacts, NotSeen } from './facts.ts'

/** What the health check does, with every default filled in. */
export interface GuestCheck {
  readonly kind: 'tcp' | 'udp' | 'ping' | 'http' | 'https' | 'grpc' | 'custom'
  readonly ip: string
  /** Null for a ping. */
  readonly port: number | null
  readonly method: string
  readonly host: string | null
  readonly path: string
  readonly httpVersion: string | null
  /** Bit mask: 1xx=1, 2xx=2, 3xx=4, 4xx=8, 5xx=16. */
  readonly httpCodes: number
  /** The gRPC codes of a healthy backend, as the API writes them. */
  readonly extendedCode: string | null
  /** Of a custom check: what it is sent over. Left out: as the script was told, and TCP if it was not. */
  readonly transport?: 'tcp' | 'udp'
  /** Of a custom check, in hexadecimal. Null: nothing is sent, or any answer will do. */
  readonly sendHex: string | null
  readonly receiveHex: string | null
  /** Of a custom or gRPC check: nobody told which answers it takes. */
  readonly isAnswerUnknown?: true
  /** Of a custom check: what it sends cannot be told from its settings, so no request is the check's own. */
  readonly isRequestUnknown?: true
  readonly timeoutSeconds: number
  /** Null if it is not known. */
  readonly intervalSeconds: number | null
}

/** Where a packet is stopped: the stages of the path inside the machine. */
export type GuestStage = 'guest-firewall' | 'listener' | 'application'

/**
 * What connections show, where nothing that was evaluated explains it.
 * - `half-open`: the SYN of these peers came in, and no ACK followed
 * - `unread`: these peers gave up, and the application had not read what they asked
 * - `unacknowledged`: these peers did not acknowledge the answer
 * - `unanswered`: the machine's own connection to a socket that listens was not answered
 */
export interface Observed {
  readonly kind: 'half-open' | 'unread' | 'unacknowledged' | 'unanswered'
  /** Addresses of probers. Empty for `unanswered`. */
  readonly peers: readonly string[]
}

/** What the probes from these sources meet. The parts are disjoint and make up all sources. */
export interface GuestPart {
  readonly sources: AddressSet
  readonly outcome: GuestOutcome
  /** Null for `ok`. */
  readonly stage: GuestStage | null
  /** In the words of the machine's own tools: a rule, a socket, an answer. Null for `ok`. */
  readonly decidedBy: string | null
  /** The reason that decides. Null for `ok`, and for `unknown` if nothing is suspected. */
  readonly code: FindingCode | null
  /** Of `unknown`: what was seen of the probes, if that is all that speaks against `ok`. */
  readonly observed?: Observed
}

/**
 * Why the probes may get another answer than the machine itself:
 * - `peer`: usual servers give such an answer by the address of the peer
 * - `once`: it was slow once
 * - `several`: one of several places answered, by chance
 * - `handshake`: what TLS the probes speak is not known
 */
export type AnswerDoubt = 'peer' | 'once' | 'several' | 'handshake'

/** One thing on the machine that stops probes, with the sources that it stops. */
export interface GuestReason {
  readonly code: FindingCode
  readonly stage: GuestStage
  readonly sources: AddressSet
  readonly outcome: GuestOutcome
  /** Without the target's health. */
  readonly certainty: Certainty
  /** Why an answer to the machine itself does not tell for certain what the probes get. */
  readonly doubts?: readonly AnswerDoubt[]
  /**
   * True if the rule's counter moved at least once per check interval, but other packets than probes may have moved it.
   * It is certain if the target is Dead and nothing else explains it.
   */
  readonly isMoving?: boolean
  readonly decidedBy: string
  /** The rule that decides, if a rule does. */
  readonly rule: FilterRule | null
  /**
   * For the texts of the finding, by the name of their place. A name may be missing if its value is not known.
   * - every one: `port`, `protocol` (`TCP`, `UDP`, `ICMP`)
   * - guest-port: `listening`, the sockets of that port as ss writes them (`127.0.0.1:80`), for not-listening the other
   *   sockets of the machine; `process`; `ways` (`unread`), if a rule that was not read may send the probes to another
   *   port; of backlog-full `queued`, `backlog` and `allowed`, what the kernel allows at most (somaxconn)
   * - guest-http: `request` (`GET /health`); `end` (a kind of RequestEnd); `status`, of head-not-supported that of HEAD,
   *   with `get` for that of GET; `expected` (`2xx`, or the text of a custom or gRPC check); of too-slow `seconds` that
   *   it took and `timeout`; of tls-mismatch `speaks` (`tls`, `plain`)
   * - guest-firewall, guest-icmp/icmp-dropped, guest-forwarding with a rule: `leg`; `vpn` (`tailscale`), if the rule is of a
   *   VPN that has 100.64.0.0/10; `moved`, the packets counted between two samples `seconds` apart
   * - guest-kernel: of conntrack-full `count` and `max`; of rp-filter `device`, `back` (the device that leads to the source) and `sysctls`;
   *   of no-route-back `route`, and `way` (`in`, `none`: no route at all); of link-down `device`, `failure` (`DOWN`,
   *   `NO-CARRIER`) and `way` (`in`, `back`); of arp-off `device`
   * - settings (guest-kernel, guest-forwarding, guest-icmp): `sysctls`, the names that have to be changed
   */
  readonly params: Readonly<Record<string, string | number | readonly string[]>>
  readonly evidence: readonly { readonly fact: string; readonly value: string | number | boolean | null }[]
}

/** What the machine saw of the real probes. */
export interface ProbesSeen {
  /** Peers in the probes' ranges with a connection in state ESTABLISHED or after it: their packets got in and out. */
  readonly connected: AddressSet
  /** Peers of which only the first packet came in (SYN_RECV): the reply is lost, or was on its way. */
  readonly halfOpen: AddressSet
}

export interface GuestEvaluation {
  readonly facts: GuestFacts
  /** True if the output is of the node of a pod that has the target's address: what runs in the pod was asked from there. */
  readonly isOfNode: boolean
  readonly parts: readonly GuestPart[]
  readonly reasons: readonly GuestReason[]
  readonly seen: ProbesSeen
  /** What left a part unknown, or could hide another reason. */
  readonly notSeen: readonly NotSeen[]
  /** Where the machine sends the probes on, for example the pods of a Service. */
  readonly sentOn: readonly SentOn[]
}
