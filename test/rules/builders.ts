import {
  type AclEntry,
  EMPTY_ACL_ENTRY,
  type NetworkAcl,
  type SecurityGroup,
  type SecurityRule,
} from '../../src/model/snapshot.ts'
import {
  type AddressSet,
  createEvaluator,
  type Outcome,
  type PortReading,
  PROBE_100_64,
  type Probe,
  parseAddresses,
  type References,
} from '../../src/rules/index.ts'
import { compileMeanings } from '../../src/rules/meanings.ts'
import { compileAcl, evaluateAclIngress, evaluateAclReply } from '../../src/rules/network-acl.ts'
import type { OrderConflict } from '../../src/rules/order.ts'
import type { PortSet } from '../../src/rules/ports.ts'
import { compileSecurityGroup, evaluateSecurityGroups } from '../../src/rules/security-group.ts'

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

export const entry = (fields: Partial<AclEntry>): AclEntry => ({ ...EMPTY_ACL_ENTRY, ...fields })

export const noReferences: References = {
  addresses: () => null,
  services: () => null,
  members: () => ({ inside: [], outside: [] }),
}

const compiled = (groups: readonly SecurityGroup[], references: References) =>
  groups.map((group) => compileSecurityGroup(group, compileMeanings(references)))

export const judgeGroups = (
  groups: readonly SecurityGroup[],
  probe: Probe,
  references: References = noReferences,
): Outcome => evaluateSecurityGroups(compiled(groups, references), probe)

export const judgeOrder = (groups: readonly SecurityGroup[], probe: Probe): OrderConflict | null =>
  createEvaluator(noReferences).orderMatters(groups, probe)

export const judgeIngress = (acl: NetworkAcl, probe: Probe, proberPorts?: PortSet): Outcome =>
  evaluateAclIngress(compileAcl(acl), probe, proberPorts)

export const judgeReply = (
  acl: NetworkAcl,
  probe: Probe,
  reading: PortReading,
  proberPorts?: PortSet,
): Outcome => evaluateAclReply(compileAcl(acl), probe, reading, proberPorts)

export const setOf = (text: string): AddressSet => {
  const set = parseAddresses(text)
  if (set === null) throw new Error(text)
  return set
}

/** A probe of TCP 80 from all of 100.64.0.0/10. */
export const probeWith = (fields: Partial<Probe> = {}): Probe => ({
  sources: PROBE_100_64,
  destination: '10.0.1.16',
  protocol: 'tcp',
  port: 80,
  ...fields,
})

export const groupWith = (id: string, ...rules: readonly Partial<SecurityRule>[]): SecurityGroup => ({
  id,
  region: 'ap-guangzhou',
  version: null,
  ingress: rules.map((fields, index) => rule({ index, ...fields })),
})

/** An ACL with entries in one direction. The place in the list is the priority. */
export const aclWith = (
  kind: NetworkAcl['kind'],
  direction: 'ingress' | 'egress',
  entries: readonly Partial<AclEntry>[],
): NetworkAcl => ({
  id: 'acl-1',
  name: '',
  vpcId: null,
  region: 'ap-guangzhou',
  subnetIds: null,
  kind,
  ingress: [],
  egress: [],
  [direction]: entries.map((one, i) => entry({ priority: i + 1, action: 'ACCEPT', ...one })),
})

export function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items]
  return items.flatMap((one, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [one, ...rest]),
  )
}

/** The verdict of one rule. By default the rule lets TCP 80 in from everywhere. */
export const verdictOf = (
  fields: Partial<SecurityRule>,
  asked: Partial<Probe> = {},
  templates: References = noReferences,
) =>
  judgeGroups(
    [groupWith('sg-0', { protocol: 'TCP', port: '80', cidr: '0.0.0.0/0', action: 'ACCEPT', ...fields })],
    probeWith(asked),
    templates,
  ).verdict
