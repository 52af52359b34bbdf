import type { Action } from '../model/actions/index.ts'
import type { SdkResponse } from './sdk.ts'
import type { ShapeOf } from './shape.ts'

const healthCheck = {
  HealthSwitch: 'on-off',
  CheckType: 'text',
  CheckPort: 'port or -1',
  IntervalTime: 'count',
  TimeOut: 'count',
  HealthNum: 'count',
  UnHealthNum: 'count',
  HttpCheckMethod: 'text',
  HttpCheckDomain: 'text or number',
  HttpCheckPath: 'text or number',
  HttpVersion: 'text or number',
  HttpCode: 'integer',
  'ContextType?': 'text',
  'SendContext?': 'text',
  'RecvContext?': 'text',
  'ExtendedCode?': 'text',
  SourceIpType: 'integer',
} as const

const targetGroups = {
  TargetGroup: { TargetGroupId: 'text', Weight: 'count' },
  TargetGroupList: [{ TargetGroupId: 'text', Weight: 'count' }],
} as const

const backend = {
  Type: 'text',
  InstanceId: 'text',
  EniId: 'text',
  'InstanceName?': 'text or number',
  PrivateIpAddresses: ['text'],
  Port: 'port',
  Weight: 'count',
  'RegisteredTime?': 'text',
  'Zone?': 'text',
} as const

const policies = {
  SecurityGroupPolicySet: {
    'Version?': 'text',
    Ingress: [
      {
        PolicyIndex: 'integer',
        Protocol: 'text or number',
        Port: 'text or number',
        ServiceTemplate: { ServiceId: 'text', ServiceGroupId: 'text' },
        CidrBlock: 'text or number',
        Ipv6CidrBlock: 'text or number',
        SecurityGroupId: 'text',
        AddressTemplate: { AddressId: 'text', AddressGroupId: 'text' },
        Action: 'text or number',
        'PolicyDescription?': 'text or number',
        'ModifyTime?': 'text',
      },
    ],
  },
} as const

const aclEntry = {
  NetworkAclIpv4EntryId: 'text',
  NetworkAclIpv6EntryId: 'text',
  Priority: 'integer',
  Protocol: 'text or number',
  Action: 'text or number',
  Port: 'text or number',
  CidrBlock: 'text or number',
  Ipv6CidrBlock: 'text or number',
  'Description?': 'text or number',
  'ModifyTime?': 'text',
} as const

const groups = { Groups: [{ SecurityGroupId: 'text!' }] } as const

/**
 * The fields that collectors read. Any other field is dropped from the answer (`door.ts`).
 *
 * A value of the wrong type makes the whole answer malformed, and every fact that it would have given. Only fields that
 * a diagnosis can do without (`Name?`: names, descriptions, times, tags) are dropped alone.
 */
