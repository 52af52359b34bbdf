import { kept } from '../model/memo.ts'
import type { AddressSet } from './addresses.ts'
import type { PortSet } from './ports.ts'
import type { PieceVerdict, Probe } from './terms.ts'
import type { UnclearFor } from './unclear.ts'
import type { RuleLine } from './words.ts'

/** The rule that decided, or the implicit deny at the end (`index` null). */
export interface Decider {
  readonly kind: 'security-group' | 'network-acl'
  readonly id: string
  /** PolicyIndex of a security-group rule, Priority of an ACL entry. */
  readonly index: number | null
  readonly ruleId: string | null
  /** The rule as the console shows it, the same in every language. Null for the implicit deny. */
  readonly words: string | null
  /** The same in parts, for a text in the reader's language. */
  readonly line?: RuleLine
  /** For the implicit deny of several security groups: the ids of all of them. */
  readonly groups?: readonly string[]
}

/**
 * A rule reduced to one probe: the sources that it surely matches, and those that it may match because a part of it is
 * not understood.
 */
export interface Term {
  readonly sure: AddressSet
  /** Disjoint from `sure`. */
  readonly maybe: AddressSet
  /** The prober ports that it applies to. */
  readonly ports: PortSet
  readonly verdict: PieceVerdict
  /** Lazy, because most terms decide nothing. */
  readonly by: () => Decider
  readonly unclear: UnclearFor
}

/** Rules in the order in which they are evaluated. */
export interface RuleList {
  readonly id: string
  /** Everything about a probe that the terms depend on. Probes with the same key get the same terms. */
  keyOf(probe: Probe): string
  termsFor(probe: Probe): readonly Term[]
}

/**
 * Parses the rules once for each key, whatever the targets are. A rule that matches no source of the probe has no term.
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
