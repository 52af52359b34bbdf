import { type Answer, ApiError, type Request } from './api.ts'
import * as clb from './clb.ts'
import * as cvm from './cvm.ts'
import * as groups from './groups.ts'
import { checkParameters } from './parameters.ts'
import * as vpc from './vpc.ts'
import type { World } from './world.ts'

type Handler = (world: World, request: Request) => Answer

const HANDLERS: Readonly<Record<string, Handler>> = {
  'clb:DescribeLoadBalancers': clb.describeLoadBalancers,
  'clb:DescribeListeners': clb.describeListeners,
  'clb:DescribeTargets': clb.describeTargets,
  'clb:DescribeTargetHealth': clb.describeTargetHealth,
  'clb:DescribeTargetGroups': clb.describeTargetGroups,
  'clb:DescribeTargetGroupInstances': clb.describeTargetGroupInstances,
  'cvm:DescribeInstances': cvm.describeInstances,
  'vpc:DescribeNetworkInterfaces': vpc.describeNetworkInterfaces,
  'vpc:DescribeSubnets': vpc.describeSubnets,
  'vpc:DescribeNetworkAcls': vpc.describeNetworkAcls,
  'vpc:DescribeNetworkAclQuintupleEntries': vpc.describeNetworkAclQuintupleEntries,
  'vpc:DescribeSecurityGroupPolicies': groups.describeSecurityGroupPolicies,
  'vpc:DescribeSecurityGroupExpandedPolicies': groups.describeSecurityGroupExpandedPolicies,
  'vpc:DescribeSecurityGroupAssociationStatistics': groups.describeSecurityGroupAssociationStatistics,
  'vpc:DescribeAddressTemplates': vpc.describeAddressTemplates,
  'vpc:DescribeAddressTemplateGroups': vpc.describeAddressTemplateGroups,
  'vpc:DescribeServiceTemplates': vpc.describeServiceTemplates,
  'vpc:DescribeServiceTemplateGroups': vpc.describeServiceTemplateGroups,
}

/** Every `service:Action` that is simulated. */
export const SIMULATED_ACTIONS: readonly string[] = Object.keys(HANDLERS)

const VERSIONS: Readonly<Record<string, string>> = { clb: '2018-03-17', cvm: '2017-03-12', vpc: '2017-03-12' }
const REGIONS = new Set(['ap-guangzhou', 'ap-shanghai', 'ap-beijing', 'ap-hongkong', 'ap-singapore'])

export interface Question {
  readonly action: string
  readonly region: string | null
  readonly version: string | undefined
  readonly body: string
}

/** The content of `Response`, without its RequestId. Throws `ApiError`. */
export function respond(world: World, { action, region, version, body }: Question): Answer {
  const [service = ''] = action.split(':')
  const expected = VERSIONS[service]
  if (!expected) throw new ApiError('InvalidParameter', `no such service: ${service}`)
  if (version !== expected) throw new ApiError('NoSuchVersion', `no version ${version} of ${service}`)
  const handler = HANDLERS[action]
  if (!handler) throw new ApiError('InvalidAction', `no action ${action}`)
  if (region === null) throw new ApiError('MissingParameter', 'X-TC-Region is required')
  if (!REGIONS.has(region)) throw new ApiError('UnsupportedRegion', `no region ${region}`)
  const request = parse(body)
  checkParameters(action, request)
  return handler(region === world.region ? world : elsewhere(world, region), request)
}

function parse(body: string): Request {
  let request: unknown
  try {
    request = JSON.parse(body)
  } catch (cause) {
    throw new ApiError('InvalidParameter', 'the body is not JSON', { cause })
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new ApiError('InvalidParameter', 'the body is not an object')
  return request as Request
}

/** Another region of the same account: nothing is there. */
const elsewhere = (world: World, region: string): World => ({
  ...world,
  region,
  vpcs: [],
  subnets: [],
  acls: [],
  groups: [],
  addressTemplates: {},
  addressGroups: {},
  serviceTemplates: {},
  serviceGroups: {},
  machines: [],
  interfaces: [],
  remotes: [],
  targetGroups: [],
  balancers: [],
})
