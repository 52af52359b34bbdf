import { type CallOptions, type CloudSession, type ResponseOf, readAll } from '../cloud/index.ts'
import type { ClbReference } from '../model/alarm.ts'
import type { LoadBalancer } from '../model/snapshot.ts'
import { listed } from './collect.ts'
import { LoadBalancerLookupError } from './errors.ts'
import { address, addresses, lower, text, texts } from './fields.ts'

type ApiLoadBalancer = NonNullable<ResponseOf<'clb:DescribeLoadBalancers'>['LoadBalancerSet']>[number]

/** One CLB by its id. Throws `LoadBalancerLookupError` if the region does not have it. */
export async function readLoadBalancer(
  cloud: CloudSession,
  id: string,
  where: CallOptions,
): Promise<LoadBalancer> {
  const answer = await cloud.call('clb:DescribeLoadBalancers', { LoadBalancerIds: [id] }, where)
  const found = listed('clb:DescribeLoadBalancers', answer.LoadBalancerSet, answer.TotalCount).find(
    (lb) => lb.LoadBalancerId === id,
  )
  if (!found) throw new LoadBalancerLookupError('not-found', id, where.region)
  return translate(found)
}

/**
 * The CLB that owns a VIP. Private VIPs repeat across VPCs, so the alarm's VPC (`vpc-…`, or a number in some alarms)
 * narrows the choice. If several CLBs are left, this throws and does not guess.
 */
export async function findByVip(
  cloud: CloudSession,
  reference: ClbReference & { readonly vip: string },
  where: CallOptions,
): Promise<LoadBalancer> {
  const answer = await cloud.call(
    'clb:DescribeLoadBalancers',
    { LoadBalancerVips: [reference.vip], Limit: 100 },
    where,
  )
  const owners = listed('clb:DescribeLoadBalancers', answer.LoadBalancerSet, answer.TotalCount)
    .map(translate)
    .filter((lb) => lb.vips.includes(address(reference.vip) ?? ''))
  const inVpc = owners.filter((lb) => isIn(lb, reference))
  const namesVpc = reference.vpcId !== null || reference.numericVpcId !== null
  const isPrivate = owners.some((lb) => lb.networkType === 'INTERNAL')
  const fitting = inVpc.length > 0 ? inVpc : namesVpc && isPrivate ? [] : owners
  return onlyOf(fitting, describe(reference), where.region)
}

/** Some alarms carry a number that fits no VPC, so the VPC only narrows the choice if it fits one CLB. */
const isIn = (lb: LoadBalancer, { vpcId, numericVpcId }: ClbReference): boolean =>
  (vpcId !== null && lb.vpcId === vpcId) || (numericVpcId !== null && lb.numericVpcId === numericVpcId)

/** The CLB with exactly this domain, in any case. The filter of the API also finds parts of a domain. */
export async function findByDomain(
  cloud: CloudSession,
  reference: ClbReference & { readonly domain: string },
  where: CallOptions,
): Promise<LoadBalancer> {
  const { domain } = reference
  const found = await allOf(cloud, { Domain: domain }, where)
  const owners = found
    .filter((lb) => [lb.LoadBalancerDomain, lb.Domain].some((own) => lower(own) === domain))
    .map(translate)
  if (owners.length === 0) throw new LoadBalancerLookupError('no-domain', domain, where.region)
  const inVpc = owners.filter((lb) => isIn(lb, reference))
  return onlyOf(inVpc.length > 0 ? inVpc : owners, domain, where.region)
}

/** Every CLB that a filter finds. */
const allOf = (
  cloud: CloudSession,
  filter: { readonly Domain: string } | { readonly LoadBalancerName: string },
  where: CallOptions,
): Promise<readonly ApiLoadBalancer[]> =>
  readAll(
    cloud,
    'clb:DescribeLoadBalancers',
    { ...filter, Offset: 0, Limit: 100 },
    where,
    (answer) => ({ items: answer.LoadBalancerSet, total: answer.TotalCount }),
    ({ LoadBalancerId }) => LoadBalancerId,
  )

