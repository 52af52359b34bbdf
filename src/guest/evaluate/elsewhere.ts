import { type AddressSet, emptySet, everything, parseAddresses } from '../../rules/index.ts'
import type { GuestEvaluation } from '../evaluation.ts'
import type { NotSeen } from '../facts.ts'
import type { Arrival } from './arrivals.ts'
import type { Given } from './given.ts'

/**
 * True if the output cannot be about the target: the machine has other addresses, its rules send nothing on, and no route
 * leads to a pod with the target's address. Then it says nothing about the probes, whatever its settings are.
 */
export function isOtherMachine(arrivals: readonly Arrival[], given: Given): boolean {
  const { machine, facts, check } = given
  if (machine.isTargetHere || facts.devices === null) return false
  const isRewritten = arrivals.some(
    ({ virtual, endpoints }) => virtual !== null || endpoints.some(({ address }) => address !== check.ip),
  )
  return !isRewritten && !isPodHere(given)
}

/** True if the machine forwards to the target, whose address is not its own. */
export const isNodeOfPod = (given: Given): boolean =>
  !given.machine.isTargetHere && given.facts.devices !== null && isPodHere(given)

/** A pod is behind a device of its own: a bridge, an overlay, or a route for its address alone. */
function isPodHere({ machine, check }: Given): boolean {
  const address = parseAddresses(check.ip)
  if (address === null || !machine.areRoutesRead) return false
  const outward = new Set(
    machine
      .routesTo(everything(machine.family), check.ip)
      .filter(({ text }) => text.startsWith('default'))
      .flatMap(({ devices }) => devices),
  )
  const [route] = machine.routesTo(address, '', machine.device ?? 'lo')
  if (route === undefined || route.kind !== 'unicast' || route.text.startsWith('default')) return false
  const isAlone = route.text.startsWith(`${check.ip} `)
  return isAlone || route.devices.some((device) => !outward.has(device))
}

/** Nothing is known of the probes. */
export function aboutOtherMachine(sources: AddressSet, { facts, check }: Given): GuestEvaluation {
  const notSeen: NotSeen = { layer: 'devices', why: 'other-machine', what: check.ip }
  const nothing = emptySet(sources.family)
  return {
    facts,
    isOfNode: false,
    parts: [{ sources, outcome: 'unknown', stage: null, decidedBy: null, code: null }],
    reasons: [],
    seen: { connected: nothing, halfOpen: nothing },
    notSeen: [notSeen],
    sentOn: [],
  }
}
