import { serviceKey } from '../model/endpoint.ts'
import { type Fact, failuresOf, known, type ReadFailure } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import { isIpv6 } from '../model/ip.ts'
import type {
  AddressOwner,
  Instance,
  LoadBalancer,
  NetworkAcl,
  NetworkInterface,
  SecurityGroup,
  Snapshot,
  Subnet,
} from '../model/snapshot.ts'
import { contains, parseAddresses } from '../rules/index.ts'
import type { Member } from './pools.ts'
import { isOfVpc } from './routes.ts'

/** Why it is not known where a target lives or what filters its traffic. */
export type UnresolvedReason =
  | { readonly code: 'unread'; readonly failures: readonly ReadFailure[] }
  | { readonly code: 'owner-unknown' }
  | { readonly code: 'no-groups' }
  | { readonly code: 'outside-vpc' }
  | { readonly code: 'node-unknown' }
  | { readonly code: 'service-groups'; readonly service: string }
  | { readonly code: 'type-unknown'; readonly type: string }
  | { readonly code: 'not-found'; readonly id: string }

export type Resolved<T> =
  | { readonly isResolved: true; readonly value: T }
  | { readonly isResolved: false; readonly why: UnresolvedReason }

const isResolved = <T>(value: T): Resolved<T> => ({ isResolved: true, value })
const unresolved = (why: UnresolvedReason): Resolved<never> => ({ isResolved: false, why })
const unread = (...failures: readonly ReadFailure[]): Resolved<never> =>
  unresolved({ code: 'unread', failures })

/** Where the target's address lives: its subnet and its security groups in binding order. */
export interface TargetLocation {
  readonly eniId: string | null
  readonly subnetId: string | null
  readonly securityGroupIds: readonly string[]
  /**
   * Set if the address belongs to a managed service (a database, a queue). Its product's API gives the security groups.
   */
  readonly service: Service | null
}

export interface Service {
  /** The product's name in the API, for example CDB or REDIS. Null if the API did not give it. */
  readonly type: string | null
  readonly id: string | null
  /** The failed call, if that is why the instance is not known. */
  readonly unread: ReadFailure | null
  /** The ids of its security groups. Undefined if they were not read. */
  readonly groups: Fact<readonly string[]> | undefined
}

/**
 * A machine has the groups of its primary interface. An address on another interface has that interface's groups. A pod
 * of a GlobalRouter network has its node's groups (platform facts D, E).
 */
export function locationOf(snapshot: Snapshot, member: Member): Resolved<TargetLocation> {
  switch (member.type) {
    case 'CCN':
      return locationBehindCcn(snapshot, member)
    case 'GLOBALROUTE':
      return onNode(snapshot, member)
    case 'CVM':
    case 'ENI':
    case 'EVM':
    case 'UNKNOWN':
      return inVpc(snapshot, member)
    default:
      return unresolved({ code: 'type-unknown', type: member.type })
  }
}

function inVpc(snapshot: Snapshot, member: Member): Resolved<TargetLocation> {
  const machineFact = member.instanceId === null ? undefined : snapshot.instances[member.instanceId]
  const machine = known(machineFact)
  const eniFact = snapshot.interfaces[member.ip]
  const eni = known(eniFact)
  if (eni) return isResolved(ofInterface(eni))
  if (machine && [...machine.privateIps, ...machine.ipv6Addresses].includes(member.ip))
    return isResolved(ofMachine(machine, member))
  const ownerFact = snapshot.addressOwners[member.ip]
  const owner = known(ownerFact)
  if (owner && isService(owner)) return ofService(snapshot, owner, member)
  const failures = failuresOf([machineFact, eniFact, ownerFact])
  return failures.length > 0 ? unread(...failures) : unresolved({ code: 'owner-unknown' })
}

function onNode(snapshot: Snapshot, member: Member): Resolved<TargetLocation> {
  const fact = member.instanceId === null ? undefined : snapshot.instances[member.instanceId]
  if (fact && fact.state !== 'ok') return unread(fact.failure)
  const node = known(fact)
  return node ? isResolved(ofMachine(node, member)) : unresolved({ code: 'node-unknown' })
}

/** The target behind CCN is a machine of the account, a managed service, or an address that the API does not show. */
function locationBehindCcn(snapshot: Snapshot, member: Member): Resolved<TargetLocation> {
  const [crossFact, ownerFact, eniFact] = [
    snapshot.crossTargets[member.ip],
    snapshot.addressOwners[member.ip],
    snapshot.interfaces[member.ip],
  ]
  const cross = known(crossFact)
  const eni = known(eniFact)
  const machineFact = cross?.instanceId ? snapshot.instances[cross.instanceId] : undefined
  const machine = known(machineFact)
  if (eni) return isResolved(ofInterface(eni))
  if (machine?.privateIps.includes(member.ip)) return isResolved(ofMachine(machine, member))
  const owner = known(ownerFact)
  if (owner && isService(owner)) return ofService(snapshot, owner, member)
  // If the ranges of the CLB's own VPC were not read, the addresses in it were not looked up either.
  const ranges = cross ? [] : Object.values(snapshot.vpcs)
  const failures = failuresOf([crossFact, eniFact, machineFact, ownerFact, ...ranges])
  if (failures.length > 0) return unread(...failures)
  // Members of a target group may not have been looked up.
  const isUnasked = !crossFact && member.targetGroupId !== null
  const isOpen = cross || owner || isUnasked || isOfVpc(snapshot, member.ip)
  return unresolved({ code: isOpen ? 'owner-unknown' : 'outside-vpc' })
}