export const SHAPES = {
  'clb:DescribeLoadBalancers': {
    TotalCount: 'integer',
    LoadBalancerSet: [
      {
        LoadBalancerId: 'asked! LoadBalancerIds',
        'LoadBalancerName?': 'text or number',
        LoadBalancerType: 'text',
        Forward: 'integer',
        AddressIPVersion: 'text',
        AddressIPv6: 'text',
        IPv6Mode: 'text',
        LoadBalancerVips: ['text'],
        LoadBalancerDomain: 'text',
        Domain: 'text',
        VpcId: 'text',
        NumericalVpcId: 'integer',
        SubnetId: 'text',
        Status: 'integer',
        Isolation: 'integer',
        IsBlock: 'flag',
        AttributeFlags: ['text'],
        LoadBalancerPassToTarget: 'flag',
        SnatPro: 'flag',
        SnatIps: [{ Ip: 'text', SubnetId: 'text' }],
        'CreateTime?': 'text',
        TargetRegionInfo: { Region: 'text', VpcId: 'text' },
        'HealthLogTopicId?': 'text',
        'Tags?': [{ TagKey: 'text', TagValue: 'text or number' }],
      },
    ],
  },
  'clb:DescribeListeners': {
    TotalCount: 'integer',
    Listeners: [
      {
        ListenerId: 'text!',
        'ListenerName?': 'text or number',
        Protocol: 'text',
        Port: 'port',
        EndPort: 'port',
        AttrFlags: ['text'],
        HealthCheck: healthCheck,
        TargetType: 'text',
        ...targetGroups,
        Rules: [
          {
            LocationId: 'text',
            Domain: 'text or number',
            Url: 'text or number',
            HealthCheck: healthCheck,
            ForwardType: 'text',
            TargetType: 'text',
            ...targetGroups,
            RewriteTarget: { TargetListenerId: 'text' },
          },
        ],
      },
    ],
  },
  'clb:DescribeTargets': {
    Listeners: [
      {
        ListenerId: 'text!',
        Targets: [backend],
        Rules: [{ LocationId: 'text', Targets: [backend], FunctionTargets: [{}] }],
      },
    ],
  },
  'clb:DescribeTargetHealth': {
    LoadBalancers: [
      {
        LoadBalancerId: 'asked! LoadBalancerIds',
        Listeners: [
          {
            ListenerId: 'text!',
            Protocol: 'text',
            Port: 'port',
            Rules: [
              {
                LocationId: 'text',
                Targets: [
                  {
                    IP: 'text',
                    Port: 'port',
                    TargetId: 'text',
                    TargetGroupId: 'text',
                    HealthStatusDetail: 'text',
                    HealthStatusDetial: 'text',
                    Weight: 'count',
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
  'clb:DescribeTargetGroups': {
    TotalCount: 'integer',
    TargetGroupSet: [
      {
        TargetGroupId: 'asked! TargetGroupIds',
        'TargetGroupName?': 'text or number',
        VpcId: 'text',
        TargetGroupType: 'text',
        SnatEnable: 'flag',
        HealthCheck: {
          HealthSwitch: 'on-off',
          Protocol: 'text',
          Port: 'port or -1',
          GapTime: 'count',
          Timeout: 'count',
          GoodLimit: 'integer',
          BadLimit: 'integer',
          HttpCheckMethod: 'text',
          HttpCheckDomain: 'text or number',
          HttpCheckPath: 'text or number',
          HttpVersion: 'text or number',
          HttpCode: 'integer',
          'ContextType?': 'text',
          'SendContext?': 'text',
          'RecvContext?': 'text',
          'ExtendedCode?': 'text',
        },
      },
    ],
  },
  'clb:DescribeTargetGroupInstances': {
    TotalCount: 'integer',
    TargetGroupInstanceSet: [{ TargetGroupId: 'asked TargetGroupId', ...backend }],
  },
  'clb:DescribeCrossTargets': {
    TotalCount: 'integer',
    CrossTargetSet: [{ IP: 'text!', Region: 'text', VpcId: 'text', EniId: 'text', InstanceId: 'text' }],
  },
  'clb:DescribeClassicalLBListeners': {
    Listeners: [
      {
        ListenerId: 'text!',
        'ListenerName?': 'text or number',
        Protocol: 'text or number',
        ListenerPort: 'port',
        InstancePort: 'port',
        HealthSwitch: 'on-off',
        IntervalTime: 'count',
        TimeOut: 'count',
        HealthNum: 'count',
        UnhealthNum: 'count',
        HttpCheckPath: 'text or number',
        HttpCode: 'integer',
      },
    ],
  },
  'clb:DescribeClassicalLBTargets': {
    Targets: [
      {
        Type: 'text',
        InstanceId: 'text',
        'InstanceName?': 'text or number',
        PrivateIpAddresses: ['text'],
        Weight: 'count',
      },
    ],
  },
  'clb:DescribeClassicalLBHealthStatus': {
    HealthList: [
      { IP: 'text', Port: 'port', ListenerPort: 'port', Protocol: 'text', HealthStatus: 'integer' },
    ],
  },
  'cvm:DescribeInstances': {
    TotalCount: 'integer',
    InstanceSet: [
      {
        InstanceId: 'asked! InstanceIds',
        'InstanceName?': 'text or number',
        InstanceState: 'text',
        RestrictState: 'text',
        'Placement?': { 'Zone?': 'text' },
        'InternetAccessible?': { 'InternetMaxBandwidthOut?': 'integer' },
        VirtualPrivateCloud: { VpcId: 'text', SubnetId: 'text' },
        PrivateIpAddresses: ['text'],
        IPv6Addresses: ['text'],
        SecurityGroupIds: ['text'],
      },
    ],
  },
  'vpc:DescribeNetworkAccountType': { NetworkAccountType: 'text' },
  'vpc:DescribeNetworkInterfaces': {
    TotalCount: 'integer',
    NetworkInterfaceSet: [
      {
        NetworkInterfaceId: 'asked! NetworkInterfaceIds',
        'NetworkInterfaceName?': 'text or number',
        VpcId: 'asked vpc-id',
        SubnetId: 'text',
        State: 'text',
        Attachment: { InstanceId: 'text' },
        Business: 'text',
        PrivateIpAddressSet: [{ PrivateIpAddress: 'text!' }],
        Ipv6AddressSet: [{ Address: 'text!' }],
        GroupSet: ['text'],
      },
    ],
  },
  'vpc:DescribeSubnets': {
    TotalCount: 'integer',
    SubnetSet: [
      {
        SubnetId: 'asked! SubnetIds',
        VpcId: 'text',
        CidrBlock: 'text',
        Ipv6CidrBlock: 'text',
        NetworkAclId: 'text',
        RouteTableId: 'text',
      },
    ],
  },
  'vpc:DescribeNetworkAcls': {
    TotalCount: 'integer',
    NetworkAclSet: [
      {
        NetworkAclId: 'text!',
        'NetworkAclName?': 'text or number',
        NetworkAclType: 'text',
        VpcId: 'asked vpc-id',
        SubnetSet: [{ SubnetId: 'text!' }],
        IngressEntries: [aclEntry],
        EgressEntries: [aclEntry],
      },
    ],
  },
  'vpc:DescribeNetworkAclQuintupleEntries': {
    TotalCount: 'integer',
    NetworkAclQuintupleSet: [
      {
        NetworkAclQuintupleEntryId: 'text',
        NetworkAclDirection: 'text',
        Priority: 'integer',
        Protocol: 'text or number',
        Action: 'text or number',
        SourcePort: 'text or number',
        DestinationPort: 'text or number',
        SourceCidr: 'text or number',
        DestinationCidr: 'text or number',
        SourceIPv6Cidr: 'text or number',
        DestinationIPv6Cidr: 'text or number',
        'Description?': 'text or number',
        'CreateTime?': 'text',
      },
    ],
  },
  'vpc:DescribeSecurityGroupPolicies': policies,
  'vpc:DescribeSecurityGroupExpandedPolicies': policies,
  'vpc:DescribeSecurityGroupAssociationStatistics': {
    SecurityGroupAssociationStatisticsSet: [
      {
        SecurityGroupId: 'asked! SecurityGroupIds',
        InstanceStatistics: [{ InstanceType: 'text', InstanceCount: 'integer' }],
        CVM: 'integer',
        ENI: 'integer',
        CLB: 'integer',
        CDB: 'integer',
        TotalCount: 'integer',
      },
    ],
  },
  'vpc:DescribeAddressTemplates': {
    TotalCount: 'integer',
    AddressTemplateSet: [
      {
        AddressTemplateId: 'asked! address-template-id',
        AddressSet: ['text or number'],
        AddressExtraSet: [{ Address: 'text!' }],
      },
    ],
  },
  'vpc:DescribeAddressTemplateGroups': {
    TotalCount: 'integer',
    AddressTemplateGroupSet: [
      { AddressTemplateGroupId: 'asked! address-template-group-id', AddressTemplateIdSet: ['text'] },
    ],
  },
  'vpc:DescribeServiceTemplates': {
    TotalCount: 'integer',
    ServiceTemplateSet: [
      {
        ServiceTemplateId: 'asked! service-template-id',
        ServiceSet: ['text or number'],
        ServiceExtraSet: [{ Service: 'text!' }],
      },
    ],
  },
  'vpc:DescribeServiceTemplateGroups': {
    TotalCount: 'integer',
    ServiceTemplateGroupSet: [
      { ServiceTemplateGroupId: 'asked! service-template-group-id', ServiceTemplateIdSet: ['text'] },
    ],
  },
  'vpc:DescribeVpcs': {
    TotalCount: 'integer',
    VpcSet: [
      {
        VpcId: 'asked! VpcIds',
        CidrBlock: 'text',
        Ipv6CidrBlock: 'text',
        AssistantCidrSet: [{ CidrBlock: 'text!' }],
        Ipv6CidrBlockSet: [{ IPv6CidrBlock: 'text!' }],
      },
    ],
  },
  'vpc:DescribeUsedIpAddress': {
    TotalCount: 'integer',
    IpAddressStates: [
      { IpAddress: 'asked! IpAddresses', ResourceType: 'text', ResourceId: 'text', SubnetId: 'text' },
    ],
  },
  'vpc:DescribeVpcPrivateIpAddresses': {
    VpcPrivateIpAddressSet: [{ PrivateIpAddress: 'asked! PrivateIpAddresses', PrivateIpAddressType: 'text' }],
  },
  'vpc:DescribeRouteTables': {
    TotalCount: 'integer',
    RouteTableSet: [
      {
        RouteTableId: 'text!',
        VpcId: 'asked vpc-id',
        RouteSet: [
          {
            RouteItemId: 'text',
            DestinationCidrBlock: 'text',
            DestinationIpv6CidrBlock: 'text',
            GatewayType: 'text',
            GatewayId: 'text',
            Enabled: 'flag',
          },
        ],
      },
    ],
  },
  'vpc:DescribeCcnAttachedInstances': {
    TotalCount: 'integer',
    InstanceSet: [{ CcnId: 'text!', InstanceType: 'text', InstanceId: 'asked! instance-id', State: 'text' }],
  },
  'vpc:DescribeCcnRoutes': {
    TotalCount: 'integer',
    RouteSet: [
      {
        RouteId: 'text',
        DestinationCidrBlock: 'text',
        InstanceType: 'text',
        InstanceId: 'text',
        InstanceRegion: 'text',
        Enabled: 'flag',
      },
    ],
  },
  'cdb:DescribeDBSecurityGroups': groups,
  'redis:DescribeDBSecurityGroups': groups,
  'mongodb:DescribeSecurityGroup': groups,
  'postgres:DescribeDBInstanceSecurityGroups': { SecurityGroupSet: [{ SecurityGroupId: 'text!' }] },
  'ckafka:DescribeSecurityGroupRoutes': {
    Result: {
      TotalCount: 'integer',
      SecurityGroupRoutes: [
        { Vip: 'text', InstanceRoute: { InstanceId: 'text' }, SecurityGroupIds: ['text'] },
      ],
    },
  },
  'region:DescribeRegions': { TotalCount: 'integer', RegionSet: [{ Region: 'text', RegionState: 'text' }] },
  'tke:DescribeClusters': {
    TotalCount: 'integer',
    Clusters: [
      {
        ClusterId: 'asked! ClusterIds',
        'ClusterName?': 'text or number',
        ClusterNetworkSettings: { Ipvs: 'flag', KubeProxyMode: 'text', DataPlaneV2: 'flag' },
      },
    ],
  },
  'tke:DescribeClusterInstances': {
    TotalCount: 'integer',
    InstanceSet: [{ InstanceId: 'text!', LanIP: 'text' }],
  },
  // Single records of the audit log can be unreadable. The log then counts from the next readable record.
  'cloudaudit:DescribeEvents': {
    ListOver: 'flag',
    NextToken: 'any',
    Events: [
      {
        EventName: 'any',
        EventTime: 'any',
        ErrorCode: 'any',
        Username: 'any',
        SourceIPAddress: 'any',
        Resources: 'any',
        CloudAuditEvent: 'any',
      },
    ],
  },
  // A line of the log is JSON within a text. The types of its fields are not documented.
  'cls:SearchLog': { Context: 'text', ListOver: 'flag', Results: [{ LogJson: 'any', Time: 'any' }] },
  // Read like the payload of a callback, which any type may stand in (alarms/history.ts).
  'monitor:DescribeAlarmHistories': {
    TotalCount: 'integer',
    Histories: [
      {
        AlarmId: 'any',
        Namespace: 'any',
        FirstOccurTime: 'any',
        LastOccurTime: 'any',
        AlarmStatus: 'any',
        PolicyId: 'any',
        PolicyName: 'any',
        AlarmType: 'any',
        Region: 'any',
        MetricsInfo: 'any',
        Dimensions: 'any',
        AlarmLevel: 'any',
        AlarmObject: 'any',
      },
    ],
  },
  'scf:Invoke': { Result: { FunctionRequestId: 'text' } },
  'tat:DescribeAutomationAgentStatus': {
    TotalCount: 'integer',
    AutomationAgentSet: [
      {
        InstanceId: 'asked! InstanceIds',
        AgentStatus: 'text',
        Environment: 'text',
        'Version?': 'text',
        'LastHeartbeatTime?': 'text',
      },
    ],
  },
  'tat:DescribeCommands': {
    TotalCount: 'integer',
    CommandSet: [
      {
        CommandId: 'asked! CommandIds',
        CommandName: 'text or number',
        Content: 'text',
        CommandType: 'text',
        EnableParameter: 'flag',
        'Username?': 'text',
        'Timeout?': 'integer',
      },
    ],
  },
  'tat:InvokeCommand': { InvocationId: 'text!' },
  'tat:RunCommand': { InvocationId: 'text!' },
  'tat:DescribeInvocationTasks': {
    TotalCount: 'integer',
    InvocationTaskSet: [
      {
        InvocationId: 'asked! invocation-id',
        InstanceId: 'text!',
        TaskStatus: 'text',
        TaskResult: { ExitCode: 'integer', Output: 'text', Dropped: 'integer' },
        'ErrorInfo?': 'text',
        'EndTime?': 'text',
      },
    ],
  },
  'vpc:CheckNetDetectState': {
    NetDetectIpStateSet: [
      {
        DetectDestinationIp: 'asked! DetectDestinationIp',
        State: 'integer',
        Delay: 'integer',
        PacketLossRate: 'integer',
      },
    ],
  },
} as const satisfies { readonly [A in Action]: ShapeOf<SdkResponse<A>> }
