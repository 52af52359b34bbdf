import { statusIn } from '../model/diagnosis.ts'
import { type Fact, known as valueIn } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import type { HealthRecord, LoadBalancer, NetworkInterface } from '../model/snapshot.ts'
import { distinct } from './collect.ts'
import { balancerOf, frontFact, placeOf } from './front.ts'
import { deepest, type Entry, type Known, type Lead, leads, leadsAt, single } from './known.ts'

// Who the backends of a CLB are, and what follows from that. Everything here is a pure function of what is known.

/** An address of a backend, with what is said about who it is. */
export interface Address {
  readonly ip: string
  readonly instanceId: string | null
  readonly eniId: string | null
  readonly type: string | null
}

interface Backends {
  readonly addresses: readonly Address[]
  /** Addresses that are behind CCN, or may be. */
  readonly far: readonly string[]
  /** Addresses that neither a machine nor a registered interface stands for. */
  readonly bare: ReadonlySet<string>
  /** Addresses with the interface that they are registered by. */
  readonly registered: readonly { readonly ip: string; readonly eniId: string }[]
  readonly machineIds: readonly string[]
  /** Addresses whose backends are all well. */
  readonly well: ReadonlySet<string>
  readonly depth: number
}

/** Types whose address no interface of the VPC need own: behind CCN, or a pod's, which its node stands for. */
const ELSEWHERE = new Set(['CCN', 'GLOBALROUTE'])

const onAnInterface = ({ type }: Address): boolean => type === null || !ELSEWHERE.has(type)

/** Backends that no machine stands for. */
export const isDirect = ({ type, instanceId }: Address): boolean =>
  (type !== null && type !== 'CVM') || instanceId === null

const isBare = (address: Address): boolean =>
  isDirect(address) && onAnInterface(address) && address.eniId === null

/** The interface that such a backend is registered with. */
const interfaceIdOf = (address: Address): string | null =>
  isDirect(address) && onAnInterface(address) ? address.eniId : null

const isMachineId = (id: string | null): id is string => hasPrefix(id, 'ins')

/** The last result per answer: thousands of backends are looked at again whenever something becomes known. */
const built = new WeakMap<object, { readonly from: readonly unknown[]; readonly backends: Backends }>()

/** Null until registrations and health are known. */
export function backendsOf(known: Known): Backends | null {
  const [registrations, health] = [frontFact(known, 'registrations'), frontFact(known, 'health')]
  if (!registrations || !health) return null
  const balancer = balancerOf(known)
  const depth = deepest(single(known.loadBalancer), registrations, health)
  const from = [balancer, health.fact, depth]
  const kept = built.get(registrations.fact)
  if (kept?.from.every((one, i) => one === from[i])) return kept.backends
  const records = valueIn(health.fact) ?? []
  const addresses = addressesOf(valueIn(registrations.fact) ?? [], records)
  const backends = {
    addresses,
    far: farOf(addresses, balancer),
    bare: new Set(addresses.filter(isBare).map(({ ip }) => ip)),
    registered: addresses.flatMap((address) => {
      const eniId = interfaceIdOf(address)
      return eniId === null ? [] : [{ ip: address.ip, eniId }]
    }),
    machineIds: distinct(addresses.map(({ instanceId }) => (isMachineId(instanceId) ? instanceId : null))),
    well: wellOf(records),
    depth,
  }
  built.set(registrations.fact, { from, backends })
  return backends
}

function addressesOf(registrations: readonly Address[], health: readonly HealthRecord[]): readonly Address[] {
  const byIp = new Map<string, Address>()
  for (const { ip, instanceId, eniId, type } of registrations)
    if (ip !== '') byIp.set(ip, { ip, instanceId, eniId, type })
  for (const { ip, targetId } of health)
    if (ip !== '' && !byIp.has(ip)) byIp.set(ip, { ip, instanceId: targetId, eniId: null, type: null })
  return [...byIp.values()]
}

/** Only the registration says which are behind CCN. If the CLB has SNAT IPs, a backend without one may be. */
const farOf = (addresses: readonly Address[], balancer: LoadBalancer | undefined): readonly string[] =>
  addresses.filter(({ type }) => type === 'CCN' || (type === null && balancer?.snatPro)).map(({ ip }) => ip)

function wellOf(health: readonly HealthRecord[]): ReadonlySet<string> {
  const isWell = new Map<string, boolean>()
  for (const { ip, detail } of health)
    isWell.set(ip, (isWell.get(ip) ?? true) && statusIn(detail) === 'Alive')
  return new Set([...isWell].flatMap(([ip, well]) => (well ? [ip] : [])))
}

