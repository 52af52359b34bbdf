import type * as Clb from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models'
import type * as Cvm from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_models'
import type * as Vpc from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models'

/** Services and their API versions, as the SDK's own clients send them. */
export const SERVICES = {
  clb: '2018-03-17',
  cvm: '2017-03-12',
  vpc: '2017-03-12',
} as const

export type Service = keyof typeof SERVICES

interface Actions {
  'clb:DescribeLoadBalancers': [Clb.DescribeLoadBalancersRequest, Clb.DescribeLoadBalancersResponse]
  'clb:DescribeListeners': [Clb.DescribeListenersRequest, Clb.DescribeListenersResponse]
  'clb:DescribeTargets': [Clb.DescribeTargetsRequest, Clb.DescribeTargetsResponse]
  'clb:DescribeTargetHealth': [Clb.DescribeTargetHealthRequest, Clb.DescribeTargetHealthResponse]
  'clb:DescribeTargetGroups': [Clb.DescribeTargetGroupsRequest, Clb.DescribeTargetGroupsResponse]
  'clb:DescribeTargetGroupInstances': [
    Clb.DescribeTargetGroupInstancesRequest,
    Clb.DescribeTargetGroupInstancesResponse,
  ]
  'cvm:DescribeInstances': [Cvm.DescribeInstancesRequest, Cvm.DescribeInstancesResponse]
  'vpc:DescribeNetworkInterfaces': [
    Vpc.DescribeNetworkInterfacesRequest,
    Vpc.DescribeNetworkInterfacesResponse,
  ]
  'vpc:DescribeSubnets': [Vpc.DescribeSubnetsRequest, Vpc.DescribeSubnetsResponse]
  'vpc:DescribeNetworkAcls': [Vpc.DescribeNetworkAclsRequest, Vpc.DescribeNetworkAclsResponse]
  'vpc:DescribeNetworkAclQuintupleEntries': [
    Vpc.DescribeNetworkAclQuintupleEntriesRequest,
    Vpc.DescribeNetworkAclQuintupleEntriesResponse,
  ]
  'vpc:DescribeSecurityGroupPolicies': [
    Vpc.DescribeSecurityGroupPoliciesRequest,
    Vpc.DescribeSecurityGroupPoliciesResponse,
  ]
  'vpc:DescribeSecurityGroupExpandedPolicies': [
    Vpc.DescribeSecurityGroupExpandedPoliciesRequest,
    Vpc.DescribeSecurityGroupExpandedPoliciesResponse,
  ]
  'vpc:DescribeSecurityGroupAssociationStatistics': [
    Vpc.DescribeSecurityGroupAssociationStatisticsRequest,
    Vpc.DescribeSecurityGroupAssociationStatisticsResponse,
  ]
  'vpc:DescribeAddressTemplates': [Vpc.DescribeAddressTemplatesRequest, Vpc.DescribeAddressTemplatesResponse]
  'vpc:DescribeAddressTemplateGroups': [
    Vpc.DescribeAddressTemplateGroupsRequest,
    Vpc.DescribeAddressTemplateGroupsResponse,
  ]
  'vpc:DescribeServiceTemplates': [Vpc.DescribeServiceTemplatesRequest, Vpc.DescribeServiceTemplatesResponse]
  'vpc:DescribeServiceTemplateGroups': [
    Vpc.DescribeServiceTemplateGroupsRequest,
    Vpc.DescribeServiceTemplateGroupsResponse,
  ]
}

export type Action = keyof Actions
export type RequestOf<A extends Action> = Actions[A][0]
export type ResponseOf<A extends Action> = Actions[A][1]

/**
 * Every action the product can call, and so every CAM action it needs: docs/cam-policy.json is held to this list by
 * a test. All are reads; there is no way to call anything else.
 */
export const ACTIONS = {
  'clb:DescribeLoadBalancers': true,
  'clb:DescribeListeners': true,
  'clb:DescribeTargets': true,
  'clb:DescribeTargetHealth': true,
  'clb:DescribeTargetGroups': true,
  'clb:DescribeTargetGroupInstances': true,
  'cvm:DescribeInstances': true,
  'vpc:DescribeNetworkInterfaces': true,
  'vpc:DescribeSubnets': true,
  'vpc:DescribeNetworkAcls': true,
  'vpc:DescribeNetworkAclQuintupleEntries': true,
  'vpc:DescribeSecurityGroupPolicies': true,
  'vpc:DescribeSecurityGroupExpandedPolicies': true,
  'vpc:DescribeSecurityGroupAssociationStatistics': true,
  'vpc:DescribeAddressTemplates': true,
  'vpc:DescribeAddressTemplateGroups': true,
  'vpc:DescribeServiceTemplates': true,
  'vpc:DescribeServiceTemplateGroups': true,
} as const satisfies Record<Action, true>
