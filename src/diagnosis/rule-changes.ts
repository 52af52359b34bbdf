import type { FixPlan } from '../checks/index.ts'
import type { FixCommand } from '../model/diagnosis.ts'
import { type Fact, known, ok } from '../model/fact.ts'
import type { AclEntry, NetworkAcl, SecurityGroup, SecurityRule, Snapshot } from '../model/snapshot.ts'
import type { Probe } from '../network/index.ts'

/** What one new rule opens. */
export interface Opening {
  readonly protocol: Probe['protocol']
  readonly port: number | null
  readonly cidr: string
}

/** A changed rule list, as the snapshot it gives and the command that would make it so. */
export interface Change {
  readonly id: string
  readonly snapshot: Snapshot
  readonly command: FixCommand
}

export function changeFor(
  plan: Exclude<FixPlan, { kind: 'advice' }>,
  openings: readonly Opening[],
  snapshot: Snapshot,
): Change | null {
  if (plan.kind === 'open-security-group') {
    const group = known(snapshot.securityGroups[plan.groupId])
    return group ? groupChange(group, plan.position, openings, snapshot) : null
  }
  const acl = known(snapshot.networkAcls[plan.aclId])
  return acl ? aclChange(acl, plan, openings, snapshot) : null
}

/** CreateSecurityGroupPolicies inserts at PolicyIndex and leaves the other rules alone (SDK vpc_client). */
function groupChange(
  group: SecurityGroup,
  position: number,
  openings: readonly Opening[],
  snapshot: Snapshot,
): Change {
  const rules = openings.map(
    (opening, i): SecurityRule => ({
      index: position + i,
      protocol: opening.protocol,
      port: opening.port === null ? null : String(opening.port),
      service: null,
      cidr: isV6(opening.cidr) ? null : opening.cidr,
      ipv6Cidr: isV6(opening.cidr) ? opening.cidr : null,
      sourceGroupId: null,
      address: null,
      action: 'ACCEPT',
      description: null,
      modifiedAt: null,
    }),
  )
  const moved = group.ingress.map((rule) =>
    rule.index >= position ? { ...rule, index: rule.index + rules.length } : rule,
  )
  const changed: SecurityGroup = { ...group, ingress: [...rules, ...moved] }
  const policies = openings.map(({ protocol, port, cidr }) => ({
    PolicyIndex: position,
    Protocol: protocol.toUpperCase(),
    ...(port === null ? {} : { Port: String(port) }),
    ...source(cidr),
    Action: 'ACCEPT',
    PolicyDescription: 'CLB health check',
  }))
  return {
    id: group.id,
    snapshot: { ...snapshot, securityGroups: replace(snapshot.securityGroups, group.id, changed) },
    command: tccli('vpc CreateSecurityGroupPolicies', regionOf(snapshot), {
      SecurityGroupId: group.id,
      SecurityGroupPolicySet: { Ingress: policies },
    }),
  }
}

/**
 * CreateNetworkAclEntries and CreateNetworkAclQuintupleEntries add entries; the Modify actions would replace the whole
 * direction (SDK vpc_client).
 */
function aclChange(
  acl: NetworkAcl,
  plan: Extract<FixPlan, { kind: 'open-acl' }>,
  openings: readonly Opening[],
  snapshot: Snapshot,
): Change {
  const triple = acl.kind === 'triple'
  const out = plan.direction === 'egress'
  const entries = openings.map((opening, i) => entryFor(opening, triple, out, plan.position + i))
  const old = out ? acl.egress : acl.ingress
  const moved = old.map((entry) =>
    entry.priority !== null && entry.priority >= plan.position
      ? { ...entry, priority: entry.priority + entries.length }
      : entry,
  )
  const changed: NetworkAcl = { ...acl, [plan.direction]: [...entries, ...moved] }
  const api = entries.map((entry) => apiEntry(entry, triple))
  const direction = out ? 'Egress' : 'Ingress'
  return {
    id: acl.id,
    snapshot: { ...snapshot, networkAcls: replace(snapshot.networkAcls, acl.id, changed) },
    command: triple
      ? tccli('vpc CreateNetworkAclEntries', regionOf(snapshot), {
          NetworkAclId: acl.id,
          NetworkAclEntrySet: { [direction]: api },
        })
      : tccli('vpc CreateNetworkAclQuintupleEntries', regionOf(snapshot), {
          NetworkAclId: acl.id,
          NetworkAclQuintupleSet: { [direction]: api },
        }),
  }
}

/** A reply of a triple ACL opens every port: which port its egress entry means is documented both ways. */
function entryFor(
  { protocol, port, cidr }: Opening,
  triple: boolean,
  out: boolean,
  priority: number,
): AclEntry {
  const icmp = protocol === 'icmp' || protocol === 'icmpv6'
  const service = port === null ? null : String(port)
  const v6 = isV6(cidr)
  return {
    id: null,
    priority,
    // An ACL has one word for both (SDK NetworkAclEntry).
    protocol: protocol === 'icmpv6' ? 'icmp' : protocol,
    action: 'ACCEPT',
    description: null,
    modifiedAt: null,
    port: !triple || icmp ? null : out ? 'ALL' : service,
    cidr: triple && !v6 ? cidr : null,
    ipv6Cidr: triple && v6 ? cidr : null,
    sourcePort: triple || icmp ? null : out ? service : 'ALL',
    destinationPort: triple || icmp ? null : out ? '1024-65535' : service,
    sourceCidr: triple || v6 ? null : out ? '0.0.0.0/0' : cidr,
    destinationCidr: triple || v6 ? null : out ? cidr : '0.0.0.0/0',
    sourceIpv6Cidr: triple || !v6 ? null : out ? '::/0' : cidr,
    destinationIpv6Cidr: triple || !v6 ? null : out ? cidr : '::/0',
  }
}

function apiEntry(entry: AclEntry, triple: boolean): Record<string, unknown> {
  const fields = triple
    ? { Port: entry.port, CidrBlock: entry.cidr, Ipv6CidrBlock: entry.ipv6Cidr }
    : {
        SourcePort: entry.sourcePort,
        DestinationPort: entry.destinationPort,
        SourceCidr: entry.sourceCidr,
        DestinationCidr: entry.destinationCidr,
        SourceIPv6Cidr: entry.sourceIpv6Cidr,
        DestinationIPv6Cidr: entry.destinationIpv6Cidr,
      }
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
  return {
    Protocol: (entry.protocol ?? 'ALL').toUpperCase(),
    ...given,
    Action: 'ACCEPT',
    Priority: entry.priority,
    Description: 'CLB health check',
  }
}

const replace = <T>(facts: Readonly<Record<string, Fact<T>>>, id: string, value: T) => ({
  ...facts,
  [id]: ok(value),
})

const isV6 = (cidr: string): boolean => cidr.includes(':')

const source = (cidr: string) => (isV6(cidr) ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr })

function tccli(action: string, region: string, args: Readonly<Record<string, unknown>>): FixCommand {
  const words = Object.entries(args).map(([name, value]) =>
    typeof value === 'string' ? `--${name} ${value}` : `--${name} '${JSON.stringify(value)}'`,
  )
  return { tool: 'tccli', line: ['tccli', action, '--region', region, ...words].join(' ') }
}

/** Rules live where the backends are. */
const regionOf = (snapshot: Snapshot): string => known(snapshot.loadBalancer)?.targetRegion ?? snapshot.region
