import { ApiError, type Request, texts } from './api.ts'

// The parameters of each action, from the models of tencentcloud-sdk-nodejs 4.1.313. The API refuses unknown parameters.
// A parameter or filter that is not simulated is refused too, so that no answer ignores a filter silently.

/** `digits` is a number in a string: some VPC actions take Offset and Limit in this form. `whole` may have any length. */
type Kind = 'text' | 'texts' | 'flag' | 'number' | 'whole' | 'digits' | 'list' | 'filters'

interface Declared {
  readonly takes: Readonly<Record<string, Kind>>
  readonly needs?: string
  /** Most ids in one call. */
  readonly most?: Readonly<Record<string, number>>
  readonly filters?: readonly string[]
  /** Most values in one filter. */
  readonly values?: number
  /** The ids that exclude filters. */
  readonly either?: string
}

const PAGE = { Offset: 'number', Limit: 'number' } as const
const PAGE_IN_TEXT = { Offset: 'digits', Limit: 'digits' } as const

const templates = (filter: string): Declared => ({
  takes: { Filters: 'filters', ...PAGE_IN_TEXT },
  filters: [filter],
  values: 5,
})

const DECLARED: Readonly<Record<string, Declared>> = {
  'region:DescribeRegions': { takes: { Product: 'text', Scene: 'number' }, needs: 'Product' },
  'clb:DescribeLoadBalancers': {
    takes: {
      LoadBalancerIds: 'texts',
      LoadBalancerVips: 'texts',
      LoadBalancerType: 'text',
      VpcId: 'text',
      ...PAGE,
    },
    most: { LoadBalancerIds: 20 },
  },
  'clb:DescribeListeners': {
    takes: { LoadBalancerId: 'text', ListenerIds: 'texts', Protocol: 'text', Port: 'number' },
    needs: 'LoadBalancerId',
    most: { ListenerIds: 100 },
  },
  'clb:DescribeTargets': {
    takes: { LoadBalancerId: 'text', ListenerIds: 'texts', Protocol: 'text', Port: 'number' },
    needs: 'LoadBalancerId',
    most: { ListenerIds: 20 },
  },
  'clb:DescribeTargetHealth': {
    takes: { LoadBalancerIds: 'texts', ListenerIds: 'texts', LocationIds: 'texts' },
    needs: 'LoadBalancerIds',
    most: { LoadBalancerIds: 30 },
  },
  'clb:DescribeTargetGroups': {
    takes: { TargetGroupIds: 'texts', Filters: 'filters', ...PAGE },
    filters: ['TargetGroupVpcId', 'TargetGroupName'],
    either: 'TargetGroupIds',
  },
  'clb:DescribeTargetGroupInstances': {
    takes: { Filters: 'filters', ...PAGE },
    needs: 'Filters',
    filters: ['TargetGroupId', 'BindIP', 'InstanceId'],
  },
  'clb:DescribeCrossTargets': {
    takes: { Filters: 'filters', ...PAGE },
    filters: ['vpc-id', 'ip', 'listener-id', 'location-id'],
  },
  'clb:DescribeClassicalLBListeners': {
    takes: { LoadBalancerId: 'text', ListenerIds: 'texts' },
    needs: 'LoadBalancerId',
  },
  'clb:DescribeClassicalLBTargets': { takes: { LoadBalancerId: 'text' }, needs: 'LoadBalancerId' },
  'clb:DescribeClassicalLBHealthStatus': {
    takes: { LoadBalancerId: 'text', ListenerId: 'text' },
    needs: 'LoadBalancerId',
  },
  'cvm:DescribeInstances': {
    takes: { InstanceIds: 'texts', ...PAGE },
    most: { InstanceIds: 100 },
  },
  'vpc:DescribeNetworkInterfaces': {
    takes: { NetworkInterfaceIds: 'texts', Filters: 'filters', ...PAGE },
    most: { NetworkInterfaceIds: 100 },
    filters: [
      'vpc-id',
      'subnet-id',
      'attachment.instance-id',
      'address-ip',
      'ip-exact-match',
      'address-ipv6',
    ],
    values: 5,
    either: 'NetworkInterfaceIds',
  },
  'vpc:DescribeSubnets': {
    takes: { SubnetIds: 'texts', Filters: 'filters', ...PAGE_IN_TEXT },
    most: { SubnetIds: 100 },
    filters: ['vpc-id', 'subnet-id'],
    values: 5,
    either: 'SubnetIds',
  },
  'vpc:DescribeNetworkAcls': {
    takes: { NetworkAclIds: 'texts', Filters: 'filters', ...PAGE },
    most: { NetworkAclIds: 100 },
    filters: ['vpc-id', 'network-acl-id'],
    values: 5,
    either: 'NetworkAclIds',
  },
  'vpc:DescribeNetworkAclQuintupleEntries': {
    takes: { NetworkAclId: 'text', ...PAGE },
    needs: 'NetworkAclId',
  },
  'vpc:DescribeSecurityGroupPolicies': { takes: { SecurityGroupId: 'text' }, needs: 'SecurityGroupId' },
  'vpc:DescribeSecurityGroupExpandedPolicies': {
    takes: { SecurityGroupId: 'text' },
    needs: 'SecurityGroupId',
  },
  'vpc:DescribeSecurityGroupAssociationStatistics': {
    takes: { SecurityGroupIds: 'texts' },
    needs: 'SecurityGroupIds',
    most: { SecurityGroupIds: 100 },
  },
  'vpc:DescribeAddressTemplates': templates('address-template-id'),
  'vpc:DescribeAddressTemplateGroups': templates('address-template-group-id'),
  'vpc:DescribeServiceTemplates': templates('service-template-id'),
  'vpc:DescribeServiceTemplateGroups': templates('service-template-group-id'),
  'vpc:DescribeVpcs': {
    takes: { VpcIds: 'texts', Filters: 'filters', ...PAGE_IN_TEXT },
    most: { VpcIds: 100 },
    filters: ['vpc-id'],
    values: 5,
    either: 'VpcIds',
  },
  'vpc:DescribeUsedIpAddress': {
    takes: { VpcId: 'text', SubnetId: 'text', IpAddresses: 'texts', ...PAGE },
    needs: 'VpcId',
    most: { IpAddresses: 100 },
  },
  'vpc:DescribeVpcPrivateIpAddresses': {
    takes: { VpcId: 'text', PrivateIpAddresses: 'texts' },
    needs: 'PrivateIpAddresses',
    most: { PrivateIpAddresses: 100 },
  },
  'vpc:DescribeRouteTables': {
    takes: { RouteTableIds: 'texts', Filters: 'filters', ...PAGE_IN_TEXT },
    most: { RouteTableIds: 100 },
    filters: ['route-table-id', 'vpc-id'],
    values: 5,
    either: 'RouteTableIds',
  },
  'vpc:DescribeCcnAttachedInstances': {
    takes: { Filters: 'filters', CcnId: 'text', ...PAGE },
    filters: ['ccn-id', 'instance-type', 'instance-region', 'instance-id'],
    values: 5,
  },
  'vpc:DescribeCcnRoutes': { takes: { CcnId: 'text', RouteIds: 'texts', ...PAGE }, needs: 'CcnId' },
  'cdb:DescribeDBSecurityGroups': {
    takes: { InstanceId: 'text', ForReadonlyInstance: 'flag' },
    needs: 'InstanceId',
  },
  'redis:DescribeDBSecurityGroups': {
    takes: { Product: 'text', InstanceId: 'text' },
    needs: 'Product',
  },
  'mongodb:DescribeSecurityGroup': { takes: { InstanceId: 'text' }, needs: 'InstanceId' },
  'postgres:DescribeDBInstanceSecurityGroups': { takes: { DBInstanceId: 'text' } },
  'ckafka:DescribeSecurityGroupRoutes': { takes: { SearchWord: 'text', ...PAGE } },
  'tke:DescribeClusters': { takes: { ClusterIds: 'texts', ...PAGE }, most: { ClusterIds: 100 } },
  'tke:DescribeClusterInstances': {
    takes: { ClusterId: 'text', InstanceIds: 'texts', ...PAGE },
    needs: 'ClusterId',
    most: { InstanceIds: 100 },
  },
  'cloudaudit:DescribeEvents': {
    takes: {
      StartTime: 'number',
      EndTime: 'number',
      MaxResults: 'number',
      NextToken: 'whole',
      LookupAttributes: 'list',
    },
    needs: 'StartTime',
  },
  'cls:SearchLog': {
    takes: {
      From: 'number',
      To: 'number',
      Context: 'text',
      QueryString: 'text',
      QuerySyntax: 'number',
      Query: 'text',
      TopicId: 'text',
      Sort: 'text',
      Limit: 'number',
    },
    needs: 'TopicId',
  },
}

