import type { AddressSet } from '../rules/index.ts'

/** The rule lists of one machine at one time, as the tools print them. Null: not read. Empty: read, and nothing is there. */
export interface FilterTexts {
  /**
   * `iptables-save`, best with `-c`, of the backend that `iptables` uses. The outputs of `iptables -S` and
   * `iptables -t nat -S`, one after the other, are read, too.
   */
  readonly iptables: string | null
  /** The same of `iptables-legacy`. Null: legacy tables are or may be loaded, and were not listed. */
  readonly iptablesLegacy: string | null
  readonly ip6tables: string | null
  readonly ip6tablesLegacy: string | null
  /** `nft list ruleset`. It repeats the tables of iptables-nft, in part as comments. */
  readonly nft: string | null
  /** `ipset save` or `ipset list`. */
  readonly ipset: string | null
}

export type FilterLayer = keyof FilterTexts

/** Nothing was read. */
export const UNREAD_TEXTS: FilterTexts = {
  iptables: null,
  iptablesLegacy: null,
  ip6tables: null,
  ip6tablesLegacy: null,
  nft: null,
  ipset: null,
}

/** Packets of probes that differ in their source and nothing else. Their source ports are 1024–65535. */
export interface ProbePackets {
  readonly sources: AddressSet
  /** The address that they are sent to. */
  readonly destination: string
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6'
  /** Null for a ping. */
  readonly port: number | null
  /** The device on which they arrive, for example `eth0`. Null if it is not known. */
  readonly device: string | null
  /** Of icmpv6: true for what IPv6 has in place of ARP. A sender asks for the machine's card before its first packet. */
  readonly isNeighbour?: boolean
}

/** What an evaluation needs to know of the machine beside its rules. */
export interface Host {
  /** True for an address of the machine itself. */
  readonly isLocal: (address: string) => boolean
  /** The device that leads to an address. Null if it is not known, or if no route leads there. */
  readonly deviceTo: (address: string) => string | null
}

/** One rule as its tool prints it, or the policy of a chain. */
export interface FilterRule {
  readonly layer: FilterLayer
  /** For example `filter`, or for nft `inet firewalld`. */
  readonly table: string
  readonly chain: string
  /** From 1. Null for a policy. */
  readonly index: number | null
  /** The rule without counters and chain, for example `-s 100.64.0.0/10 -j DROP`. */
  readonly text: string
  /** Packets counted until now. Null if nothing counts them. */
  readonly packets: number | null
  /** The sources that the rule and the jumps to it can match at all. */
  readonly sources: AddressSet
  /** True if the rule and the jumps to it match only packets to the probed port (for a ping: only ICMP). */
  readonly isOfPort: boolean
}

/**
 * The packet that a rule decides.
 * - `request`: the first packet from the prober
 * - `reply`: the first answer
 * - `data`: what the prober sends after the answer, and what it is sent back
 */
export type Leg = 'request' | 'reply' | 'data'

/** An address and port to which the machine sends the packets on. The port is null for a ping. */
export interface SentOn {
  readonly address: string
  readonly port: number | null
  /** The rule that does so, as the reader can find it. Null if none is known. */
  readonly rule: string | null
}

/** What packets from these sources meet. The parts of one evaluation are disjoint and make up all sources. */
export interface FilterPart {
  readonly sources: AddressSet
  /** `reject`: ICMP, `reset`: a TCP reset. */
  readonly verdict: 'pass' | 'drop' | 'reject' | 'reset' | 'unknown'
  /** For `reject`: as iptables writes it, for example `icmp-port-unreachable`. */
  readonly rejectWith: string | null
  /** The packet that was decided. Null for `pass`. */
  readonly leg: Leg | null
  /** The rule that decides. For `unknown` the first rule that may. Null for `pass`, and if a whole layer is not known. */
  readonly by: FilterRule | null
  /** The rules on the way that were not understood, or the layers that were not read, as the reader can find them. */
  readonly unclear: readonly string[]
  /**
   * Where DNAT sends the requests. Empty: to the machine itself. Several if chance decides, as for the pods of a Service.
   */
  readonly sentOn: readonly SentOn[]
  /** True if the machine forwards them, so `ip_forward` has to be on. */
  readonly isForwarded: boolean
  /** True if the machine replaces the sources by its own address (SNAT, MASQUERADE). */
  readonly isMasqueraded: boolean
}
