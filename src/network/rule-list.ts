import { type AddressSet, isEmpty } from './addresses.ts'
import { kept, lazy } from './kept.ts'
import { ALL_PORTS, type PortSet } from './ports.ts'
import type { Meaning, PieceVerdict, Probe } from './terms.ts'

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

/** A rule reduced to one probe: what it surely matches, and what it might, for want of understanding a part of it. */
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

/** One rule, its texts read once, whatever probes are asked of it. */
export interface CompiledRule {
  readonly verdict: PieceVerdict
  readonly by: () => Decider
  /** Prober ports that it applies to. */
  readonly proberPorts: PortSet
  /** The probers' addresses that it speaks of, for such a probe. */
  meaningFor(probe: Probe): Meaning
}

/** Rules in the order in which they are asked. */
export interface RuleList {
  readonly id: string
  /** All that its rules ask of a probe beside the source: probes of one key get the same terms. */
  keyOf(probe: Probe): string
  termsFor(probe: Probe): readonly Term[]
}

/** Compiled when first asked; worked out once for each kind of probe. */
export function ruleList(
  id: string,
  keyOf: (probe: Probe) => string,
  compile: () => readonly CompiledRule[],
): RuleList {
  const rules = lazy(compile)
  const known = new Map<string, readonly Term[]>()
  return {
    id,
    keyOf,
    termsFor(probe) {
      return kept(known, keyOf(probe), () => termsOf(rules(), probe))
    },
  }
}

function termsOf(rules: readonly CompiledRule[], probe: Probe): readonly Term[] {
  const terms: Term[] = []
  for (const { verdict, by, proberPorts, meaningFor } of rules) {
    const { sure, maybe } = meaningFor(probe)
    if (isEmpty(sure) && isEmpty(maybe)) continue
    terms.push({ sure, maybe, ports: hasPorts(probe) ? proberPorts : ALL_PORTS, verdict, by })
  }
  return terms
}

export const hasPorts = ({ protocol }: Probe): boolean => protocol === 'tcp' || protocol === 'udp'
