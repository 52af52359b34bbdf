import type { AddressSet, Family, PortSet } from '../rules/index.ts'
import type { Matched } from './matched.ts'
import type { FilterLayer, Host, Leg } from './types.ts'

// Packets as the rules see them, and what iptables and nft texts are compiled to.

/** What is the same for every packet of one evaluation. */
export interface Trip {
  readonly family: Family
  /** The number of the protocol. Null: any. */
  readonly protocol: number | null
  /** Neighbour discovery, which conntrack does not track. */
  readonly isNeighbour: boolean
  /** Where the prober sends its packets. Null: any. */
  readonly destination: { readonly address: string; readonly ports: PortSet } | null
  /** On which the prober's packets arrive. */
  readonly device: Device
  readonly host: Host
  /** The probers by the device that leads to them. Null: not known. */
  readonly devices: readonly { readonly set: AddressSet; readonly device: string | null }[]
}

/** What conntrack says of a packet. `none`: the packet was not there yet. Null: any. */
export type CtState = 'none' | 'new' | 'established' | 'related' | 'invalid' | 'untracked' | null

/** What conntrack knows of the connection. `open`: the request only. */
export type Connection = 'none' | 'open' | 'answered' | 'unanswered'

/** A device's name. Empty: the packet has none at this hook. Null: not known. */
export type Device = string | null

/** `answer`: what the machine sends after `data`. It counts as a part of `data`. */
export type PacketLeg = Leg | 'answer'

/** One packet of each of these sources, at one place. Everything but the source is the same. */
export interface Flow {
  readonly trip: Trip
  readonly sources: AddressSet
  readonly leg: PacketLeg
  /** The packet that tells of a REJECT. `closed`: the reset of a connection that such a packet has ended before. */
  readonly notice: 'icmp' | 'reset' | 'closed' | null
  /** The address and ports on the machine's side: of the machine itself, or of where it sends the packets on. */
  readonly address: string
  /** Null: any. */
  readonly own: AddressSet | null
  readonly ports: PortSet
  readonly input: Device
  readonly output: Device
  /** Null: not known. */
  readonly mark: number | null
  readonly ctMark: number | null
  readonly ct: CtState
  readonly connection: Connection
  /** The zones of conntrack in which this packet is looked up, and in which the request was noted. Null: not known. */
  readonly zone: number | null
  readonly connectionZone: number | null
  readonly isDnat: boolean
  readonly isSnat: boolean
  /** A chain of nat has decided at this hook. */
  readonly isNatDone: boolean
  /** The prober's address is replaced by one of the machine. */
  readonly hidesPeer: boolean
  readonly isForwarded: boolean
  /** Where nat sent the request. */
  readonly target: { readonly address: string; readonly ports: PortSet }
  /** The rule that sent it there. */
  readonly sentBy: Rule | null
  /** The rules that may match and are taken to match, in order. */
  readonly doubts: readonly Doubt[]
}

export type Test = (flow: Flow) => Matched

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'reset' | 'return' | 'continue' | 'snat' }
  /** Nobody can tell from the text: it may accept, drop or do nothing. */
  | { readonly kind: 'unclear' }
  /** As iptables writes it, for each family. */
  | { readonly kind: 'reject'; readonly with: Readonly<Record<Family, string>> }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** `to` gives no destination for a source if it is not known which. */
  | { readonly kind: 'dnat'; readonly to: (flow: Flow) => readonly DnatChoice[] }

/** Null: as before. `here`: REDIRECT, to an address of the machine itself. */
export interface DnatChoice {
  readonly matched: Matched
  readonly address: string | 'here' | null
  readonly port: number | null
}

export interface VerdictChoice {
  readonly matched: Matched
  readonly verdict: Verdict
}

export type Step =
  | { readonly kind: 'match'; readonly test: Test }
  | { readonly kind: 'change'; readonly change: (flow: Flow) => Flow }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  /** A verdict map: the first choice that matches decides. */
  | {
      readonly kind: 'choose'
      readonly choices: (flow: Flow) => Iterable<VerdictChoice>
    }

export interface Rule {
  readonly chain: Chain
  /** From 1. */
  readonly index: number
  readonly text: string
  readonly packets: number | null
  /** The chains that it may lead to. */
  readonly targets: () => Iterable<string>
  /** Compiled at the first call, because most rules are never met. */
  readonly steps: () => readonly Step[]
}

/** `ingress` and `egress`: of a device, before and after everything else. */
export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress'

export interface Base {
  readonly hook: Hook
  readonly priority: number
  readonly isNat: boolean
  /** Null: the text does not say. */
  readonly policy: 'accept' | 'drop' | null
  readonly packets: number | null
  /** The devices of an ingress or egress hook. Null: all. */
  readonly devices: readonly string[] | null
}

export interface Chain {
  readonly table: Table
  readonly name: string
  readonly rules: Rule[]
  base: Base | null
}

export interface Table {
  readonly layer: FilterLayer
  readonly family: 'ip' | 'ip6' | 'inet' | 'netdev' | 'bridge'
  /** As a reader calls it: `filter`, or for nft `inet firewalld`. */
  readonly name: string
  readonly chains: Map<string, Chain>
}

/** A rule that may match, or a chain that a packet may meet. */
export interface Doubt {
  readonly rule: Rule | null
  /** As the reader finds it. */
  readonly text: string
}

/** Where a packet's way ends. */
export interface Decision {
  readonly flow: Flow
  readonly sources: AddressSet
  readonly verdict: 'pass' | 'drop' | 'reject' | 'reset'
  readonly rejectWith: string | null
  /** The rule, or the chain of the policy. Null for `pass`. */
  readonly by: Rule | Chain | null
}