const ofInterface = ({ id, subnetId, securityGroupIds }: NetworkInterface): TargetLocation => ({
  eniId: id,
  subnetId,
  securityGroupIds,
  service: null,
})

const ofMachine = ({ subnetId, securityGroupIds }: Instance, { eniId }: Member): TargetLocation => ({
  eniId,
  subnetId,
  securityGroupIds,
  service: null,
})

/** False for an interface or machine: one that could not be found is not a managed service. */
const isService = ({ type, id }: AddressOwner): boolean =>
  !(hasPrefix(id, 'eni') || hasPrefix(id, 'ins') || type === 'ENI' || type === 'CVM')

function ofService(snapshot: Snapshot, owner: AddressOwner, { ip }: Member): Resolved<TargetLocation> {
  const { type, id, subnetId, unread: why } = owner
  const groups = id === null ? undefined : snapshot.serviceGroups[serviceKey(id, ip)]
  return isResolved({
    eniId: null,
    subnetId,
    securityGroupIds: known(groups) ?? [],
    service: { type, id, unread: why ?? null, groups },
  })
}

/** A COS bucket has no security group (platform facts D). */
export const isGroupless = ({ service }: TargetLocation): boolean => service?.type === 'COS'

export function groupsOf(snapshot: Snapshot, location: TargetLocation): Resolved<readonly SecurityGroup[]> {
  if (location.securityGroupIds.length === 0) return noGroups(location)
  const facts = location.securityGroupIds.map((id) => snapshot.securityGroups[id])
  const groups = facts.flatMap((fact) => known(fact) ?? [])
  if (groups.length === facts.length) return isResolved(groups)
  const failures = failuresOf(facts)
  return failures.length > 0 ? unread(...failures) : unresolved({ code: 'owner-unknown' })
}

function noGroups({ service }: TargetLocation): Resolved<never> {
  if (service === null) return unresolved({ code: 'no-groups' })
  if (service.groups && service.groups.state !== 'ok') return unread(service.groups.failure)
  if (service.unread) return unread(service.unread)
  return unresolved({ code: 'service-groups', service: service.id ?? service.type ?? '?' })
}

export interface SubnetAndAcl {
  readonly subnet: Subnet
  /** Null if the subnet has no ACL. */
  readonly acl: NetworkAcl | null
}

export function subnetAndAclOf(snapshot: Snapshot, location: TargetLocation): Resolved<SubnetAndAcl> {
  if (location.service?.unread) return unread(location.service.unread)
  if (location.subnetId === null) return unresolved({ code: 'owner-unknown' })
  const subnet = resolve(snapshot.subnets[location.subnetId], location.subnetId)
  if (!subnet.isResolved) return subnet
  const aclId = subnet.value.networkAclId
  if (aclId === null) return isResolved({ subnet: subnet.value, acl: null })
  const acl = resolve(snapshot.networkAcls[aclId], aclId)
  return acl.isResolved ? isResolved({ subnet: subnet.value, acl: acl.value }) : acl
}

function resolve<T>(fact: Fact<T | null> | undefined, id: string): Resolved<T> {
  if (!fact) return unresolved({ code: 'not-found', id })
  if (fact.state !== 'ok') return unread(fact.failure)
  return fact.value === null ? unresolved({ code: 'not-found', id }) : isResolved(fact.value)
}

/**
 * Is a private VIP in the target's subnet? An ACL does not filter within its subnet (platform facts B). Null: not
 * known.
 */
export function sharesSubnet(balancer: LoadBalancer | undefined, subnet: Subnet): boolean | null {
  if (!balancer) return null
  if (balancer.networkType === 'OPEN') return false
  if (balancer.vips.length === 0 && balancer.subnetId === null && balancer.vpcId === subnet.vpcId) return null
  const isThere = balancer.subnetId === subnet.id || hasVipIn(balancer, subnet)
  return isThere && balancer.networkType !== 'INTERNAL' ? null : isThere
}

function hasVipIn(balancer: LoadBalancer, subnet: Subnet): boolean {
  return balancer.vips.some((vip) => {
    const address = parseAddresses(vip)
    const range = parseAddresses((isIpv6(vip) ? subnet.ipv6Cidr : subnet.cidr) ?? '')
    return balancer.vpcId === subnet.vpcId && address !== null && range !== null && contains(range, address)
  })
}

/**
 * Do the probes bypass the target's security groups? They do if "pass to target" is in force. IPv6 CLBs always pass;
 * targets outside the VPC and classic private CLBs never do (platform facts C2). Null: not known.
 */
export function bypassesGroups(
  balancer: LoadBalancer | undefined,
  member: Member,
): 'ipv6' | 'pass-to-target' | false | null {
  if (!balancer) return null
  if (balancer.ipVersion === 'ipv6') return 'ipv6'
  if (member.type === 'CCN') return false
  if (balancer.generation === 'classic' && balancer.networkType === 'INTERNAL') return false
  if (balancer.passToTarget === null) return null
  if (!balancer.passToTarget) return false
  // The documents say that the setting does not work with SNAT. They do not say what it does for targets in a SNAT
  // CLB's own VPC.
  return balancer.snatPro ? null : 'pass-to-target'
}
