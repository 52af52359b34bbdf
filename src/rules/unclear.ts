import type { TemplateReference } from '../model/snapshot.ts'
import { type AddressSet, intersect, isEmpty } from './addresses.ts'
import { type Meaning, matchPort, matchProtocol, type PieceVerdict, type Probe, portsOf } from './terms.ts'

/** A part of a rule that leaves open whether the rule matches the probe, or what it does. */
export type UnclearPart =
  /** The text is not understood. Null: it is missing. */
  | { readonly part: 'action' | 'protocol' | 'port' | 'address'; readonly text: string | null }
  /** It is not documented whether the prober's address counts as a member of the group. */
  | { readonly part: 'source-group'; readonly id: string }
  /** The template could not be read, or a member is not understood. */
  | { readonly part: 'address-template' | 'service-template'; readonly reference: TemplateReference }
  /**
   * - `probe-port`: the port that CLB probes is not known
   * - `two-services`: the rule has a template and a port of its own, and they disagree
   * - `several-sources`: the API allows one kind of source, and the rule has several
   * - `priority`: the place of an ACL entry in the order is not known
   * - `icmpv6`: it is not documented whether ICMP in an ACL includes ICMPv6
   */
  | { readonly part: 'probe-port' | 'two-services' | 'several-sources' | 'priority' | 'icmpv6' }

/** The unclear parts of a rule that leave open what it does to these sources. */
export type UnclearFor = (sources: AddressSet) => readonly UnclearPart[]

export const unclearAction = (action: string | null, verdict: PieceVerdict): readonly UnclearPart[] =>
  verdict === 'unknown' ? [{ part: 'action', text: action }] : []

export const unclearProtocol = (protocol: string | null, probe: Probe): readonly UnclearPart[] =>
  matchProtocol(protocol, probe) === 'maybe' ? [{ part: 'protocol', text: protocol }] : []

/** Does this text leave open whether the rule covers the probed port? */
export function unclearPort(
  protocol: string | null,
  text: string | null,
  probe: Probe,
): readonly UnclearPart[] {
  const ports = portsOf(protocol, text)
  if (ports === null) return [{ part: 'port', text }]
  return matchPort(ports, probe) === 'maybe' ? [{ part: 'probe-port' }] : []
}

/** `part` if the meaning leaves open whether it includes one of the sources. */
export const unclearIf = (
  { maybe }: Meaning,
  sources: AddressSet,
  part: UnclearPart,
): readonly UnclearPart[] => (isEmpty(intersect(maybe, sources)) ? [] : [part])

/** Rows of one rule often lack the same thing. */
export const distinct = (parts: readonly UnclearPart[]): readonly UnclearPart[] => [
  ...new Map(parts.map((part) => [JSON.stringify(part), part])).values(),
]