/** Target groups that listeners, rules and health records name. */
export function groupLeads(known: Known): readonly Lead[] {
  const [listeners, health] = [frontFact(known, 'listeners'), frontFact(known, 'health')]
  const balancer = single(known.loadBalancer)
  const ofListeners = (valueIn(listeners?.fact) ?? []).flatMap((listener) => [
    ...listener.targetGroupIds,
    ...listener.rules.flatMap((rule) => rule.targetGroupIds),
  ])
  const ofHealth = (valueIn(health?.fact) ?? []).map((record) => record.targetGroupId)
  return [
    ...leadsAt(deepest(balancer, listeners), ofListeners),
    ...leadsAt(deepest(balancer, health), ofHealth),
  ]
}

export function machineLeads(known: Known): readonly Lead[] {
  const { root, rootDepth } = known
  if (root.of === 'machines')
    return leadsAt(rootDepth, distinct(root.targets.map(({ instanceId }) => instanceId)).filter(isMachineId))
  const backends = backendsOf(known)
  return backends ? leadsAt(backends.depth, backends.machineIds) : []
}

export function interfaceLeads(known: Known): readonly Lead[] {
  const { root, rootDepth } = known
  if (root.of === 'machines')
    return leadsAt(
      rootDepth,
      root.targets.map(({ eniId }) => eniId),
    )
  const backends = backendsOf(known)
  return backends
    ? leadsAt(
        backends.depth,
        backends.registered.map(({ eniId }) => eniId),
      )
    : []
}

/**
 * Addresses whose interface has to be looked for. Bare ones come first. A machine lists the addresses of its primary
 * interface only, so an address that its machine does not claim follows as soon as the machine is known.
 */
export function addressLeads(known: Known): readonly Lead[] {
  const backends = backendsOf(known)
  if (!backends || placeOf(known)?.vpcId === null) return []
  const { addresses, bare, depth } = backends
  const unclaimed = addresses.flatMap((address) => {
    if (!onAnInterface(address) || bare.has(address.ip)) return []
    const claim = claimOn(known, address)
    return claim && !claim.isTaken ? leadsAt(Math.max(depth, claim.depth), [address.ip]) : []
  })
  return [...leadsAt(depth, [...bare]), ...unclaimed]
}

/** Does its machine or its registered interface have the address? Null until both are known. */
export function claimOn(
  known: Known,
  address: Address,
): { readonly isTaken: boolean; readonly depth: number } | null {
  const { ip, instanceId } = address
  const eniId = interfaceIdOf(address)
  const machine = isMachineId(instanceId) ? known.instances.get(instanceId) : undefined
  const eni = eniId === null ? undefined : known.interfaces.get(eniId)
  if ((isMachineId(instanceId) && !machine) || (eniId !== null && !eni)) return null
  const own = valueIn(machine?.fact)
  const isOwn = own ? own.privateIps.includes(ip) || own.ipv6Addresses.includes(ip) : false
  return { isTaken: isOwn || (eni ? claims(eni.fact, ip) : false), depth: deepest(machine, eni) }
}

/** A registered interface stands for an address that it has; so does one that could not be read. */
const claims = (fact: Fact<NetworkInterface | null>, ip: string): boolean =>
  fact.state !== 'ok' || fact.value?.ips.includes(ip) === true

interface Owned {
  readonly ip: string
  readonly entry: Entry<NetworkInterface | null>
}

/** The interfaces of the backends' addresses, as far as they are known. */
export function ownersOfAddresses(known: Known): readonly Owned[] {
  const { root } = known
  if (root.of === 'machines')
    return root.targets.flatMap(({ ip, eniId }) => {
      const entry = eniId === null ? undefined : known.interfaces.get(eniId)
      return entry ? [{ ip, entry }] : []
    })
  const backends = backendsOf(known)
  if (!backends) return []
  const registered = backends.registered.flatMap(({ ip, eniId }): readonly Owned[] => {
    const entry = known.interfaces.get(eniId)
    return entry && claims(entry.fact, ip) ? [{ ip, entry }] : []
  })
  const found = [...known.addressInterfaces].map(([ip, entry]) => ({ ip, entry }))
  const isBareIp = ({ ip }: Owned): boolean => backends.bare.has(ip)
  return [...found.filter(isBareIp), ...registered, ...found.filter((one) => !isBareIp(one))]
}

/** Machines of Dead backends that are registered by their interface. */
export function holderLeads(known: Known): readonly Lead[] {
  const backends = backendsOf(known)
  if (!backends) return []
  const registered = new Set(backends.machineIds)
  return ownersOfAddresses(known)
    .filter(({ ip }) => !backends.well.has(ip))
    .flatMap(({ entry }) => leads([entry], ({ instanceId }) => [instanceId]))
    .filter(({ id }) => isMachineId(id) && !registered.has(id))
}
