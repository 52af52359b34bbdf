import type { CallOptions, CloudSession } from '../cloud/cloud.ts'
import { known } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import type { HealthRecord, Listener, LoadBalancer, Registration, Snapshot } from '../model/snapshot.ts'
import { readBehindCcn, within } from './behind-ccn.ts'
import { readCcnRoutes } from './ccn.ts'
import { distinct } from './collect.ts'
import { readInstances, readInterfaces, readInterfacesById, readSubnets } from './computers.ts'
import { aclsOf, readListedAcls } from './network-acls.ts'
import { readOtherRegions, type SiteFacts } from './other-region.ts'
import { readAddressOwners, readServiceGroups } from './owners.ts'
import { readGroupUse, readSecurityGroups } from './security-groups.ts'
import { readGroupMembers, readTargetGroups } from './target-groups.ts'
import { resolveTemplates } from './templates.ts'

export type BackendFacts = SiteFacts &
  Pick<
    Snapshot,
    | 'targetGroups'
    | 'targetGroupMembers'
    | 'vpcs'
    | 'addressOwners'
    | 'serviceGroups'
    | 'crossTargets'
    | 'ccnAttachments'
    | 'ccnRoutes'
  >

interface Frontend {
  /** Where the backends are. */
  readonly region: string
  readonly clbRegion: string
  readonly vpcId: string | null
  readonly loadBalancer: LoadBalancer | undefined
  readonly listeners: readonly Listener[]
  readonly registrations: readonly Registration[]
  readonly health: readonly HealthRecord[]
  readonly wave: number
}

/** An address of a backend, with what is said about who it is. */
interface Address {
  readonly ip: string
  readonly instanceId: string | null
  readonly eniId: string | null
  readonly type: string | null
}

/** Nothing asked, nothing known. */
const NONE: Readonly<Record<string, never>> = {}

/** Types whose address no interface of the VPC need own: behind CCN, or a pod's, which its node stands for. */
const ELSEWHERE = new Set(['CCN', 'GLOBALROUTE'])

const onAnInterface = ({ type }: Address): boolean => type === null || !ELSEWHERE.has(type)

/** Types whose place its owner decides, where no interface does. */
const OWNED = new Set([null, 'CVM', 'ENI', 'EVM', 'UNKNOWN'])

/**
 * Wave by wave: machines and interfaces, target groups, ACLs → subnets, security groups, interfaces of addresses that
 * no machine claimed → rules with templates written out, quintuple entries, who shares the groups. Backends behind CCN
 * or of a managed service take more: whose the address is, then its groups, then their rules.
 */
