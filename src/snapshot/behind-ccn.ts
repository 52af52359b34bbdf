import { BlockList, isIP } from 'node:net'
import type { CallOptions, CloudSession } from '../cloud/cloud.ts'
import { known } from '../model/fact.ts'
import type { CrossTarget, Snapshot } from '../model/snapshot.ts'
import { readCcnAttachments, readCrossTargets, readRouteTables } from './ccn.ts'
import { distinct } from './collect.ts'
import { readVpcs } from './owners.ts'

/** What one wave tells of backends behind CCN, and what to ask in the next. */
export interface BehindCcn
  extends Pick<Snapshot, 'vpcs' | 'crossTargets' | 'ccnAttachments' | 'routeTables'> {
  readonly ccnIds: readonly string[]
  /** Machines of the account in another VPC. */
  readonly machines: readonly (CrossTarget & { readonly region: string })[]
}

const NOTHING: BehindCcn = {
  vpcs: {},
  crossTargets: {},
  ccnAttachments: {},
  routeTables: {},
  ccnIds: [],
  machines: [],
}

/** @param vpcId of the CLB itself, which the SNAT IPs are in */
export async function readBehindCcn(
  cloud: CloudSession,
  ips: readonly string[],
  vpcId: string | null,
  where: CallOptions,
): Promise<BehindCcn> {
  if (ips.length === 0 || vpcId === null) return NOTHING
  const [vpcs, crossTargets, ccnAttachments, routeTables] = await Promise.all([
    readVpcs(cloud, [vpcId], where),
    readCrossTargets(cloud, ips, vpcId, where),
    readCcnAttachments(cloud, [vpcId], where),
    readRouteTables(cloud, [vpcId], where),
  ])
  const machines = Object.values(crossTargets).flatMap((fact) => {
    const target = known(fact)
    return target && target.region !== null ? [{ ...target, region: target.region }] : []
  })
  const attached = Object.values(ccnAttachments).flatMap((fact) => known(fact) ?? [])
  return {
    vpcs,
    crossTargets,
    ccnAttachments,
    routeTables,
    ccnIds: distinct(attached.map(({ ccnId }) => ccnId)),
    machines,
  }
}

/** Is an address in these ranges? */
export function within(cidrs: readonly string[]): (ip: string) => boolean {
  const ranges = new BlockList()
  for (const cidr of cidrs) {
    const [network = '', prefix = ''] = cidr.split('/')
    if (isIP(network) !== 0) ranges.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4')
  }
  return (ip) => isIP(ip) !== 0 && ranges.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4')
}
