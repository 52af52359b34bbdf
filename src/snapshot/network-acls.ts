import type { ResponseOf } from '../cloud/actions.ts'
import type { CallOptions, CloudSession, Kind } from '../cloud/cloud.ts'
import { readFailure } from '../cloud/errors.ts'
import { readAll } from '../cloud/paging.ts'
import { type Fact, known, ok, unread } from '../model/fact.ts'
import type { AclEntry, ById, NetworkAcl, Subnet } from '../model/snapshot.ts'
import { malformed, readEach } from './collect.ts'
import { integer, list, text, texts, upper } from './fields.ts'

type ApiAcl = NonNullable<ResponseOf<'vpc:DescribeNetworkAcls'>['NetworkAclSet']>[number]
type ApiEntry = NonNullable<ApiAcl['IngressEntries']>[number]
type ApiQuintuple = NonNullable<
  ResponseOf<'vpc:DescribeNetworkAclQuintupleEntries'>['NetworkAclQuintupleSet']
>[number]

/** An ACL as the list shows it: triple entries included, quintuple ones still to be read. */
export interface ListedAcl {
  readonly acl: NetworkAcl
  readonly quintuple: boolean
  /** A triple one came with both of its lists. */
  readonly complete: boolean
}

const LISTS: Kind = { action: 'vpc:DescribeNetworkAcls', size: 1, keep: 100 }
const QUINTUPLES: Kind = { action: 'vpc:DescribeNetworkAclQuintupleEntries', size: 1, keep: 200 }

/** Every ACL of each VPC: asked by VPC, so that nobody has to wait for the subnets to learn the ids first. */
export const readListedAcls = (
  cloud: CloudSession,
  vpcIds: readonly string[],
  where: CallOptions,
): Promise<ById<readonly ListedAcl[]>> =>
  readEach(cloud, { kind: LISTS, ids: vpcIds, where }, async (vpcId, at) => {
    const request = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }], Offset: 0, Limit: 100 }
    const acls = await readAll(cloud, 'vpc:DescribeNetworkAcls', request, at, (answer) => ({
      items: answer.NetworkAclSet,
      total: answer.TotalCount,
    }))
    return acls.map((api) => listed(api, where.region))
  })

function listed(api: ApiAcl, region: string): ListedAcl {
  const kind = upper(api.NetworkAclType)
  // A documented answer says "1": without an entry it may be of either kind, and only the other call tells.
  const isBare = !api.IngressEntries?.length && !api.EgressEntries?.length
  const quintuple = kind === 'QUINTUPLE' || (kind !== 'TRIPLE' && isBare)
  return {
    quintuple,
    complete: Boolean(api.IngressEntries && api.EgressEntries),
    acl: {
      id: api.NetworkAclId ?? '',
      region,
      name: text(api.NetworkAclName) ?? '',
      vpcId: text(api.VpcId),
      kind: quintuple ? 'quintuple' : 'triple',
      subnetIds: api.SubnetSet ? texts(api.SubnetSet.map(({ SubnetId }) => SubnetId)) : null,
      ingress: list(api.IngressEntries).map(tripleEntry),
      egress: list(api.EgressEntries).map(tripleEntry),
    },
  }
}

/** The list leaves the entries of quintuple ACLs out: they have a call of their own (platform facts B). */
export const readQuintupleAcls = (
  cloud: CloudSession,
  acls: readonly NetworkAcl[],
  where: CallOptions,
): Promise<ById<NetworkAcl>> => {
  const byId = new Map(acls.map((acl) => [acl.id, acl]))
  return readEach(cloud, { kind: QUINTUPLES, ids: [...byId.keys()], where }, async (id, at) => {
    const entries = await readAll(
      cloud,
      'vpc:DescribeNetworkAclQuintupleEntries',
      { NetworkAclId: id, Offset: 0, Limit: 100 },
      at,
      (answer) => ({ items: answer.NetworkAclQuintupleSet, total: answer.TotalCount }),
    )
    if (entries.some(({ NetworkAclDirection }) => !DIRECTIONS.includes(upper(NetworkAclDirection) ?? '')))
      throw malformed('vpc:DescribeNetworkAclQuintupleEntries', 'an entry came without its direction')
    const of = (direction: string) =>
      entries.filter((entry) => upper(entry.NetworkAclDirection) === direction).map(quintupleEntry)
    const known = byId.get(id)
    return {
      id,
      region: where.region,
      name: known?.name ?? '',
      vpcId: known?.vpcId ?? null,
      kind: 'quintuple',
      subnetIds: known?.subnetIds ?? null,
      ingress: of('INGRESS'),
      egress: of('EGRESS'),
    }
  })
}

const DIRECTIONS = ['INGRESS', 'EGRESS']

const tripleEntry = (entry: ApiEntry): AclEntry => ({
  id: text(entry.NetworkAclIpv4EntryId) ?? text(entry.NetworkAclIpv6EntryId),
  priority: integer(entry.Priority),
  protocol: text(entry.Protocol),
  action: text(entry.Action),
  description: text(entry.Description),
  modifiedAt: text(entry.ModifyTime),
  port: text(entry.Port),
  cidr: text(entry.CidrBlock),
  ipv6Cidr: text(entry.Ipv6CidrBlock),
  sourcePort: null,
  destinationPort: null,
  sourceCidr: null,
  destinationCidr: null,
  sourceIpv6Cidr: null,
  destinationIpv6Cidr: null,
})

const quintupleEntry = (entry: ApiQuintuple): AclEntry => ({
  id: text(entry.NetworkAclQuintupleEntryId),
  priority: integer(entry.Priority),
  protocol: text(entry.Protocol),
  action: text(entry.Action),
  description: text(entry.Description),
  modifiedAt: text(entry.CreateTime),
  port: null,
  cidr: null,
  ipv6Cidr: null,
  sourcePort: text(entry.SourcePort),
  destinationPort: text(entry.DestinationPort),
  sourceCidr: text(entry.SourceCidr),
  destinationCidr: text(entry.DestinationCidr),
  sourceIpv6Cidr: text(entry.SourceIPv6Cidr),
  destinationIpv6Cidr: text(entry.DestinationIPv6Cidr),
})

const HALF = unread(readFailure(malformed('vpc:DescribeNetworkAcls', 'an ACL came without its entries')))

/**
 * The ACLs of these subnets, with the entries of quintuple ones. Where the subnets are not all known, neither is which
 * ACLs are missing: a list that could not be read is kept under the id of its VPC.
 */
export async function aclsOf(
  cloud: CloudSession,
  subnets: ById<Subnet | null>,
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
    facts[id] = entry && !entry.quintuple && !entry.complete ? HALF : ok(entry?.acl ?? null)
    if (entry?.quintuple) quintuple.push(entry.acl)
  }
  const read = Object.values(subnets)
  if (read.length === 0 || read.some(({ state }) => state !== 'ok'))
    for (const [vpcId, list] of Object.entries(listed)) if (list.state !== 'ok') facts[vpcId] = list
  return { ...facts, ...(await readQuintupleAcls(cloud, quintuple, where)) }
}