export async function backendFacts(cloud: CloudSession, front: Frontend): Promise<BackendFacts> {
  const { region, clbRegion, wave, vpcId, loadBalancer } = front
  const groupIds = front.listeners.flatMap((listener) => [
    ...listener.targetGroupIds,
    ...listener.rules.flatMap((rule) => rule.targetGroupIds),
  ])
  const fromHealth = front.health.map((record) => record.targetGroupId).filter((id) => id !== null)
  const allGroups = distinct([...groupIds, ...fromHealth])
  const addresses = addressesOf(front.registrations, front.health)

  const direct = addresses.filter(
    ({ type, instanceId }) => (type !== null && type !== 'CVM') || instanceId === null,
  )
  // Only the registration says which are behind CCN: of a CLB with SNAT IPs, what has none may be.
  const far = addresses
    .filter(({ type }) => type === 'CCN' || (type === null && loadBalancer?.snatPro))
    .map(({ ip }) => ip)
  const atHome = { region, wave }
  const owners = (of: readonly Address[], where: CallOptions) =>
    vpcId === null
      ? NONE
      : readInterfaces(
          cloud,
          of.map(({ ip }) => ip),
          vpcId,
          where,
        )
  // Nothing below waits for these: one slow answer must not hold up the rest.
  const aside = <T>(reading: Promise<T>): Promise<T> => {
    reading.catch(() => 'awaited below, unless something else fails first')
    return reading
  }
  const targetGroups = aside(readTargetGroups(cloud, allGroups, { region: clbRegion, wave }))
  const targetGroupMembers = aside(readGroupMembers(cloud, allGroups, { region: clbRegion, wave }))
  const acls = aside(readListedAcls(cloud, distinct([vpcId]), atHome))
  const onInterface = direct.filter(onAnInterface)
  const [instances, byEni, byAddress, behindCcn] = await Promise.all([
    readInstances(cloud, machineIds(addresses), atHome),
    readInterfacesById(cloud, distinct(onInterface.map(({ eniId }) => eniId)), atHome),
    owners(
      onInterface.filter(({ eniId }) => eniId === null),
      atHome,
    ),
    readBehindCcn(cloud, far, loadBalancer?.vpcId ?? null, { region: clbRegion, wave }),
  ])
  const claimed = { ...byAddress, ...claimedBy(byEni, onInterface) }

  // A machine lists the addresses of its primary interface only; any other address is asked for by itself.
  const unclaimed = addresses.filter(
    (address) =>
      !(address.ip in claimed) &&
      onAnInterface(address) &&
      !ownsAddress(instances, address.instanceId, address.ip),
  )
  const ranges = known(behindCcn.vpcs[vpcId ?? ''])?.cidrs
  const isInVpc = ranges && within(ranges)
  const unowned = direct.filter(({ ip, instanceId, type }) => {
    const isLocal = isInVpc ? isInVpc(ip) : type !== 'CCN'
    if (type === 'CCN') return isLocal && !known(behindCcn.crossTargets[ip])
    const fact = claimed[ip]
    const isFree = !fact || (fact.state === 'ok' && fact.value === null)
    return isLocal && OWNED.has(type) && !ownsAddress(instances, instanceId, ip) && isFree
  })
  const machines = Object.values(instances).flatMap((fact) => known(fact) ?? [])
  const enis = Object.values(claimed).flatMap((fact) => known(fact) ?? [])
  const next = { region, wave: wave + 1 }
  const vpcs = distinct([...machines, ...enis].map(({ vpcId }) => vpcId))
  const firstGroups = distinct([...machines, ...enis].flatMap((c) => c.securityGroupIds))
  const snatSubnets = far.length === 0 ? [] : (loadBalancer?.snatIps ?? []).map(({ subnetId }) => subnetId)
  const firstSubnets = distinct([...[...machines, ...enis].map(({ subnetId }) => subnetId), ...snatSubnets])
  const asked = distinct(unowned.map(({ ip }) => ip))
  const ccnRoutes = aside(readCcnRoutes(cloud, behindCcn.ccnIds, next))
  const sites = aside(readOtherRegions(cloud, behindCcn.machines, next.wave))
  const attached = holdersOf(claimed, front.health, Object.keys(instances))
  const holders = aside(readInstances(cloud, attached, next))
  const [late, subnets, groups, use, lateAcls, addressOwners] = await Promise.all([
    owners(unclaimed, next),
    readSubnets(cloud, firstSubnets, next),
    readSecurityGroups(cloud, firstGroups, next),
    readGroupUse(cloud, firstGroups, next),
    readListedAcls(
      cloud,
      vpcs.filter((id) => id !== vpcId),
      next,
    ),
    asked.length === 0 || vpcId === null ? NONE : readAddressOwners(cloud, asked, vpcId, next),
  ])

  // Those whose owner the first call did not name took a second.
  const isTwice = Object.values(addressOwners).some((fact) => !known(fact)?.id)
  const third = { region, wave: wave + (isTwice ? 3 : 2) }
  const uses = Object.entries(addressOwners).flatMap(([ip, fact]) => {
    const id = known(fact)?.id ?? null
    return id === null ? [] : [{ ip, id }]
  })
  const isInterface = ({ id }: { readonly id: string }): boolean => hasPrefix(id, 'eni')
  const services = uses.filter((use) => !isInterface(use))
  const lateEnis = Object.values(late).flatMap((fact) => known(fact) ?? [])
  const missing = (ids: readonly (string | null | undefined)[], have: Readonly<Record<string, unknown>>) =>
    distinct(ids).filter((id) => !(id in have))
  const ownerSubnets = Object.values(addressOwners).map((fact) => known(fact)?.subnetId)
  const otherGroups = missing(
    lateEnis.flatMap((e) => e.securityGroupIds),
    groups,
  )
  const lateAttached = holdersOf(late, front.health, [...Object.keys(instances), ...attached])
  const lateHolders = aside(readInstances(cloud, lateAttached, third))
  const otherSubnets = missing([...lateEnis.map((e) => e.subnetId), ...ownerSubnets], subnets)
  const [lateSubnets, lateGroups, lateUse, serviceGroups, ownEnis] = await Promise.all([
    readSubnets(cloud, otherSubnets, third),
    readSecurityGroups(cloud, otherGroups, third),
    readGroupUse(cloud, otherGroups, third),
    readServiceGroups(cloud, services, third),
    readInterfacesById(cloud, distinct(uses.filter(isInterface).map(({ id }) => id)), third),
  ])

  const allSubnets = { ...subnets, ...lateSubnets }
  const farGroups = missing(
    [
      ...Object.values(serviceGroups).flatMap((fact) => known(fact) ?? []),
      ...Object.values(ownEnis).flatMap((fact) => known(fact)?.securityGroupIds ?? []),
    ],
    { ...groups, ...lateGroups },
  )
  const isThird = otherSubnets.length + otherGroups.length + uses.length > 0
  const fourth = { region, wave: third.wave + (isThird ? 1 : 0) }
  const [serviceRules, serviceUse] = await Promise.all([
    readSecurityGroups(cloud, farGroups, fourth),
    readGroupUse(cloud, farGroups, fourth),
  ])
  const last = { region, wave: fourth.wave + (farGroups.length > 0 ? 1 : 0) }
  const [resolved, networkAcls] = await Promise.all([
    resolveTemplates(cloud, { ...groups, ...lateGroups, ...serviceRules }, last),
    acls.then((listed) => aclsOf(cloud, allSubnets, { ...listed, ...lateAcls }, last)),
  ])
  const ownedByEni = Object.fromEntries(
    uses.flatMap(({ ip, id }) => {
      const fact = ownEnis[id]
      return fact ? [[ip, fact] as const] : []
    }),
  )
  const home: SiteFacts = {
    instances: { ...instances, ...(await holders), ...(await lateHolders) },
    interfaces: { ...claimed, ...late, ...ownedByEni },
    subnets: allSubnets,
    networkAcls,
    routeTables: behindCcn.routeTables,
    ...resolved,
    securityGroupUse: { ...use, ...lateUse, ...serviceUse },
  }
  return {
    ...(await sites).reduce(merged, home),
    targetGroups: await targetGroups,
    targetGroupMembers: await targetGroupMembers,
    vpcs: behindCcn.vpcs,
    addressOwners,
    serviceGroups,
    crossTargets: behindCcn.crossTargets,
    ccnAttachments: behindCcn.ccnAttachments,
    ccnRoutes: await ccnRoutes,
  }
}

