import { kept } from '../model/memo.ts'
import type { SecurityMatch, TemplateReference } from '../model/snapshot.ts'
import { type AddressSet, type Family, intersect, isEmpty } from './addresses.ts'
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
  portKeyOf,
  unsure,
} from './terms.ts'
import { type UnclearPart, unclearIf, unclearPort, unclearProtocol } from './unclear.ts'

/** What the rules of security groups mean for one kind of probe. */
export interface Meanings {
  /** The sources that a rule means. */
  of(match: SecurityMatch): Meaning
  /** Why it is open whether the rule means one of these sources. */
  unclear(match: SecurityMatch, sources: AddressSet): readonly UnclearPart[]
}

/** Everything about a probe that a group's answer depends on, except the sources. */
export const groupKeyOf = (probe: Probe): string =>
  `${probe.sources.family} ${probe.protocol} ${portKeyOf(probe)}`

/** Shared by all groups of one evaluation, so that equal parts of rules are parsed once. */
export function compileMeanings(references: References): (probe: Probe) => Meanings {
  const compiled = compileReferences(references)
  const known = new Map<string, Meanings>()
  return (probe) => kept(known, groupKeyOf(probe), () => meaningsFor(probe, compiled))
}

function meaningsFor(probe: Probe, references: CompiledReferences): Meanings {
  const { family } = probe.sources
  const matcher = serviceMatcher(probe, references)
  const of = (match: SecurityMatch): Meaning =>
    given(matcher.named(match), family, () => sourceOf(match, family, references))
  return {
    of,
    unclear: (match, sources) =>
      isEmpty(intersect(of(match).maybe, sources))
        ? []
        : [...matcher.unclear(match), ...unclearSource(match, sources, references)],
  }
}

interface ServiceMatcher {
  named(match: SecurityMatch): Match
  unclear(match: SecurityMatch): readonly UnclearPart[]
}

/** Does a rule match the probe's protocol and port? Many rules share few such pairs, so the answers are kept. */
function serviceMatcher(probe: Probe, references: CompiledReferences): ServiceMatcher {
  const known = new Map<string | null, Map<string | null, Match>>()
  const own = ({ protocol, port }: SecurityMatch): Match => {
    const ofProtocol = kept(known, protocol, () => new Map<string | null, Match>())
    return kept(ofProtocol, port, () => matchService(protocol, port, probe))
  }
  const hasOwn = ({ protocol, port }: SecurityMatch): boolean =>
    protocol !== null && port !== null && protocol.trim().toUpperCase() !== 'ALL'
  return {
    named(match) {
      if (match.service === null) return own(match)
      const named = references.services(match.service, probe)
      // The API does not allow a service template beside a protocol and port. If a rule has both and they agree, that is
      // the answer.
      return !hasOwn(match) || own(match) === named ? named : 'maybe'
    },
    unclear(match) {
      const { protocol, port, service } = match
      if (service === null)
        return [...unclearProtocol(protocol, probe), ...unclearPort(protocol, port, probe)]
      const named = references.services(service, probe)
      if (named === 'maybe')
        return isOfPorts(service, probe, references)
          ? [{ part: 'probe-port' }]
          : [{ part: 'service-template', reference: service }]
      return hasOwn(match) && own(match) !== named ? [{ part: 'two-services' }] : []
    },
  }
}

/** True if a template is understood and covers only a part of the ports that may be probed. */
const isOfPorts = (service: TemplateReference, probe: Probe, references: CompiledReferences): boolean =>
  probe.endPort != null &&
  [probe.port, probe.endPort].every(
    (port) => references.services(service, { ...probe, port, endPort: null }) !== 'maybe',
  )

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

function unclearSource(
  { cidr, ipv6Cidr, sourceGroupId, address }: SecurityMatch,
  sources: AddressSet,
  references: CompiledReferences,
): readonly UnclearPart[] {
  const { family } = sources
  const texts = [cidr, ipv6Cidr].filter((text) => text !== null)
  const kinds = [texts[0] ?? null, sourceGroupId, address].filter((kind) => kind !== null)
  if (kinds.length === 0) return [{ part: 'address', text: null }]
  return [
    ...texts.flatMap((text) => unclearIf(meaningOf(text, family), sources, { part: 'address', text })),
    ...(sourceGroupId === null
      ? []
      : unclearIf(references.members(sourceGroupId, family), sources, {
          part: 'source-group',
          id: sourceGroupId,
        })),
    ...(address === null
      ? []
      : unclearIf(references.addresses(address, family), sources, {
          part: 'address-template',
          reference: address,
        })),
    ...(kinds.length > 1 ? [{ part: 'several-sources' } as const] : []),
  ]
}

function cidrsOf({ cidr, ipv6Cidr }: SecurityMatch, family: Family): Meaning | null {
  if (cidr === null) return ipv6Cidr === null ? null : meaningOf(ipv6Cidr, family)
  const own = groupCidr(cidr)
  return ipv6Cidr === null ? meaningOf(own, family) : meaningOfAll([own, ipv6Cidr], family)
}
