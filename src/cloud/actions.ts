import type * as Cdb from 'tencentcloud-sdk-nodejs/tencentcloud/services/cdb/v20170320/cdb_models'
import type * as Ckafka from 'tencentcloud-sdk-nodejs/tencentcloud/services/ckafka/v20190819/ckafka_models'
import type * as Clb from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models'
import type * as Audit from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/cloudaudit_models'
import type * as Cls from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_models'
import type * as Cvm from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_models'
import type * as Mongodb from 'tencentcloud-sdk-nodejs/tencentcloud/services/mongodb/v20190725/mongodb_models'
import type * as Postgres from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models'
import type * as Redis from 'tencentcloud-sdk-nodejs/tencentcloud/services/redis/v20180412/redis_models'
import type * as Region from 'tencentcloud-sdk-nodejs/tencentcloud/services/region/v20220627/region_models'
import type * as Tke from 'tencentcloud-sdk-nodejs/tencentcloud/services/tke/v20180525/tke_models'
import type * as Vpc from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_models'

/** Services and their API versions, as the SDK's own clients send them. */
export const SERVICES = {
  cdb: '2017-03-20',
  ckafka: '2019-08-19',
  clb: '2018-03-17',
  cloudaudit: '2019-03-19',
  cls: '2020-10-16',
  cvm: '2017-03-12',
  mongodb: '2019-07-25',
  postgres: '2017-03-12',
  redis: '2018-04-12',
  region: '2022-06-27',
  tke: '2018-05-25',
  vpc: '2017-03-12',
} as const

export type Service = keyof typeof SERVICES

/** Digits where a double does not hold it (`long-integers.ts`). */
export type LongInteger = number | string

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
  'clb:DescribeCrossTargets': [Clb.DescribeCrossTargetsRequest, Clb.DescribeCrossTargetsResponse]
  'clb:DescribeClassicalLBListeners': [
    Clb.DescribeClassicalLBListenersRequest,
    Clb.DescribeClassicalLBListenersResponse,
  ]
  'clb:DescribeClassicalLBTargets': [
    Clb.DescribeClassicalLBTargetsRequest,
    Clb.DescribeClassicalLBTargetsResponse,
  ]
  'clb:DescribeClassicalLBHealthStatus': [
    Clb.DescribeClassicalLBHealthStatusRequest,
    Clb.DescribeClassicalLBHealthStatusResponse,
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
  'vpc:DescribeVpcs': [Vpc.DescribeVpcsRequest, Vpc.DescribeVpcsResponse]
  'vpc:DescribeUsedIpAddress': [Vpc.DescribeUsedIpAddressRequest, Vpc.DescribeUsedIpAddressResponse]
  'vpc:DescribeVpcPrivateIpAddresses': [
    Vpc.DescribeVpcPrivateIpAddressesRequest,
    Vpc.DescribeVpcPrivateIpAddressesResponse,
  ]
  'vpc:DescribeRouteTables': [Vpc.DescribeRouteTablesRequest, Vpc.DescribeRouteTablesResponse]
  'vpc:DescribeCcnAttachedInstances': [
    Vpc.DescribeCcnAttachedInstancesRequest,
    Vpc.DescribeCcnAttachedInstancesResponse,
  ]
  'vpc:DescribeCcnRoutes': [Vpc.DescribeCcnRoutesRequest, Vpc.DescribeCcnRoutesResponse]
  'cdb:DescribeDBSecurityGroups': [Cdb.DescribeDBSecurityGroupsRequest, Cdb.DescribeDBSecurityGroupsResponse]
  'redis:DescribeDBSecurityGroups': [
    Redis.DescribeDBSecurityGroupsRequest,
    Redis.DescribeDBSecurityGroupsResponse,
  ]
  'mongodb:DescribeSecurityGroup': [
    Mongodb.DescribeSecurityGroupRequest,
    Mongodb.DescribeSecurityGroupResponse,
  ]
  'postgres:DescribeDBInstanceSecurityGroups': [
    Postgres.DescribeDBInstanceSecurityGroupsRequest,
    Postgres.DescribeDBInstanceSecurityGroupsResponse,
  ]
  'ckafka:DescribeSecurityGroupRoutes': [
    Ckafka.DescribeSecurityGroupRoutesRequest,
    Ckafka.DescribeSecurityGroupRoutesResponse,
  ]
  'region:DescribeRegions': [Region.DescribeRegionsRequest, Region.DescribeRegionsResponse]
  'tke:DescribeClusters': [Tke.DescribeClustersRequest, Tke.DescribeClustersResponse]
  'tke:DescribeClusterInstances': [Tke.DescribeClusterInstancesRequest, Tke.DescribeClusterInstancesResponse]
  'cloudaudit:DescribeEvents': [
    Omit<Audit.DescribeEventsRequest, 'NextToken'> & { NextToken?: bigint },
    Omit<Audit.DescribeEventsResponse, 'NextToken'> & { NextToken?: LongInteger },
  ]
  'cls:SearchLog': [Cls.SearchLogRequest, Cls.SearchLogResponse]
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
  'clb:DescribeCrossTargets': true,
  'clb:DescribeClassicalLBListeners': true,
  'clb:DescribeClassicalLBTargets': true,
  'clb:DescribeClassicalLBHealthStatus': true,
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
  'vpc:DescribeVpcs': true,
  'vpc:DescribeUsedIpAddress': true,
  'vpc:DescribeVpcPrivateIpAddresses': true,
  'vpc:DescribeRouteTables': true,
  'vpc:DescribeCcnAttachedInstances': true,
  'vpc:DescribeCcnRoutes': true,
  'cdb:DescribeDBSecurityGroups': true,
  'redis:DescribeDBSecurityGroups': true,
  'mongodb:DescribeSecurityGroup': true,
  'postgres:DescribeDBInstanceSecurityGroups': true,
  'ckafka:DescribeSecurityGroupRoutes': true,
  'region:DescribeRegions': true,
  'tke:DescribeClusters': true,
  'tke:DescribeClusterInstances': true,
  'cloudaudit:DescribeEvents': true,
  'cls:SearchLog': true,
} as const satisfies Record<Action, true>

/** Calls a second that the platform allows, where another number than the usual 20 is documented (215/15804). */
const ALLOWED: Readonly<Record<string, number>> = { 'vpc:DescribeSecurityGroupPolicies': 100 }

/** Three quarters of what the platform allows: others call with the account's keys as well. */
export const usualRate = (action: string): number => 0.75 * (ALLOWED[action] ?? 20)
