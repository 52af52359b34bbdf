import { type AddressSet, isEmpty } from '../../rules/index.ts'
import type { GuestReason } from '../evaluation.ts'
import { USUAL_INTERVAL } from '../usual.ts'
import type { Given } from './given.ts'
import type { Routed } from './lookup.ts'
import { reasonOf } from './reasons.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts, verdictsOf } from './stops.ts'

// Before the kernel looks whether an address is its own (the table `local`), it asks every rule that stands before. Some
// products move the table behind their own rules, and such a rule may take the request away.

/** `to`: where the requests go after DNAT. */
export function wayIn(sources: AddressSet, to: string, given: Given): Verdicts {
  const { machine } = given
  const { device } = machine
  if (device === null || !machine.areRoutesRead || !machine.arePoliciesRead || !machine.isLocal(to))
    return NOTHING
  return verdictsOf(machine.cameTo(to, sources, device).map((one) => stopOf(one, device, given)))
}

function stopOf({ to: sources, kind, text }: Routed, device: string, given: Given): Verdicts {
  if (isEmpty(sources) || kind === 'local') return NOTHING
  const decidedBy = `${/^(?:not )?from /.test(text) ? 'ip rule' : 'ip route'}: ${text}`
  if (kind !== 'blackhole' && kind !== 'unreachable' && kind !== 'prohibit')
    return inDoubt({
      sources,
      stage: 'guest-firewall',
      decidedBy,
      code: 'guest-kernel/no-route-back',
      notSeen: [{ layer: 'policies', why: 'not-understood', what: decidedBy }],
    })
  const outcome = kind === 'blackhole' ? 'timeout' : refusalOf(device, given)
  if (outcome === null)
    return inDoubt({
      sources,
      stage: 'guest-firewall',
      decidedBy,
      could: ['timeout', 'rejected'],
      code: 'guest-kernel/no-route-back',
      notSeen: [],
    })
  return stoppedBy(
    reasonOf(given, {
      code: 'guest-kernel/no-route-back',
      stage: 'guest-firewall',
      sources,
      outcome,
      certainty: 'likely',
      decidedBy,
      params: { route: text, way: 'in' },
      evidence: [{ fact: 'ip rule', value: text }],
    }),
  )
}

/**
 * A machine that forwards tells the sender that no route leads there, but one sender at most once in 2 s: the kernel takes
 * two seconds' worth of its allowance for each (ip_error and icmp_send). Others are silent. Null: not known.
 */
function refusalOf(device: string, { machine, check }: Given): GuestReason['outcome'] | null {
  const name = machine.family === 6 ? 'net.ipv6.conf.all.forwarding' : `net.ipv4.conf.${device}.forwarding`
  const value = machine.sysctl(name)
  if (value === null) return null
  return value === 0 || (check.intervalSeconds ?? USUAL_INTERVAL) <= 2 ? 'timeout' : 'rejected'
}
