import { kept } from '../model/memo.ts'
import type { SecurityMatch } from '../model/snapshot.ts'
import type { Family } from './addresses.ts'
import { type CompiledReferences, compileReferences, type References } from './references.ts'
import {
  anything,
  eitherOf,
  given,
  groupCidr,
  type Match,
  type Meaning,
  matchService,
  meaningOf,
  meaningOfAll,
  type Probe,
  unsure,
} from './terms.ts'

/** The sources that a security-group rule means for one probe. */
export type MeaningFor = (match: SecurityMatch) => Meaning

/** Everything about a probe that a group's answer depends on, except the sources. */
export const groupKeyOf = ({ protocol, port, sources }: Probe): string =>
  `${sources.family} ${protocol} ${port}`

/** Shared by all groups of one evaluation, so that equal parts of rules are parsed once. */
export function compileMeanings(references: References): (probe: Probe) => MeaningFor {
  const compiled = compileReferences(references)
  const known = new Map<string, MeaningFor>()
  return (probe) => kept(known, groupKeyOf(probe), () => meaningsFor(probe, compiled))
}

function meaningsFor(probe: Probe, references: CompiledReferences): MeaningFor {
  const { family } = probe.sources
  const asks = serviceMatcher(probe, references)
  return (match) => given(asks(match), family, () => sourceOf(match, family, references))
}

/** Does a rule match the probe's protocol and port? Many rules share few such pairs, so the answers are kept. */
function serviceMatcher(probe: Probe, references: CompiledReferences): (match: SecurityMatch) => Match {
  const known = new Map<string | null, Map<string | null, Match>>()
  const own = ({ protocol, port }: SecurityMatch): Match => {
    const ofProtocol = kept(known, protocol, () => new Map<string | null, Match>())
    return kept(ofProtocol, port, () => matchService(protocol, port, probe))
  }
  return (match) => {
    const { protocol, port, service } = match
    if (service === null) return own(match)
    const named = references.services(service, probe)
    const hasOwn = protocol !== null && port !== null && protocol.trim().toUpperCase() !== 'ALL'
    if (!hasOwn) return named
    // The API does not allow a service template beside a protocol and port. If a rule has both and they agree, that is
    // the answer.
    return own(match) === named ? named : 'maybe'
  }
}

function sourceOf(match: SecurityMatch, family: Family, references: CompiledReferences): Meaning {
  const { sourceGroupId, address } = match
  const byCidr = cidrsOf(match, family)
  if (sourceGroupId === null && address === null) return byCidr ?? anything(family)
  const byReference = [
    ...(sourceGroupId === null ? [] : [references.members(sourceGroupId, family)]),
    ...(address === null ? [] : [references.addresses(address, family)]),
  ]
  const named = byCidr ? [byCidr, ...byReference] : byReference
  const either = eitherOf(family, named)
  // The API allows one kind of source. If a rule has several, it is not known which one counts.
  return named.length === 1 ? either : unsure(either)
}

function cidrsOf({ cidr, ipv6Cidr }: SecurityMatch, family: Family): Meaning | null {
  if (cidr === null) return ipv6Cidr === null ? null : meaningOf(ipv6Cidr, family)
  const own = groupCidr(cidr)
  return ipv6Cidr === null ? meaningOf(own, family) : meaningOfAll([own, ipv6Cidr], family)
}
