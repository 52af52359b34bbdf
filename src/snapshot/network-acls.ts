import {
  type CallOptions,
  type CloudSession,
  type Kind,
  type ResponseOf,
  readAll,
  readFailure,
} from '../cloud/index.ts'
import { type Fact, ok, unread, known as valueIn } from '../model/fact.ts'
import { type AclEntry, type ById, EMPTY_ACL_ENTRY, type NetworkAcl } from '../model/snapshot.ts'
import { malformed, readEach } from './collect.ts'
import { text, texts, upper } from './fields.ts'
import { deepest, type Known, type Lead, type ListedAcl, leadsAt } from './known.ts'

type ApiAcl = NonNullable<ResponseOf<'vpc:DescribeNetworkAcls'>['NetworkAclSet']>[number]
type ApiEntry = NonNullable<ApiAcl['IngressEntries']>[number]
type ApiQuintuple = NonNullable<
  ResponseOf<'vpc:DescribeNetworkAclQuintupleEntries'>['NetworkAclQuintupleSet']
>[number]

const LISTS: Kind = { action: 'vpc:DescribeNetworkAcls', size: 1, keep: 100 }
const QUINTUPLES: Kind = { action: 'vpc:DescribeNetworkAclQuintupleEntries', size: 1, keep: 200 }

/** Every ACL of each VPC. Reading by VPC does not have to wait for the subnets' ACL ids. */
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
  // A documented answer has the type "1". An ACL without entries can then be of either kind, and only the call for
  // quintuple entries shows which.
  const isBare = !api.IngressEntries?.length && !api.EgressEntries?.length
  const quintuple = kind === 'QUINTUPLE' || (kind !== 'TRIPLE' && isBare)
  return {
    quintuple,
    complete: Boolean(api.IngressEntries && api.EgressEntries),
    acl: {
      id: api.NetworkAclId,
      region,
      name: text(api.NetworkAclName) ?? '',
      vpcId: text(api.VpcId),
      kind: quintuple ? 'quintuple' : 'triple',
      subnetIds: api.SubnetSet ? texts(api.SubnetSet.map(({ SubnetId }) => SubnetId)) : null,
      ingress: (api.IngressEntries ?? []).map(tripleEntry),
      egress: (api.EgressEntries ?? []).map(tripleEntry),
    },
  }
}

/** The list has no entries for quintuple ACLs. They take another call (platform facts B). */
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
  ...EMPTY_ACL_ENTRY,
  id: text(entry.NetworkAclIpv4EntryId) ?? text(entry.NetworkAclIpv6EntryId),
  priority: entry.Priority ?? null,
  protocol: text(entry.Protocol),
  action: text(entry.Action),
  description: text(entry.Description),
  modifiedAt: text(entry.ModifyTime),
  port: text(entry.Port),
  cidr: text(entry.CidrBlock),
  ipv6Cidr: text(entry.Ipv6CidrBlock),
})

const quintupleEntry = (entry: ApiQuintuple): AclEntry => ({
  ...EMPTY_ACL_ENTRY,
  id: text(entry.NetworkAclQuintupleEntryId),
  priority: entry.Priority ?? null,
  protocol: text(entry.Protocol),
  action: text(entry.Action),
  description: text(entry.Description),
  modifiedAt: text(entry.CreateTime),
  sourcePort: text(entry.SourcePort),
  destinationPort: text(entry.DestinationPort),
  sourceCidr: text(entry.SourceCidr),
  destinationCidr: text(entry.DestinationCidr),
  sourceIpv6Cidr: text(entry.SourceIPv6Cidr),
  destinationIpv6Cidr: text(entry.DestinationIPv6Cidr),
})

const WITHOUT_ENTRIES = unread(
  readFailure(malformed('vpc:DescribeNetworkAcls', 'an ACL came without its entries')),
)

/** The quintuple ACLs of known subnets. The list lacks their entries. */
export const quintupleLeads = (known: Known): readonly Lead[] =>
  [...known.subnets.values()].flatMap((subnet) => {
    const list = known.aclLists.get(valueIn(subnet.fact)?.vpcId ?? '')
    const entry = list && listedAcl(list.fact, valueIn(subnet.fact)?.networkAclId)
    return entry?.quintuple ? leadsAt(deepest(subnet, list), [entry.acl.id]) : []
  })

const listedAcl = (
  list: Fact<readonly ListedAcl[]> | undefined,
  id: string | null | undefined,
): ListedAcl | undefined => valueIn(list)?.find(({ acl }) => acl.id === id)

/** The ACLs of all lists, by id. */
export const listedAcls = (known: Known): ReadonlyMap<string, NetworkAcl> =>
  new Map(
    [...known.aclLists.values()].flatMap(({ fact }) =>
      (valueIn(fact) ?? []).map(({ acl }) => [acl.id, acl] as const),
    ),
  )

/**
 * The ACLs of all subnets, with the entries of quintuple ACLs. If a subnet could not be read, its ACL is not known. A
 * failed list of ACLs is then kept under its VPC's id.
 */
export function networkAclsOf(known: Known): Record<string, Fact<NetworkAcl | null>> {
  const acls: Record<string, Fact<NetworkAcl | null>> = {}
  const subnets = [...known.subnets.values()].map(({ fact }) => fact)
  for (const subnet of subnets.flatMap((fact) => valueIn(fact) ?? [])) {
    const id = subnet.networkAclId
    const list = known.aclLists.get(subnet.vpcId ?? '')?.fact
    if (id === null || id in acls || !list) continue
    const entry = listedAcl(list, id)
    if (list.state !== 'ok') acls[id] = list
    else if (entry?.quintuple) acls[id] = known.quintupleAcls.get(id)?.fact ?? ok(entry.acl)
    else acls[id] = entry && !entry.complete ? WITHOUT_ENTRIES : ok(entry?.acl ?? null)
  }
  if (subnets.length === 0 || subnets.some(({ state }) => state !== 'ok'))
    for (const [vpcId, { fact }] of known.aclLists) if (fact.state !== 'ok') acls[vpcId] = fact
  return acls
}
