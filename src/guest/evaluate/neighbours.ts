import type { FilterPart } from '../../filter/index.ts'
import type { AddressSet } from '../../rules/index.ts'
import type { NotSeen } from '../facts.ts'
import { filteredNeighbours } from './filters.ts'
import type { Given } from './given.ts'
import { reasonOf, ruleText } from './reasons.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts, verdictsOf } from './stops.ts'

// Before its first packet, a sender asks for the card that has the address (IPv6: neighbour discovery, which is ICMPv6).
// A filter that lets only the port in drops that question, and nobody reaches the machine.

export const neighbours = (sources: AddressSet, given: Given): Verdicts =>
  verdictsOf(filteredNeighbours(given).map((part) => discovery(part, sources, given)))

function discovery({ verdict, by, unclear }: FilterPart, sources: AddressSet, given: Given): Verdicts {
  if (verdict === 'pass') return NOTHING
  // A layer that was not read leaves the probes themselves unknown.
  if (verdict === 'unknown' && by === null) return NOTHING
  const decidedBy = by === null ? 'ICMPv6 neighbour discovery' : ruleText(by)
  if (verdict === 'unknown')
    return inDoubt({
      sources,
      stage: 'guest-firewall',
      decidedBy,
      code: 'guest-firewall/probe-dropped',
      notSeen: unclear.map(
        (what): NotSeen => ({ layer: by?.layer ?? 'ip6tables', why: 'not-understood', what }),
      ),
    })
  return stoppedBy(
    reasonOf(given, {
      code: 'guest-firewall/probe-dropped',
      stage: 'guest-firewall',
      sources,
      outcome: 'timeout',
      certainty: 'likely',
      decidedBy,
      rule: by,
      params: { leg: 'neighbour' },
      evidence: [{ fact: 'neighbour-discovery', value: decidedBy }],
    }),
  )
}
