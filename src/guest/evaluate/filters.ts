import {
  evaluateFilters,
  type FilterPart,
  type Filters,
  ownRequestsGoTo,
  ownRequestsPass,
  type ProbePackets,
  parseFilters,
  UNREAD_TEXTS,
} from '../../filter/index.ts'
import { type AddressSet, isEmpty, parseAddresses, subtract, unionOf } from '../../rules/index.ts'
import type { GuestFacts } from '../facts.ts'
import type { Arrival } from './arrivals.ts'
import type { Given } from './given.ts'
import { isPing, protocolOf } from './reasons.ts'

/** The rule lists of each sample, the first one first. */
export const filtersOf = ({ filters }: GuestFacts): readonly Filters[] =>
  (filters.length === 0 ? [UNREAD_TEXTS] : filters.map(({ texts }) => texts)).map(parseFilters)

/** What the filters do with the probes. The last sample is what holds now. */
export function filtered(sources: AddressSet, given: Given): readonly FilterPart[] {
  const { filters, machine } = given
  const now = filters.at(-1)
  return now === undefined
    ? []
    : evaluateFilters(now, packetsFrom(sources, machine.filterDevice, given), machine)
}

function packetsFrom(
  sources: AddressSet,
  device: string | null,
  { facts, check, machine }: Given,
): ProbePackets {
  const icmp = machine.family === 6 ? 'icmpv6' : 'icmp'
  return {
    sources,
    destination: check.ip,
    protocol: isPing(check) ? icmp : protocolOf(check, facts),
    port: isPing(check) ? null : check.port,
    device,
  }
}

/** Any neighbour asks from an address of its link. */
const LINK = parseAddresses('fe80::/10')

/** What the filters do with the question for the machine's card, and with its answer. Empty for IPv4, which has ARP. */
export const filteredNeighbours = (given: Given): readonly FilterPart[] =>
  LINK === null ? [] : neighboursOf(LINK, given)

/** The same of the next hops of the machine's routes. A next hop answers from the address of the route. */
export function filteredNextHops(given: Given): readonly FilterPart[] {
  const { machine } = given
  if (machine.family !== 6 || machine.device === null || LINK === null) return []
  const hops = machine.hopsOver(machine.device).flatMap((hop) => parseAddresses(hop) ?? [])
  const far = subtract(
    unionOf(
      6,
      hops.filter(({ family }) => family === 6),
    ),
    LINK,
  )
  return isEmpty(far) ? [] : neighboursOf(far, given)
}

function neighboursOf(sources: AddressSet, given: Given): readonly FilterPart[] {
  const { filters, machine } = given
  const now = filters.at(-1)
  if (machine.family !== 6 || now === undefined) return []
  const packets = {
    ...packetsFrom(sources, machine.filterDevice, given),
    protocol: 'icmpv6',
    port: null,
  } as const
  return evaluateFilters(now, { ...packets, isNeighbour: true }, machine)
}

/** Does a request of the machine to its own address get through its filters? */
export function isLetInLocally(given: Given): boolean {
  const now = given.filters.at(-1)
  const own = parseAddresses(given.check.ip)
  if (now === undefined || own === null) return false
  const parts = evaluateFilters(now, packetsFrom(own, 'lo', given), given.machine)
  return parts.every(({ verdict }) => verdict === 'pass')
}

/**
 * With the machine's own requests only if they come where the probes do. A REDIRECT in PREROUTING, for example, sends the
 * probes to another port, and an own request meets the port itself.
 */
export function forArrival({ endpoints, virtual, isForwarded }: Arrival, given: Given): Given {
  const now = given.filters.at(-1)
  const own = parseAddresses(given.check.ip)
  if (virtual !== null || now === undefined || own === null) return given
  const places = endpoints.map(({ address, port }) => `${address} ${port}`)
  const reached = ownRequestsGoTo(now, packetsFrom(own, 'lo', given), given.machine)
  const isSame = reached.every(({ address, port }) => places.includes(`${address} ${port}`))
  if (!isSame) return { ...given, facts: { ...given.facts, requests: [] } }
  return isForwarded ? withoutOwnStops(endpoints, own, given) : given
}

/** Silence and a refusal tell nothing if the machine's own filters stop what it sends to the pod, or the answer. */
function withoutOwnStops(endpoints: Arrival['endpoints'], own: AddressSet, given: Given): Given {
  const { facts, machine, filters } = given
  const now = filters.at(-1)
  const sources = isEmpty(machine.own) ? own : machine.own
  const isStopped = endpoints.some(
    ({ address, port }) =>
      now !== undefined &&
      !ownRequestsPass(
        now,
        {
          ...packetsFrom(sources, null, given),
          destination: address,
          port: isPing(given.check) ? null : port,
        },
        machine,
      ),
  )
  if (!isStopped) return given
  return {
    ...given,
    facts: { ...facts, requests: facts.requests.filter(({ end }) => !OF_FILTERS.has(end.kind)) },
  }
}

/** How a request ends that a filter stops on its way. */
const OF_FILTERS: ReadonlySet<string> = new Set([
  ...['refused', 'unreachable', 'connect-timeout', 'answer-timeout', 'timeout', 'reset', 'empty', 'failed'],
])
