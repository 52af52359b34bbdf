import type { AddressSet } from '../../rules/index.ts'
import { parseAddresses } from '../../rules/index.ts'
import type { Arrival } from './arrivals.ts'
import type { Given } from './given.ts'
import { reasonOf } from './reasons.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts } from './stops.ts'

// What the kernel needs to send a packet on to a pod. Each device has a switch of its own, and the one of the device on
// which a packet arrives decides: for the request that of the probes, for the answer that of the pod. `ip_forward` only
// sets them all.

export function forwarding({ sources, endpoints }: Arrival, given: Given): Verdicts {
  const { machine } = given
  // The pods of a Service are reached over the same devices, or over the one of the overlay.
  const outs = endpoints.map(({ address }) => outOf(address, given))
  const lost = outs.find((out) => out?.kind === 'lost')
  const isOpen = !machine.arePoliciesRead || outs.some((out) => out?.kind !== 'lost')
  // A policy route that was not read may lead another way.
  if (lost?.kind === 'lost' && isOpen)
    return inDoubt({ sources, stage: 'guest-firewall', decidedBy: `ip route: ${lost.text}`, notSeen: [] })
  if (lost?.kind === 'lost')
    return stoppedBy(
      reasonOf(given, {
        code: 'guest-kernel/no-route-back',
        stage: 'guest-firewall',
        sources,
        outcome: lost.isSilent ? 'timeout' : 'rejected',
        certainty: 'likely',
        decidedBy: `ip route: ${lost.text}`,
        params: { route: lost.text },
        evidence: [{ fact: 'route', value: lost.text }],
      }),
    )
  const names = [machine.device, ...outs.map((out) => (out?.kind === 'device' ? out.device : null))]
  return switches(sources, [...new Set(names.filter((name) => name !== null))], given)
}

type Out =
  | { readonly kind: 'device'; readonly device: string | null }
  | { readonly kind: 'lost'; readonly isSilent: boolean; readonly text: string }

/** Null if the routes were not read. */
function outOf(to: string, { machine, check }: Given): Out | null {
  const address = parseAddresses(to)
  if (address === null || !machine.areRoutesRead) return null
  const [routed] = machine.routesTo(address, check.ip, machine.device ?? 'lo')
  if (routed === undefined || routed.kind === 'unknown') return null
  if (routed.kind === 'unicast' || routed.kind === 'local')
    return { kind: 'device', device: routed.kind === 'local' ? null : (routed.devices[0] ?? null) }
  return { kind: 'lost', isSilent: routed.kind === 'blackhole', text: routed.text }
}

function switches(sources: AddressSet, devices: readonly string[], given: Given): Verdicts {
  const { machine } = given
  const isSix = machine.family === 6
  const global = isSix ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward'
  const names = devices.map((device) => `net.${isSix ? 'ipv6' : 'ipv4'}.conf.${device}.forwarding`)
  // Both names are the same switch.
  const all = machine.sysctl(global) ?? machine.sysctl('net.ipv4.conf.all.forwarding')
  const values = names.map(machine.sysctl)
  // Which device leads to the pod is known from the routes and the policies.
  const isUnread = values.includes(null) || values.length === 0 || !machine.arePoliciesRead
  // IPv6 asks the switch of all devices, too. Of IPv4 it is only the last value that was written to all of them.
  const isOff = values.includes(0) || (all === 0 && (isSix || isUnread))
  if (!isOff && !isUnread) return NOTHING
  if (!isOff)
    return inDoubt({
      sources,
      stage: 'guest-firewall',
      decidedBy: null,
      code: 'guest-forwarding/interface-forwarding-off',
      notSeen: [{ layer: 'sysctl', why: 'left-out', what: names[0] ?? global }],
    })
  const isAll = all === 0
  const sysctls = isAll ? [global] : names.filter((_, i) => values[i] === 0)
  return stoppedBy(
    reasonOf(given, {
      code: isAll ? 'guest-forwarding/ip-forward-off' : 'guest-forwarding/interface-forwarding-off',
      stage: 'guest-firewall',
      sources,
      outcome: 'timeout',
      // Without the switch of all devices nobody knows which of both is to be turned.
      certainty: all === null ? 'possible' : isUnread ? 'likely' : 'certain',
      decidedBy: sysctls.map((name) => `${name} = 0`).join(', '),
      params: { sysctls },
      evidence: sysctls.map((fact) => ({ fact, value: 0 })),
    }),
  )
}
