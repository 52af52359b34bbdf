import { statusIn } from '../model/diagnosis.ts'
import { type Fact, known as valueIn } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import type { HealthRecord, LoadBalancer, NetworkInterface } from '../model/snapshot.ts'
import { distinct } from './collect.ts'
import { balancerOf, frontFact, placeOf } from './front.ts'
import { deepest, type Entry, type Known, type Lead, leads, leadsAt, single } from './known.ts'

// The backends of a CLB, and the ids that follow from them. Every function here is pure.

/** An address of a backend, and what the API says about its machine or interface. */
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
  /** Addresses without a machine or registered interface. Their interface has to be looked up. */
  readonly bare: ReadonlySet<string>
  /** Addresses, each with the interface that it is registered with. */
  readonly registered: readonly { readonly ip: string; readonly eniId: string }[]
  readonly machineIds: readonly string[]
  /** Addresses whose backends are all Alive. */
  readonly well: ReadonlySet<string>
  /** Addresses with a Dead backend. */
  readonly dead: ReadonlySet<string>
  readonly depth: number
}

/** Types whose address belongs to no interface of the VPC: behind CCN, or a pod that is reached through its node. */
const ELSEWHERE = new Set(['CCN', 'GLOBALROUTE'])

const onAnInterface = ({ type }: Address): boolean => type === null || !ELSEWHERE.has(type)

/** Backends that are not registered as a machine. */
export const isDirect = ({ type, instanceId }: Address): boolean =>
  (type !== null && type !== 'CVM') || instanceId === null

const isBare = (address: Address): boolean =>
  isDirect(address) && onAnInterface(address) && address.eniId === null

/** The interface that a direct backend is registered with. */
const interfaceIdOf = (address: Address): string | null =>
  isDirect(address) && onAnInterface(address) ? address.eniId : null

const isMachineId = (id: string | null): id is string => hasPrefix(id, 'ins')

/** The last result per answer. This runs again for every answer, and a CLB can have thousands of backends. */
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
    dead: new Set(records.flatMap(({ ip, detail }) => (statusIn(detail) === 'Dead' ? [ip] : []))),
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

/**
 * Only the registration says which backends are behind CCN. If the CLB has SNAT IPs, a backend without a registration
 * may be.
 */
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
 * Addresses whose interface has to be looked up: first the bare ones. A machine lists only the addresses of its primary
 * interface, so an address that its machine does not list follows as soon as the machine is known.
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

/** Does the backend's machine or registered interface have the address? Null until both are known. */
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

/** True if a registered interface has the address, or if the interface could not be read. */
const claims = (fact: Fact<NetworkInterface | null>, ip: string): boolean =>
  fact.state !== 'ok' || fact.value?.ips.includes(ip) === true

interface Owned {
  readonly ip: string
  readonly entry: Entry<NetworkInterface | null>
}

/** The known interfaces of the backends' addresses. */
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

/** The machines of Dead backends that are registered by their interface. */
export function holderLeads(known: Known): readonly Lead[] {
  const backends = backendsOf(known)
  if (!backends) return []
  const registered = new Set(backends.machineIds)
  return ownersOfAddresses(known)
    .filter(({ ip }) => !backends.well.has(ip))
    .flatMap(({ entry }) => leads([entry], ({ instanceId }) => [instanceId]))
    .filter(({ id }) => isMachineId(id) && !registered.has(id))
}
