import type { AclEntry, NetworkAcl, SecurityGroup, SecurityRule } from '../../src/model/snapshot.ts'
import type { Outcome, PortReading, Probe, References } from '../../src/network/index.ts'
import { compileAcl, evaluateAclIngress, evaluateAclReply } from '../../src/network/network-acl.ts'
import { type OrderConflict, orderConflict } from '../../src/network/order.ts'
import type { PortSet } from '../../src/network/ports.ts'
import { compileReferences } from '../../src/network/references.ts'
import { compileSecurityGroup, evaluateSecurityGroups } from '../../src/network/security-group.ts'

export const rule = (fields: Partial<SecurityRule>): SecurityRule => ({
  index: 0,
  protocol: null,
  port: null,
  service: null,
  cidr: null,
  ipv6Cidr: null,
  sourceGroupId: null,
  address: null,
  action: null,
  description: null,
  modifiedAt: null,
  ...fields,
})

export const entry = (fields: Partial<AclEntry>): AclEntry => ({
  id: null,
  priority: null,
  protocol: null,
  action: null,
  description: null,
  modifiedAt: null,
  port: null,
  cidr: null,
  ipv6Cidr: null,
  sourcePort: null,
  destinationPort: null,
  sourceCidr: null,
  destinationCidr: null,
  sourceIpv6Cidr: null,
  destinationIpv6Cidr: null,
  ...fields,
})

export const noReferences: References = {
  addresses: () => null,
  services: () => null,
  members: () => ({ inside: [], outside: [] }),
}

const compiled = (groups: readonly SecurityGroup[], references: References) =>
  groups.map((group) => compileSecurityGroup(group, compileReferences(references)))

export const judgeGroups = (
  groups: readonly SecurityGroup[],
  probe: Probe,
  references: References = noReferences,
): Outcome => evaluateSecurityGroups(compiled(groups, references), probe)

export const judgeOrder = (groups: readonly SecurityGroup[], probe: Probe): OrderConflict | null =>
  orderConflict(compiled(groups, noReferences), probe)

export const judgeIngress = (acl: NetworkAcl, probe: Probe, proberPorts?: PortSet): Outcome =>
  evaluateAclIngress(compileAcl(acl), probe, proberPorts)

export const judgeReply = (
  acl: NetworkAcl,
  probe: Probe,
  reading: PortReading,
  proberPorts?: PortSet,
): Outcome => evaluateAclReply(compileAcl(acl), probe, reading, proberPorts)