/** The CLB with exactly this name. The API does not say whether its filter also finds longer names. */
export async function findByName(
  cloud: CloudSession,
  { name, vpcId }: ClbReference & { readonly name: string },
  where: CallOptions,
): Promise<LoadBalancer> {
  const found = await allOf(cloud, { LoadBalancerName: name }, where)
  const fitting = found
    .map(translate)
    .filter((lb) => lb.name === name && (vpcId === null || lb.vpcId === vpcId))
  return onlyOf(fitting, vpcId === null ? name : `${name} in VPC ${vpcId}`, where.region)
}

function onlyOf(
  fitting: readonly LoadBalancer[],
  searched: string,
  region: CallOptions['region'],
): LoadBalancer {
  const [only, ...others] = fitting
  if (!only) throw new LoadBalancerLookupError('not-found', searched, region)
  if (others.length > 0) {
    const candidates = fitting.map((lb) => `${lb.id} (${lb.vpcId ?? 'no VPC'})`).sort()
    throw new LoadBalancerLookupError('ambiguous', searched, region, candidates)
  }
  return only
}

const describe = (reference: ClbReference): string => {
  const vpc = reference.vpcId ?? reference.numericVpcId
  return vpc === null ? `VIP ${reference.vip}` : `VIP ${reference.vip} in VPC ${vpc}`
}

/** Null or an empty list: it has no SNAT IP. Without the field, the answer does not say. */
const snatIpsOf = (items: ApiLoadBalancer['SnatIps']): LoadBalancer['snatIps'] =>
  items === undefined
    ? [{ ip: null, subnetId: null }]
    : (items ?? []).map(({ Ip, SubnetId }) => ({ ip: text(Ip), subnetId: text(SubnetId) }))

/** The fields that say whether a CLB forwards traffic (SDK clb_models, LoadBalancer). */
const SERVING = ['Status', 'Isolation', 'IsBlock', 'AttributeFlags'] as const

export function translate(lb: ApiLoadBalancer): LoadBalancer {
  const ipv6 = address(lb.AddressIPv6)
  const vips = addresses([...(lb.LoadBalancerVips ?? []), ipv6])
  const isIpv6 = (lower(lb.AddressIPVersion) ?? (ipv6 && 'ipv6')) === 'ipv6'
  const isNat64 = lower(lb.IPv6Mode) === 'ipv6nat64'
  const unsaid = SERVING.filter((field) => lb[field] === undefined || lb[field] === null)
  return {
    id: lb.LoadBalancerId,
    name: text(lb.LoadBalancerName) ?? '',
    networkType: text(lb.LoadBalancerType) ?? '',
    generation: lb.Forward === 0 ? 'classic' : 'application',
    ipVersion: isIpv6 ? (isNat64 ? 'ipv6-nat64' : 'ipv6') : 'ipv4',
    vips,
    // `Domain` is the older name of the field (SDK clb_models, LoadBalancer).
    domain: lower(lb.LoadBalancerDomain) ?? lower(lb.Domain),
    vpcId: text(lb.VpcId),
    numericVpcId: lb.NumericalVpcId ?? null,
    subnetId: text(lb.SubnetId),
    status: lb.Status ?? null,
    isolated: lb.Isolation === 1,
    blocked: lb.IsBlock === true,
    attributeFlags: texts(lb.AttributeFlags),
    ...(unsaid.length > 0 ? { unsaid } : {}),
    passToTarget: lb.LoadBalancerPassToTarget ?? null,
    snatPro: lb.SnatPro === true,
    snatIps: snatIpsOf(lb.SnatIps),
    createdAt: text(lb.CreateTime),
    targetRegion: text(lb.TargetRegionInfo?.Region),
    targetVpcId: text(lb.TargetRegionInfo?.VpcId),
    healthLogTopicId: text(lb.HealthLogTopicId),
    // Null or an empty list: it has no tag.
    tags: Object.fromEntries((lb.Tags ?? []).map((tag) => [tag.TagKey ?? '', tag.TagValue ?? ''])),
    ...(lb.Tags === undefined ? { tagsUnsaid: true as const } : {}),
  }
}
