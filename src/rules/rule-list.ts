import { kept } from '../model/memo.ts'
import type { AddressSet } from './addresses.ts'
import type { PortSet } from './ports.ts'
import type { PieceVerdict, Probe } from './terms.ts'

/** What decided: a rule, or the implicit deny at the end (`index` null). */
export interface Decider {
  readonly kind: 'security-group' | 'network-acl'
  readonly id: string
  /** PolicyIndex of a security-group rule, Priority of an ACL entry. */
  readonly index: number | null
  readonly ruleId: string | null
  /** The rule as the console shows it, free of language; null for the implicit deny. */
  readonly words: string | null
  /** For the implicit deny of several security groups: all of them. */
  readonly groups?: readonly string[]
}

/** A rule reduced to one probe: what it surely matches, and what it may match because a part of it is not understood. */
export interface Term {
  readonly sure: AddressSet
  /** Disjoint from `sure`. */
  readonly maybe: AddressSet
  /** Prober ports that it applies to. */
  readonly ports: PortSet
  readonly verdict: PieceVerdict
  /** Called for terms that decide something. */
  readonly by: () => Decider
}

/** Rules in the order in which they are asked. */
export interface RuleList {
  readonly id: string
  /** All that its rules ask of a probe beside the source: probes of one key get the same terms. */
  keyOf(probe: Probe): string
  termsFor(probe: Probe): readonly Term[]
}

/**
 * Its rules' texts are read once for each kind of probe, whatever targets it is sent to. A rule that means nobody has no
 * term.
 */
export function ruleList(
  id: string,
  keyOf: (probe: Probe) => string,
  termsOf: (probe: Probe) => readonly (Term | null)[],
): RuleList {
  const known = new Map<string, readonly Term[]>()
  return {
    id,
    keyOf,
    termsFor: (probe) => kept(known, keyOf(probe), () => termsOf(probe).filter((term) => term !== null)),
  }
}

export const hasPorts = ({ protocol }: Probe): boolean => protocol === 'tcp' || protocol === 'udp'
