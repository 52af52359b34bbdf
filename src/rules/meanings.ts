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

/** Whom a rule of a security group means, of one probe. */
export type MeaningFor = (match: SecurityMatch) => Meaning

/** All that a group asks of a probe beside its source. */
export const groupKeyOf = ({ protocol, port, sources }: Probe): string =>
  `${sources.family} ${protocol} ${port}`

/** For all groups of one evaluation: what their rules have in common is read once. */
export function compileMeanings(references: References): (probe: Probe) => MeaningFor {
  const compiled = compileReferences(references)
  const known = new Map<string, MeaningFor>()
  return (probe) => kept(known, groupKeyOf(probe), () => meaningsFor(probe, compiled))
}

function meaningsFor(probe: Probe, references: CompiledReferences): MeaningFor {
  const { family } = probe.sources
  const asks = asksFor(probe, references)
  return (match) => given(asks(match), family, () => sourceOf(match, family, references))
}

/** Does a rule speak of the probe's protocol and port? There are few of them in many rules. */
function asksFor(probe: Probe, references: CompiledReferences): (match: SecurityMatch) => Match {
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
    // The API excludes a rule with both; where both say the same, that is what it says.
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
  // The API allows one kind of source; several are one of them, nobody knows which.
  return named.length === 1 ? either : unsure(either)
}

function cidrsOf({ cidr, ipv6Cidr }: SecurityMatch, family: Family): Meaning | null {
  if (cidr === null) return ipv6Cidr === null ? null : meaningOf(ipv6Cidr, family)
  const own = groupCidr(cidr)
  return ipv6Cidr === null ? meaningOf(own, family) : meaningOfAll([own, ipv6Cidr], family)
}
