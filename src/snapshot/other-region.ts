import type { CloudSession } from '../cloud/cloud.ts'
import { known } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import type { CrossTarget, Snapshot } from '../model/snapshot.ts'
import { readRouteTables } from './ccn.ts'
import { distinct } from './collect.ts'
import { readInstances, readInterfacesById, readSubnets } from './computers.ts'
import { aclsOf, readListedAcls } from './network-acls.ts'
import { readGroupUse, readSecurityGroups } from './security-groups.ts'
import { resolveTemplates } from './templates.ts'

/** What is known of one region's machines, and of what stands before them. */
export type SiteFacts = Pick<
  Snapshot,
  | 'instances'
  | 'interfaces'
  | 'subnets'
  | 'networkAcls'
  | 'routeTables'
  | 'securityGroups'
  | 'securityGroupUse'
  | 'addressTemplates'
  | 'addressTemplateGroups'
  | 'serviceTemplates'
  | 'serviceTemplateGroups'
>

/** Backends of another VPC or region, reached over CCN: each region is asked for its own. */
export async function readOtherRegions(
  cloud: CloudSession,
  targets: readonly (CrossTarget & { readonly region: string })[],
  wave: number,
): Promise<readonly SiteFacts[]> {
  const regions = distinct(targets.map(({ region }) => region))
  return Promise.all(
    regions.map((region) =>
      readSite(
        cloud,
        region,
        targets.filter((target) => target.region === region),
        wave,
      ),
    ),
  )
}

async function readSite(
  cloud: CloudSession,
  region: string,
  targets: readonly CrossTarget[],
  wave: number,
): Promise<SiteFacts> {
  const first = { region, wave }
  const vpcs = distinct(targets.map(({ vpcId }) => vpcId))
  const [instances, byId, listed, routeTables] = await Promise.all([
    readInstances(
      cloud,
      distinct(targets.map(({ instanceId }) => instanceId)).filter((id) => hasPrefix(id, 'ins')),
      first,
    ),
    readInterfacesById(cloud, distinct(targets.map(({ eniId }) => eniId)), first),
    readListedAcls(cloud, vpcs, first),
    readRouteTables(cloud, vpcs, first),
  ])
  const interfaces = Object.fromEntries(
    targets.flatMap(({ ip, eniId }) => {
      const fact = eniId === null ? undefined : byId[eniId]
      return fact ? [[ip, fact] as const] : []
    }),
  )
  const owners = [instances, interfaces].flatMap((facts) =>
    Object.values(facts).flatMap(
      (fact) => known<{ subnetId: string | null; securityGroupIds: readonly string[] } | null>(fact) ?? [],
    ),
  )
  const next = { region, wave: wave + 1 }
  const groupIds = distinct(owners.flatMap(({ securityGroupIds }) => securityGroupIds))
  const [subnets, securityGroups, securityGroupUse] = await Promise.all([
    readSubnets(cloud, distinct(owners.map(({ subnetId }) => subnetId)), next),
    readSecurityGroups(cloud, groupIds, next),
    readGroupUse(cloud, groupIds, next),
  ])
  const last = { region, wave: wave + 2 }
  const [resolved, networkAcls] = await Promise.all([
    resolveTemplates(cloud, securityGroups, last),
    aclsOf(cloud, subnets, listed, last),
  ])
  return { instances, interfaces, subnets, networkAcls, routeTables, securityGroupUse, ...resolved }
}
