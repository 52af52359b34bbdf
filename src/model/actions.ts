import type { ActionName } from './fact.ts'

interface ActionTraits {
  /** Calls a second that the platform allows, where another number than the usual 20 is documented (215/15804). */
  readonly perSecond?: number
  /** Says who and when alone: no finding rests on it, and where it fails no cause is left open. */
  readonly informsOnly?: true
}

/**
 * Every API action that the product can call. All are reads; there is no way to call anything else. What follows from
 * a row: the requests and answers that `cloud/` can send and read, the CAM policy (docs/cam-policy.json, written by
 * `npm run generate`), the rate, and what a gap says of it (`diagnosis/gaps/`, by type).
 */
export const ACTIONS = {
  'clb:DescribeLoadBalancers': {},
  'clb:DescribeListeners': {},
  'clb:DescribeTargets': {},
  'clb:DescribeTargetHealth': {},
  'clb:DescribeTargetGroups': {},
  'clb:DescribeTargetGroupInstances': {},
  'clb:DescribeCrossTargets': {},
  'clb:DescribeClassicalLBListeners': {},
  'clb:DescribeClassicalLBTargets': {},
  'clb:DescribeClassicalLBHealthStatus': {},
  'cvm:DescribeInstances': {},
  'vpc:DescribeNetworkInterfaces': {},
  'vpc:DescribeSubnets': {},
  'vpc:DescribeNetworkAcls': {},
  'vpc:DescribeNetworkAclQuintupleEntries': {},
  'vpc:DescribeSecurityGroupPolicies': { perSecond: 100 },
  'vpc:DescribeSecurityGroupExpandedPolicies': {},
  'vpc:DescribeSecurityGroupAssociationStatistics': {},
  'vpc:DescribeAddressTemplates': {},
  'vpc:DescribeAddressTemplateGroups': {},
  'vpc:DescribeServiceTemplates': {},
  'vpc:DescribeServiceTemplateGroups': {},
  'vpc:DescribeVpcs': {},
  'vpc:DescribeUsedIpAddress': {},
  'vpc:DescribeVpcPrivateIpAddresses': {},
  'vpc:DescribeRouteTables': {},
  'vpc:DescribeCcnAttachedInstances': {},
  'vpc:DescribeCcnRoutes': {},
  'cdb:DescribeDBSecurityGroups': {},
  'redis:DescribeDBSecurityGroups': {},
  'mongodb:DescribeSecurityGroup': {},
  'postgres:DescribeDBInstanceSecurityGroups': {},
  'ckafka:DescribeSecurityGroupRoutes': {},
  'region:DescribeRegions': {},
  'tke:DescribeClusters': {},
  'tke:DescribeClusterInstances': {},
  'cloudaudit:DescribeEvents': { informsOnly: true },
  'cls:SearchLog': { informsOnly: true },
} as const satisfies Record<ActionName, ActionTraits>

export type Action = keyof typeof ACTIONS

/** False for a name that only an older or newer version knows: saved snapshots hold such names. */
export const isAction = (name: string): name is Action => Object.hasOwn(ACTIONS, name)

const traitsOf = (action: string): ActionTraits => (isAction(action) ? ACTIONS[action] : {})

export const informsOnly = (action: string): boolean => traitsOf(action).informsOnly ?? false

/** Three quarters of what the platform allows: others call with the account's keys as well. */
export const usualRate = (action: string): number => 0.75 * (traitsOf(action).perSecond ?? 20)
