// node good-script.mjs lb-…: what a good engineer could write with the SDK in an afternoon. It uses full batches, runs
// ten calls at a time and reads nothing twice. It prints each Dead backend with the group rule and the ACL entry that
// decide about its probe. It supports only IPv4, one kind of probe source per rule, and backends in the VPC.
import http from 'node:http'
import net from 'node:net'
import { Client as Clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_client.js'
import { Client as Cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_client.js'
import { Client as Vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_client.js'

const [loadBalancerId] = process.argv.slice(2)
const {
  TENCENTCLOUD_SECRETID: secretId,
  TENCENTCLOUD_SECRETKEY: secretKey,
  TENCENTCLOUD_REGION: region,
} = process.env
const { hostname, port } = new URL(process.env.CLB_DOCTOR_API_ORIGIN)
const agent = new http.Agent({ keepAlive: true })
agent.createConnection = () => net.connect({ host: hostname, port: Number(port) })
const options = {
  credential: { secretId, secretKey },
  region,
  profile: { httpProfile: { protocol: 'http://', agent } },
}
const [clb, cvm, vpc] = [new Clb(options), new Cvm(options), new Vpc(options)]

const [{ LoadBalancerSet }, { Listeners: checks }, { Listeners: bound }, { LoadBalancers: health }] =
  await Promise.all([
    clb.DescribeLoadBalancers({ LoadBalancerIds: [loadBalancerId] }),
    clb.DescribeListeners({ LoadBalancerId: loadBalancerId }),
    clb.DescribeTargets({ LoadBalancerId: loadBalancerId }),
    clb.DescribeTargetHealth({ LoadBalancerIds: [loadBalancerId] }),
  ])
const [{ LoadBalancerVips: vips }] = LoadBalancerSet
const checkOf = new Map(
  checks.flatMap(({ ListenerId, HealthCheck, Rules }) => [
    [ListenerId, HealthCheck],
    ...(Rules ?? []).map((rule) => [rule.LocationId, rule.HealthCheck]),
  ]),
)
const dead = new Set()
for (const { ListenerId, Rules } of health[0].Listeners)
  for (const { LocationId, Targets } of Rules ?? [])
    for (const { TargetId, Port, HealthStatus } of Targets)
      if (!HealthStatus) dead.add(`${LocationId || ListenerId} ${TargetId} ${Port}`)
const targets = bound.flatMap(({ ListenerId, Targets, Rules }) => [
  ...(Targets ?? []).map((target) => ({ ...target, rule: ListenerId })),
  ...(Rules ?? []).flatMap(({ LocationId, Targets: own }) =>
    own.map((target) => ({ ...target, rule: LocationId })),
  ),
])

const instances = await inBatches(
  targets.map(({ InstanceId }) => InstanceId),
  async (InstanceIds) => (await cvm.DescribeInstances({ InstanceIds, Limit: 100 })).InstanceSet,
)
const machineOf = new Map(instances.map((machine) => [machine.InstanceId, machine]))
const groupIds = [...new Set(instances.flatMap(({ SecurityGroupIds }) => SecurityGroupIds ?? []))]
const [subnets, policies] = await Promise.all([
  inBatches(
    instances.map(({ VirtualPrivateCloud }) => VirtualPrivateCloud.SubnetId),
    async (SubnetIds) => (await vpc.DescribeSubnets({ SubnetIds })).SubnetSet,
  ),
  tenAbreast(groupIds, async (SecurityGroupId) => [
    SecurityGroupId,
    (await vpc.DescribeSecurityGroupPolicies({ SecurityGroupId })).SecurityGroupPolicySet.Ingress,
  ]),
])
const rulesOf = new Map(policies)
const aclIdOf = new Map(subnets.map(({ SubnetId, NetworkAclId }) => [SubnetId, NetworkAclId]))
const acls = await inBatches(
  subnets.map(({ NetworkAclId }) => NetworkAclId),
  async (NetworkAclIds) => (await vpc.DescribeNetworkAcls({ NetworkAclIds })).NetworkAclSet,
)
const quintuples = await tenAbreast(
  acls.filter(({ NetworkAclType }) => NetworkAclType === 'QUINTUPLE'),
  async ({ NetworkAclId }) => [
    NetworkAclId,
    (await vpc.DescribeNetworkAclQuintupleEntries({ NetworkAclId, Limit: 100 })).NetworkAclQuintupleSet
      .Ingress,
  ],
)
const entriesOf = new Map([...acls.map((acl) => [acl.NetworkAclId, acl.IngressEntries]), ...quintuples])
const templateIds = policies.flatMap(([, rules]) =>
  rules.flatMap(({ AddressTemplate }) => Object.values(AddressTemplate ?? {})),
)
const groupsOfTemplates = await templates(
  templateIds,
  'ipmg-',
  'DescribeAddressTemplateGroups',
  'AddressTemplateGroupSet',
)
const members = groupsOfTemplates.flatMap(({ AddressTemplateIdSet }) => AddressTemplateIdSet)
const singles = await templates(
  [...templateIds, ...members],
  'ipm-',
  'DescribeAddressTemplates',
  'AddressTemplateSet',
)
const addressesOf = new Map(singles.map((one) => [one.AddressTemplateId, one.AddressSet]))
for (const { AddressTemplateGroupId, AddressTemplateIdSet } of groupsOfTemplates)
  addressesOf.set(
    AddressTemplateGroupId,
    AddressTemplateIdSet.flatMap((id) => addressesOf.get(id) ?? []),
  )

const lines = []
for (const { rule, InstanceId, Port, PrivateIpAddresses } of targets) {
  if (!dead.has(`${rule} ${InstanceId} ${Port}`)) continue
  const { SecurityGroupIds = [], VirtualPrivateCloud, InstanceState } = machineOf.get(InstanceId) ?? {}
  const source = checkOf.get(rule)?.SourceIpType === 1 ? '100.64.0.1' : vips[0]
  const acl = aclIdOf.get(VirtualPrivateCloud?.SubnetId)
  lines.push(
    `${rule} ${InstanceId} ${PrivateIpAddresses} ${InstanceState} :${Port} from ${source}`,
    `  group: ${firstMatch(
      SecurityGroupIds.flatMap((id) => (rulesOf.get(id) ?? []).map((one) => ({ ...one, id }))),
      source,
      Port,
    )}`,
    `  ACL:   ${
      acl
        ? firstMatch(
            (entriesOf.get(acl) ?? []).map((one) => ({ ...one, id: acl, PolicyIndex: one.Priority })),
            source,
            Port,
          )
        : 'none'
    }`,
  )
}
console.log(`${loadBalancerId}: ${dead.size} of ${targets.length} backends are Dead`)
console.log(lines.length > 0 ? lines.join('\n') : 'no backend is Dead')
agent.destroy()

function firstMatch(rules, source, port) {
  const rule = rules.find(
    (one) =>
      /^(all|tcp)$/i.test(one.Protocol ?? 'ALL') &&
      isPortIn(one.Port ?? one.DestinationPort ?? 'ALL', port) &&
      sourcesOf(one).some((cidr) => isIn(cidr, source)),
  )
  return rule ? `${rule.Action} by ${rule.id} #${rule.PolicyIndex ?? '?'}` : 'DROP, no rule matches'
}

function sourcesOf({ CidrBlock, SourceCidr, AddressTemplate }) {
  const template = AddressTemplate?.AddressGroupId || AddressTemplate?.AddressId
  return template ? (addressesOf.get(template) ?? []) : [CidrBlock || SourceCidr || '']
}

function isPortIn(text, port) {
  if (/^all$/i.test(text)) return true
  return text.split(',').some((part) => {
    const [low, high = low] = part.split('-').map(Number)
    return port >= low && port <= high
  })
}

function isIn(cidr, address) {
  if (cidr.includes(':')) return false
  if (cidr.includes('-')) {
    const [low, high] = cidr.split('-').map(numberOf)
    return low <= numberOf(address) && numberOf(address) <= high
  }
  const [base, bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(address) / size)
}

function numberOf(address) {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

async function templates(ids, prefix, action, set) {
  const Name = prefix === 'ipm-' ? 'address-template-id' : 'address-template-group-id'
  return await inBatches(
    ids.filter((id) => id?.startsWith(prefix)),
    async (Values) => (await vpc[action]({ Filters: [{ Name, Values }], Limit: '100' }))[set],
  )
}

async function inBatches(ids, read) {
  const own = [...new Set(ids.filter(Boolean))]
  const batches = Array.from({ length: Math.ceil(own.length / 100) }, (_, n) =>
    own.slice(n * 100, n * 100 + 100),
  )
  return (await tenAbreast(batches, read)).flat()
}

async function tenAbreast(items, work) {
  const results = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const at = next++
      results[at] = await work(items[at])
    }
  }
  await Promise.all(Array.from({ length: Math.min(10, items.length) }, worker))
  return results
}