const merged = (a: SiteFacts, b: SiteFacts): SiteFacts => ({
  ...a,
  ...Object.fromEntries(
    Object.entries(b).map(([key, own]) => [key, { ...a[key as keyof SiteFacts], ...own }]),
  ),
})

/** Addresses whose registered interface has them, or could not be read; the others are asked for by themselves. */
const claimedBy = (
  byEni: BackendFacts['interfaces'],
  addresses: readonly Address[],
): BackendFacts['interfaces'] =>
  Object.fromEntries(
    addresses.flatMap(({ ip, eniId }) => {
      const fact = eniId === null ? undefined : byEni[eniId]
      return fact && (fact.state !== 'ok' || fact.value?.ips.includes(ip)) ? [[ip, fact] as const] : []
    }),
  )

function addressesOf(
  registrations: readonly Registration[],
  health: readonly HealthRecord[],
): readonly Address[] {
  const byIp = new Map<string, Address>()
  for (const { ip, instanceId, eniId, type } of registrations)
    if (ip !== '') byIp.set(ip, { ip, instanceId, eniId, type })
  for (const { ip, targetId } of health)
    if (ip !== '' && !byIp.has(ip)) byIp.set(ip, { ip, instanceId: targetId, eniId: null, type: null })
  return [...byIp.values()]
}

const machineIds = (addresses: readonly Address[]): readonly string[] =>
  distinct(addresses.map(({ instanceId }) => (hasPrefix(instanceId, 'ins') ? instanceId : null)))

/** The machines that have the addresses of backends which are not well, as far as they were not read. */
function holdersOf(
  interfaces: BackendFacts['interfaces'],
  health: readonly HealthRecord[],
  read: readonly string[],
): readonly string[] {
  const well = new Map<string, boolean>()
  for (const { ip, detail } of health)
    well.set(ip, (well.get(ip) ?? true) && detail?.toLowerCase() === 'alive')
  const holders = Object.entries(interfaces).flatMap(([ip, fact]) =>
    well.get(ip) === true ? [] : (known(fact)?.instanceId ?? []),
  )
  return distinct(holders).filter((id) => hasPrefix(id, 'ins') && !read.includes(id))
}

function ownsAddress(instances: BackendFacts['instances'], id: string | null, ip: string): boolean {
  const machine = id === null ? null : known(instances[id])
  return machine ? machine.privateIps.includes(ip) || machine.ipv6Addresses.includes(ip) : false
}
