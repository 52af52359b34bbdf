import type { CallOptions, CloudSession } from '../cloud/cloud.ts'
import { type Fact, known, ok } from '../model/fact.ts'
import type { ById, HealthRecord, Listener, NetworkAcl, Registration, Snapshot } from '../model/snapshot.ts'
import { distinct } from './collect.ts'
import { readInstances, readInterfaces, readSubnets } from './computers.ts'
import { type ListedAcl, readListedAcls, readQuintupleAcls } from './network-acls.ts'
import { readGroupUse, readSecurityGroups } from './security-groups.ts'
import { readGroupMembers, readTargetGroups } from './target-groups.ts'
import { resolveTemplates } from './templates.ts'

export type BackendFacts = Pick<
  Snapshot,
  | 'targetGroups'
  | 'targetGroupMembers'
  | 'instances'
  | 'interfaces'
  | 'subnets'
  | 'networkAcls'
  | 'securityGroups'
  | 'securityGroupUse'
  | 'addressTemplates'
  | 'addressTemplateGroups'
  | 'serviceTemplates'
  | 'serviceTemplateGroups'
>

interface Frontend {
  /** Where the backends are. */
  readonly region: string
  readonly clbRegion: string
  readonly vpcId: string | null
  readonly listeners: readonly Listener[]
  readonly registrations: readonly Registration[]
  readonly health: readonly HealthRecord[]
  readonly wave: number
}

/** An address of a backend, with what is said about who it is. */
interface Address {
  readonly ip: string
  readonly instanceId: string | null
  readonly type: string | null
}

/** Nothing asked, nothing known. */
const NONE: Readonly<Record<string, never>> = {}

/** Types whose address belongs to a network interface in the VPC (platform facts C5). */
const ON_AN_INTERFACE = new Set(['CVM', 'ENI'])

/**
 * Wave by wave: machines and interfaces, target groups, ACLs → subnets, security groups, interfaces of addresses that
 * no machine claimed → rules with templates written out, quintuple entries, who shares the groups.
 */
export async function backendFacts(cloud: CloudSession, front: Frontend): Promise<BackendFacts> {
  const { region, wave } = front
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
  const onInterface = direct.filter(({ type }) => type === null || ON_AN_INTERFACE.has(type))
  const atHome = { region, wave }
  const owners = (of: readonly Address[], where: CallOptions) =>
    front.vpcId === null
      ? NONE
      : readInterfaces(
          cloud,
          of.map(({ ip }) => ip),
          front.vpcId,
          where,
        )
  // Nothing below waits for these: one slow answer must not hold up the rest.
  const aside = Promise.all([
    readTargetGroups(cloud, allGroups, { region: front.clbRegion, wave }),
    readGroupMembers(cloud, allGroups, { region: front.clbRegion, wave }),
    readListedAcls(cloud, distinct([front.vpcId]), atHome),
  ])
  aside.catch(() => 'awaited below, unless something else fails first')
  const [instances, claimed] = await Promise.all([
    readInstances(cloud, machineIds(addresses), atHome),
    owners(onInterface, atHome),
  ])

  // A machine lists the addresses of its primary interface only; any other address is asked for by itself.
  const unclaimed = addresses.filter(
    ({ ip, instanceId, type }) =>
      !(ip in claimed) &&
      (type === null || ON_AN_INTERFACE.has(type)) &&
      !ownsAddress(instances, instanceId, ip),
  )
  const machines = Object.values(instances).flatMap((fact) => known(fact) ?? [])
  const enis = Object.values(claimed).flatMap((fact) => known(fact) ?? [])
  const next = { region, wave: wave + 1 }
  const vpcs = distinct([...machines, ...enis].map(({ vpcId }) => vpcId))
  const firstGroups = distinct([...machines, ...enis].flatMap((c) => c.securityGroupIds))
  const [late, subnets, groups, use, lateAcls] = await Promise.all([
    owners(unclaimed, next),
    readSubnets(cloud, distinct([...machines, ...enis].map(({ subnetId }) => subnetId)), next),
    readSecurityGroups(cloud, firstGroups, next),
    readGroupUse(cloud, firstGroups, next),
    readListedAcls(
      cloud,
      vpcs.filter((id) => id !== front.vpcId),
      next,
    ),
  ])

  const lateEnis = Object.values(late).flatMap((fact) => known(fact) ?? [])
  const third = { region, wave: wave + 2 }
  const otherGroups = distinct(lateEnis.flatMap((e) => e.securityGroupIds)).filter((id) => !(id in groups))
  const [lateSubnets, lateGroups, lateUse] = await Promise.all([
    readSubnets(
      cloud,
      distinct(lateEnis.map((e) => e.subnetId)).filter((id) => !(id in subnets)),
      third,
    ),
    readSecurityGroups(cloud, otherGroups, third),
    readGroupUse(cloud, otherGroups, third),
  ])
  const allSubnets = { ...subnets, ...lateSubnets }
  const securityGroups = { ...groups, ...lateGroups }
  const [resolved, [targetGroups, targetGroupMembers, listedAcls]] = await Promise.all([
    resolveTemplates(cloud, securityGroups, third),
    aside,
  ])
  const networkAcls = await aclsOf(cloud, allSubnets, { ...listedAcls, ...lateAcls }, third)

  return {
    targetGroups,
    targetGroupMembers,
    instances,
    interfaces: { ...claimed, ...late },
    subnets: allSubnets,
    networkAcls,
    ...resolved,
    securityGroupUse: { ...use, ...lateUse },
  }
}

function addressesOf(
  registrations: readonly Registration[],
  health: readonly HealthRecord[],
): readonly Address[] {
  const byIp = new Map<string, Address>()
  for (const { ip, instanceId, type } of registrations) if (ip !== '') byIp.set(ip, { ip, instanceId, type })
  for (const { ip, targetId } of health)
    if (ip !== '' && !byIp.has(ip)) byIp.set(ip, { ip, instanceId: targetId, type: null })
  return [...byIp.values()]
}

const machineIds = (addresses: readonly Address[]): readonly string[] =>
  distinct(addresses.map(({ instanceId }) => (instanceId?.startsWith('ins-') ? instanceId : null)))

function ownsAddress(instances: BackendFacts['instances'], id: string | null, ip: string): boolean {
  const machine = id === null ? null : known(instances[id])
  return machine ? machine.privateIps.includes(ip) || machine.ipv6Addresses.includes(ip) : false
}

async function aclsOf(
  cloud: CloudSession,
  subnets: BackendFacts['subnets'],
  listed: ById<readonly ListedAcl[]>,
  where: CallOptions,
): Promise<ById<NetworkAcl | null>> {
  const facts: Record<string, Fact<NetworkAcl | null>> = {}
  const quintuple: NetworkAcl[] = []
  for (const subnet of Object.values(subnets).flatMap((fact) => known(fact) ?? [])) {
    const id = subnet.networkAclId
    if (id === null || id in facts) continue
    const inVpc = listed[subnet.vpcId ?? '']
    if (!inVpc) continue
    if (inVpc.state !== 'ok') {
      facts[id] = inVpc
      continue
    }
    const entry = inVpc.value.find(({ acl }) => acl.id === id)
    facts[id] = ok(entry?.acl ?? null)
    if (entry?.quintuple) quintuple.push(entry.acl)
  }
  return { ...facts, ...(await readQuintupleAcls(cloud, quintuple, where)) }
}
