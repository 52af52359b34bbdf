import type { AddressSet } from '../../rules/index.ts'
import { USUAL_INTERVAL } from '../usual.ts'
import type { Arrival } from './arrivals.ts'
import type { Given } from './given.ts'
import { reasonOf } from './reasons.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts, verdictsOf } from './stops.ts'

// What the kernel does with a ping that the filters let in.

const IGNORE = { 4: 'net.ipv4.icmp_echo_ignore_all', 6: 'net.ipv6.icmp.echo_ignore_all' } as const
const LIMIT = { 4: 'net.ipv4.icmp_ratelimit', 6: 'net.ipv6.icmp.ratelimit' } as const
const MASK = 'net.ipv4.icmp_ratemask'

export const ping = (arrival: Arrival, given: Given): Verdicts =>
  arrival.isForwarded
    ? ofPod(arrival, given)
    : verdictsOf([ignored(arrival.sources, given), limited(arrival.sources, given)])

/** A pod has settings of its own. The machine's own ping shows whether it answers. */
function ofPod({ sources, endpoints }: Arrival, { facts }: Given): Verdicts {
  const isAnswered = endpoints.every(({ address }) =>
    facts.requests.some(
      (request) => request.scheme === 'ping' && request.address === address && request.end.kind === 'open',
    ),
  )
  if (isAnswered) return NOTHING
  const what = `ping ${endpoints.map(({ address }) => address).join(', ')}`
  return inDoubt({
    sources,
    stage: 'listener',
    decidedBy: what,
    notSeen: [{ layer: 'request', why: 'unasked', what }],
  })
}

function ignored(sources: AddressSet, given: Given): Verdicts {
  const name = IGNORE[given.machine.family]
  const value = given.machine.sysctl(name)
  if (value === 0) return NOTHING
  if (value === null)
    return inDoubt({
      sources,
      stage: 'listener',
      decidedBy: name,
      code: 'guest-icmp/echo-ignored',
      notSeen: [{ layer: 'sysctl', why: 'left-out', what: name }],
    })
  return stoppedBy(
    reasonOf(given, {
      code: 'guest-icmp/echo-ignored',
      stage: 'listener',
      sources,
      outcome: 'timeout',
      certainty: 'certain',
      decidedBy: `${name} = ${value}`,
      params: { sysctls: [name] },
      evidence: [{ fact: name, value }],
    }),
  )
}

/** The kernel limits answers to one prober, if the mask has echo replies (bit 0). By default it has not. */
function limited(sources: AddressSet, given: Given): Verdicts {
  const { machine, check } = given
  const mask = machine.family === 4 ? machine.sysctl(MASK) : 0
  const limit = machine.sysctl(LIMIT[machine.family])
  const interval = (check.intervalSeconds ?? USUAL_INTERVAL) * 1000
  const isOff = (mask !== null && (mask & 1) === 0) || (limit !== null && limit <= interval)
  if (isOff) return NOTHING
  if (mask === null || limit === null) {
    const what = mask === null ? MASK : LIMIT[machine.family]
    return inDoubt({
      sources,
      stage: 'listener',
      decidedBy: what,
      code: 'guest-icmp/rate-limited',
      notSeen: [{ layer: 'sysctl', why: 'left-out', what }],
    })
  }
  const decidedBy = `${LIMIT[machine.family]} = ${limit}, ${MASK} = ${mask}`
  const sysctls = [LIMIT[machine.family], MASK]
  const doubt = inDoubt({
    sources,
    stage: 'listener',
    decidedBy,
    code: 'guest-icmp/rate-limited',
    notSeen: [],
  })
  const reason = reasonOf(given, {
    code: 'guest-icmp/rate-limited',
    stage: 'listener',
    sources,
    // Chance lets a few replies out, so the outcome of one probe is unknown.
    outcome: 'timeout',
    certainty: 'likely',
    decidedBy,
    params: { sysctls },
    evidence: [
      { fact: LIMIT[machine.family], value: limit },
      { fact: MASK, value: mask },
    ],
  })
  return { ...doubt, reasons: [reason] }
}
