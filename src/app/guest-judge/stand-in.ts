import type { GuestCheck } from '../../guest/index.ts'
import { endpointOf } from '../../model/endpoint.ts'
import { ok } from '../../model/fact.ts'
import type { GuestReport } from '../../model/guest.ts'
import { familyOf } from '../../model/ip.ts'
import type { HealthCheck, Listener, LoadBalancer, Snapshot } from '../../model/snapshot.ts'

// A report without a snapshot is diagnosed like every other: beside a CLB with one listener and one Dead backend.

const ID = 'lb-00000000'
const LISTENER = 'lbl-00000000'

export interface StandIn {
  readonly check: GuestCheck
  readonly report: GuestReport
  /** CIDRs of the probes. Null: the range of a CLB that does not probe from its VIP. */
  readonly sources: readonly string[] | null
}

/** The backend's address in the snapshot. A ping has no port. */
const portOf = ({ port }: GuestCheck): number => port ?? 0

export function standInOf(own: StandIn): Snapshot {
  const { check, report } = own
  const { ip } = check
  const port = portOf(check)
  return {
    snapshotVersion: 1,
    takenAt: report.at,
    alarmedAt: null,
    region: '',
    loadBalancerId: ID,
    loadBalancer: ok(balancerOf(own)),
    listeners: ok([listenerOf(own)]),
    registrations: ok([
      {
        listenerId: LISTENER,
        locationId: null,
        type: 'CVM',
        instanceId: null,
        eniId: null,
        targetGroupId: null,
        name: null,
        ip,
        port,
        weight: 10,
      },
    ]),
    health: ok([
      {
        listenerId: LISTENER,
        locationId: null,
        protocol: null,
        listenerPort: port,
        ip,
        port,
        targetId: null,
        targetGroupId: null,
        detail: 'Dead',
        weight: 10,
      },
    ]),
    guests: { [endpointOf({ ip, port })]: ok(report) },
    crossTargets: {},
    serviceGroups: {},
    targetGroups: {},
    targetGroupMembers: {},
    instances: {},
    interfaces: {},
    subnets: {},
    vpcs: {},
    networkAcls: {},
    securityGroups: {},
    securityGroupUse: {},
    addressTemplates: {},
    addressTemplateGroups: {},
    serviceTemplates: {},
    serviceTemplateGroups: {},
    addressOwners: {},
    ccnAttachments: {},
    ccnRoutes: {},
    routeTables: {},
    clusters: {},
    clusterNodes: {},
    auditEvents: {},
    healthLogs: {},
    cost: { apiCalls: 0, retries: 0, waves: 0 },
  }
}

/** Without sources the probes come from the range of a CLB, else each source stands for a VIP. */
const balancerOf = ({ check, sources }: StandIn): LoadBalancer => ({
  id: ID,
  name: check.ip,
  networkType: 'INTERNAL',
  generation: 'application',
  ipVersion: familyOf(check.ip) === 6 ? 'ipv6' : 'ipv4',
  vips: sources ?? [],
  vpcId: null,
  numericVpcId: null,
  subnetId: null,
  status: 1,
  isolated: false,
  blocked: false,
  attributeFlags: [],
  passToTarget: true,
  snatPro: false,
  snatIps: [],
  createdAt: null,
  targetRegion: null,
  targetVpcId: null,
  tags: {},
  healthLogTopicId: null,
})

const listenerOf = ({ check, sources }: StandIn): Listener => ({
  id: LISTENER,
  name: LISTENER,
  protocol: check.kind === 'udp' || check.kind === 'ping' ? 'UDP' : 'TCP',
  port: portOf(check),
  endPort: null,
  stopped: false,
  classic: false,
  healthCheck: healthCheckOf(check, sources === null ? 1 : 0),
  targetType: 'NODE',
  targetGroupIds: [],
  rules: [],
})

const healthCheckOf = (check: GuestCheck, sourceIpType: number): HealthCheck => ({
  enabled: true,
  type: check.kind === 'udp' ? null : check.kind.toUpperCase(),
  port: check.port,
  intervalSeconds: check.intervalSeconds,
  timeoutSeconds: check.timeoutSeconds,
  healthyThreshold: null,
  unhealthyThreshold: null,
  method: check.method,
  host: check.host,
  path: check.path,
  httpVersion: check.httpVersion,
  httpCodes: check.httpCodes,
  sourceIpType,
})
