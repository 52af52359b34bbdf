import { type AddressSet, emptySet, everything, parseAddresses } from '../../rules/index.ts'
import type { GuestEvaluation } from '../evaluation.ts'
import type { GuestFacts, NotSeen } from '../facts.ts'
import type { Arrival } from './arrivals.ts'
import type { Given } from './given.ts'

/**
 * True if the output cannot be about the target: the machine has other addresses, its rules send nothing on, and no route
 * leads to a pod with the target's address. Then it says nothing about the probes, whatever its settings are.
 */
export function isOtherMachine(arrivals: readonly Arrival[], given: Given): boolean {
  const { machine, check } = given
  if (machine.isTargetHere || !machine.areAddressesRead) return false
  const isRewritten = arrivals.some(
    ({ virtual, endpoints }) => virtual !== null || endpoints.some(({ address }) => address !== check.ip),
  )
  return !isRewritten && !isPodHere(given)
}

/** True if the machine forwards to the target, whose address is not its own. */
export const isNodeOfPod = (given: Given): boolean =>
  !given.machine.isTargetHere && given.machine.areAddressesRead && isPodHere(given)

/**
 * Devices of pods and containers on their own node: bridges, and the near ends of their cables. A neighbour in the
 * machine's own subnet is behind a card, whether a default route leads over that card or not, and a pod of another node
 * behind a tunnel. The probes of both pass the machine by.
 */
const OF_PODS =
  /^(?:cbr|cni|docker|podman|kube-bridge|nerdctl|lxdbr|lxcbr|virbr|br-[\da-f]{12}$|veth|cali|lxc|cilium|eni|veni|vnic|weave$)/
const OF_MACHINE =
  /^(?:lo$|eth\d|en[opsx]\d|enP|em\d|p\d+p\d|bond|team|wlan|ib\d|vxlan|flannel|tunl|tailscale|wg|tun|tap|ppp)/

/** A pod is behind a device of its own: a bridge, or a cable with a route for its address alone. */
function isPodHere({ machine, facts, check }: Given): boolean {
  const address = parseAddresses(check.ip)
  if (address === null || !machine.areRoutesRead) return false
  const outward = new Set(
    machine
      .routesTo(everything(machine.family), check.ip)
      .filter(({ text }) => isByGateway(text))
      .flatMap(({ devices }) => devices),
  )
  const [route] = machine.routesTo(address, '', machine.device ?? 'lo')
  if (route === undefined || route.kind !== 'unicast' || isByGateway(route.text)) return false
  const isAlone = route.text.startsWith(`${check.ip} `)
  return route.devices.some(
    (name) => !outward.has(name) && (OF_PODS.test(name) || (isAlone && isCable(name, facts))),
  )
}

/** What a gateway or a default route leads to is not on this machine. */
const isByGateway = (text: string): boolean => /^default\b| via /.test(text)

/** The near end of a pod's cable needs no address of its own. A card has one. */
const isCable = (name: string, { devices }: GuestFacts): boolean =>
  !OF_MACHINE.test(name) &&
  (devices ?? []).every((device) => device.name !== name || device.addresses.every(isOfLink))

const isOfLink = (cidr: string): boolean => /^(?:169\.254\.|fe80:)/i.test(cidr)

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
