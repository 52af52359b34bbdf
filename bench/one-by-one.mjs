// A simple script that reads a CLB with one call after the other. The bench compares clb-doctor's reading with it.
import http from 'node:http'
import net from 'node:net'
import { Client as Clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_client.js'
import { Client as Cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_client.js'
import { Client as Vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_client.js'

/** Clients of the SDK. Like clb-doctor, they keep their connections alive. */
export function connectTo({ origin, credentials }, region) {
  const agent = new http.Agent({ keepAlive: true })
  const { hostname, port } = new URL(origin)
  agent.createConnection = () => net.connect({ host: hostname, port: Number(port) })
  const options = {
    credential: credentials,
    region,
    profile: { httpProfile: { protocol: 'http://', agent } },
  }
  return { clb: new Clb(options), cvm: new Cvm(options), vpc: new Vpc(options), close: () => agent.destroy() }
}

/**
 * Reads the CLB, its targets, and for each target its machine, subnet, ACL and groups, one call after the other. Each
 * call asks for one target or group. Nothing is read twice. It does not diagnose anything and does not read templates.
 */
export async function readOneByOne({ clb, cvm, vpc }, id) {
  await clb.DescribeLoadBalancers({ LoadBalancerIds: [id] })
  await clb.DescribeListeners({ LoadBalancerId: id })
  const { Listeners = [] } = await clb.DescribeTargets({ LoadBalancerId: id })
  await clb.DescribeTargetHealth({ LoadBalancerIds: [id] })
  const targets = Listeners.flatMap(({ Targets, Rules }) => [
    ...(Targets ?? []),
    ...(Rules ?? []).flatMap((rule) => rule.Targets ?? []),
  ])
  const machines = new Set()
  const [subnets, acls, groups] = [new Set(), new Set(), new Set()]
  for (const { InstanceId } of targets) {
    if (!isNew(machines, InstanceId)) continue
    const { InstanceSet = [] } = await cvm.DescribeInstances({ InstanceIds: [InstanceId] })
    for (const { VirtualPrivateCloud, SecurityGroupIds = [] } of InstanceSet) {
      await readSubnet(VirtualPrivateCloud.SubnetId)
      for (const SecurityGroupId of SecurityGroupIds)
        if (isNew(groups, SecurityGroupId)) await vpc.DescribeSecurityGroupPolicies({ SecurityGroupId })
    }
  }
  return { machines: machines.size, subnets: subnets.size, acls: acls.size, groups: groups.size }

  async function readSubnet(subnetId) {
    if (!isNew(subnets, subnetId)) return
    const { SubnetSet = [] } = await vpc.DescribeSubnets({ SubnetIds: [subnetId] })
    for (const { NetworkAclId } of SubnetSet) {
      if (!NetworkAclId || !isNew(acls, NetworkAclId)) continue
      const { NetworkAclSet = [] } = await vpc.DescribeNetworkAcls({ NetworkAclIds: [NetworkAclId] })
      if (NetworkAclSet.some(({ NetworkAclType }) => NetworkAclType === 'QUINTUPLE'))
        await vpc.DescribeNetworkAclQuintupleEntries({ NetworkAclId, Limit: 100 })
    }
  }
}

function isNew(seen, id) {
  if (seen.has(id)) return false
  seen.add(id)
  return true
}