/** Throws `ApiError` for a request that the action would refuse whatever the account holds. */
export function checkParameters(action: string, request: Request): void {
  const declared = DECLARED[action]
  if (!declared) throw new ApiError('InvalidAction', `no action ${action}`)
  for (const [name, value] of Object.entries(request)) {
    const kind = declared.takes[name]
    if (!kind) throw new ApiError('UnknownParameter', `${name} is not a parameter of ${action}`)
    if (!IS[kind](value)) throw new ApiError('InvalidParameter', `${name} must be ${SAID[kind]}`)
    const most = declared.most?.[name] ?? Number.POSITIVE_INFINITY
    if (texts(value).length > most)
      throw new ApiError('LimitExceeded', `${name}: at most ${most}, ${texts(value).length} given`)
  }
  const { needs, either } = declared
  if (needs && (request[needs] === undefined || request[needs] === ''))
    throw new ApiError('MissingParameter', `${needs} is required`)
  if (either && texts(request[either]).length > 0 && request.Filters !== undefined)
    throw new ApiError('InvalidParameter.Coexist', `${either} and Filters exclude each other`)
  checkFilters(declared, request.Filters)
}

function checkFilters(declared: Declared, filters: unknown): void {
  for (const { Name, Values } of Array.isArray(filters) ? filters : []) {
    if (!declared.filters?.includes(Name))
      throw new ApiError('InvalidParameter.FilterInvalidKey', `no filter ${String(Name)}`)
    if (texts(Values).length === 0)
      throw new ApiError('InvalidParameterValue', `Filter ${String(Name)} has no values`)
    // Five in VPC calls; a hundred in CLB's (platform facts C6, D).
    const most = declared.values ?? 100
    if (texts(Values).length > most)
      throw new ApiError('InvalidParameterValue.LimitExceeded', `Filter.Values: at most ${most}`)
  }
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

const IS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  texts: isTexts,
  flag: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  whole: (value) => typeof value === 'number' || typeof value === 'bigint',
  list: Array.isArray,
  digits: (value) => typeof value === 'string' && /^\d+$/.test(value),
  filters: (value) =>
    Array.isArray(value) && value.every((one) => typeof one?.Name === 'string' && isTexts(one.Values)),
}

const SAID: Readonly<Record<Kind, string>> = {
  text: 'a string',
  texts: 'a list of strings',
  flag: 'a boolean',
  number: 'a number',
  whole: 'a whole number',
  list: 'a list',
  digits: 'a number in a string',
  filters: 'a list of {Name, Values}',
}
