import type { GuestPart } from '../evaluation.ts'
import type { NotSeen } from '../facts.ts'
import type { Given } from './given.ts'
import { isPing } from './reasons.ts'

/** What of the layers that were not read matters to this check. A layer without a fact is named, even if nobody did. */
export function relevantOf(given: Given, found: readonly NotSeen[]): readonly NotSeen[] {
  const { facts, check, machine } = given
  const isOfHttp = check.kind !== 'tcp' && check.kind !== 'udp'
  const isNeeded = ({ layer, why }: NotSeen): boolean => {
    switch (layer) {
      case 'ip6tables':
      case 'ip6tablesLegacy':
        return machine.family === 6
      case 'iptables':
      case 'iptablesLegacy':
      case 'arp':
        return machine.family === 4
      case 'sockets':
      case 'otherSockets':
      case 'connections':
        return !isPing(check)
      // A machine with IPVS has the device of kube-proxy, or another one carries the virtual addresses.
      case 'ipvs':
        return !isPing(check) && facts.devices?.some(({ name }) => /ipvs/.test(name)) !== false
      case 'request':
        return why === 'unasked' || (isOfHttp && !isPing(check))
      default:
        return true
    }
  }
  const all = [...facts.notSeen, ...found].filter(isNeeded)
  const unnamed = (layer: NotSeen['layer'], isRead: boolean, what: string): readonly NotSeen[] =>
    isRead || all.some((one) => one.layer === layer) ? [] : [{ layer, why: 'left-out', what }]
  const cut: readonly NotSeen[] =
    facts.isComplete || all.some(({ why }) => why === 'cut')
      ? []
      : [{ layer: 'request', why: 'cut', what: 'end' }]
  return distinct([
    ...all,
    ...unnamed('routes', facts.routes !== null, 'ip route show table all'),
    ...unnamed('policies', facts.policies !== null, 'ip rule'),
    ...(isPing(check) ? [] : unnamed('sockets', facts.listening !== null, 'ss -lntu')),
    ...cut,
  ])
}

const LAYER_OF = { 'guest-firewall': 'iptables', listener: 'sockets', application: 'request' } as const

/** An unknown outcome comes with a reason: at least what may stop the probes. */
export function explained(parts: readonly GuestPart[], notSeen: readonly NotSeen[]): readonly NotSeen[] {
  const unknown = parts.filter(({ outcome }) => outcome === 'unknown')
  if (unknown.length === 0 || notSeen.some(({ layer }) => layer !== 'counters' && layer !== 'tcx'))
    return notSeen
  const own = unknown.flatMap(({ stage, decidedBy }): NotSeen[] =>
    stage === null ? [] : [{ layer: LAYER_OF[stage], why: 'not-understood', what: decidedBy ?? stage }],
  )
  return distinct([...notSeen, ...own])
}

export function distinct(all: readonly NotSeen[]): readonly NotSeen[] {
  const found = new Map(all.map((one) => [JSON.stringify(one), one]))
  return [...found.values()]
}
