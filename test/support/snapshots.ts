import { runChecks } from '../../src/checks/index.ts'
import { buildDiagnosis, type Circumstances } from '../../src/diagnosis/index.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { type Fact, ok, unread } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import type {
  HealthCheck,
  HealthRecord,
  Instance,
  Listener,
  LoadBalancer,
  NetworkAcl,
  Registration,
  SecurityGroup,
  SecurityRule,
  Snapshot,
  Subnet,
} from '../../src/model/snapshot.ts'
import { evaluatePaths } from '../../src/path/index.ts'
import { rule } from '../rules/builders.ts'

// A hand-built CLB as a check sees it: one TCP:443 listener with machines in 10.0.1.0/24 that serve on port 8080.

export const healthCheck = (fields: Partial<HealthCheck> = {}): HealthCheck => ({
  enabled: true,
  type: 'TCP',
  port: null,
  intervalSeconds: 5,
  timeoutSeconds: 2,
  healthyThreshold: 3,
  unhealthyThreshold: 3,
  method: null,
  host: null,
  path: null,
  httpVersion: null,
  httpCodes: null,
  sourceIpType: 0,
  ...fields,
})

export const loadBalancer = (fields: Partial<LoadBalancer> = {}): LoadBalancer => ({
  id: 'lb-7dpmqwcu',
  name: 'shop-front',
  networkType: 'OPEN',
  generation: 'application',
  ipVersion: 'ipv4',
  vips: ['203.0.113.26'],
  vpcId: 'vpc-1ywqac83',
  numericVpcId: 86323,
  subnetId: null,
  status: 1,
  isolated: false,
  blocked: false,
  attributeFlags: [],
  passToTarget: false,
  snatPro: false,
  snatIps: [],
  createdAt: null,
  targetRegion: null,
  targetVpcId: null,
  tags: {},
  healthLogTopicId: null,
  ...fields,
})

export const listener = (fields: Partial<Listener> = {}): Listener => ({
  id: 'lbl-aaaaaaaa',
  name: 'shop',
  protocol: 'TCP',
  port: 443,
  endPort: null,
  stopped: false,
  snat: false,
  classic: false,
  healthCheck: healthCheck(),
  targetType: 'NODE',
  targetGroupIds: [],
  rules: [],
  ...fields,
})

export const subnet = (fields: Partial<Subnet> = {}): Subnet => ({
  id: 'subnet-web',
  vpcId: 'vpc-1ywqac83',
  cidr: '10.0.1.0/24',
  ipv6Cidr: null,
  networkAclId: null,
  routeTableId: null,
  ...fields,
})

export const group = (id: string, rules: readonly Partial<SecurityRule>[]): SecurityGroup => ({
  id,
  region: 'ap-guangzhou',
  version: '1',
  ingress: rules.map((fields, index) => rule({ index, ...fields })),
})

export const acl = (fields: Partial<NetworkAcl>): NetworkAcl => ({
  id: 'acl-web',
  region: 'ap-guangzhou',
  name: 'web',
  vpcId: 'vpc-1ywqac83',
  kind: 'triple',
  subnetIds: ['subnet-web'],
  ingress: [],
  egress: [],
  ...fields,
})

export const allow = (cidr: string, port = '8080'): Partial<SecurityRule> => ({
  protocol: 'TCP',
  port,
  cidr,
  action: 'ACCEPT',
})
export const drop = (cidr: string, port = '8080'): Partial<SecurityRule> => ({
  ...allow(cidr, port),
  action: 'DROP',
})

export interface Machine {
  /** The last part of 10.0.1.x. It is also in the name of the instance. */
  readonly host: number
  readonly status: string
  readonly weight?: number
  readonly groups?: readonly string[]
  /** Null if the machine does not exist. The instance of an IPv6 target has the target's address. */
  readonly instance?: Partial<Instance> | null
  /** The target's registration. Its health record has the same address, port, rule and target group. */
  readonly registration?: Partial<Registration>
}

export interface World {
  readonly balancer?: Partial<LoadBalancer>
  readonly listener?: Partial<Listener>
  readonly subnet?: Partial<Subnet>
  readonly machines: readonly Machine[]
  readonly groups?: readonly SecurityGroup[]
  readonly acls?: readonly NetworkAcl[]
  readonly replace?: Partial<Snapshot>
}

const OPEN = group('sg-open', [{ protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }])

const byId = <T extends { readonly id: string }>(things: readonly T[]): Record<string, Fact<T>> =>
  Object.fromEntries(things.map((thing) => [thing.id, ok(thing)]))

/** The registration, the health record and the instance of one target. They do not contradict each other. */
function target(own: Listener, { host, status, weight = 10, groups, instance, registration }: Machine) {
  const id = `ins-${String(host).padStart(8, '0')}`
  const primary = `10.0.1.${host}`
  const registered: Registration = {
    listenerId: own.id,
    locationId: null,
    type: 'CVM',
    instanceId: id,
    eniId: null,
    targetGroupId: null,
    name: `web-${host}`,
    ip: primary,
    port: 8080,
    weight,
    ...registration,
  }
  const { listenerId, locationId, ip, port, targetGroupId } = registered
  const health: HealthRecord = {
    listenerId,
    // A listener without rules has a rule that the API does not show.
    locationId: locationId ?? 'loc-hidden00',
    protocol: own.protocol,
    listenerPort: own.port,
    ip,
    port,
    targetId: id,
    targetGroupId,
    detail: status,
    weight: null,
  }
  const machine: Instance | null =
    instance === null
      ? null
      : {
          id,
          name: `web-${host}`,
          state: 'RUNNING',
          restrictState: 'NORMAL',
          vpcId: 'vpc-1ywqac83',
          subnetId: 'subnet-web',
          privateIps: [primary],
          ipv6Addresses: ip.includes(':') ? [ip] : [],
          securityGroupIds: groups ?? ['sg-open'],
          ...instance,
        }
  return { id, registered, health, machine }
}

export function snapshotOf(world: World): Snapshot {
  const own = listener(world.listener)
  const targets = world.machines.map((machine) => target(own, machine))
  return {
    snapshotVersion: 1,
    takenAt: '2026-11-20T00:00:00.000Z',
    alarmedAt: null,
    region: 'ap-guangzhou',
    loadBalancerId: 'lb-7dpmqwcu',
    loadBalancer: ok(loadBalancer(world.balancer)),
    listeners: ok([own]),
    registrations: ok(targets.map(({ registered }) => registered)),
    health: ok(targets.map(({ health }) => health)),
    targetGroups: {},
    targetGroupMembers: {},
    instances: Object.fromEntries(targets.map(({ id, machine }) => [id, ok(machine)])),
    interfaces: {},
    subnets: byId([subnet(world.subnet)]),
    networkAcls: byId(world.acls ?? []),
    securityGroups: byId([OPEN, ...(world.groups ?? [])]),
    securityGroupUse: {},
    addressTemplates: {},
    addressTemplateGroups: {},
    serviceTemplates: {},
    serviceTemplateGroups: {},
    vpcs: {},
    addressOwners: {},
    serviceGroups: {},
    crossTargets: {},
    ccnAttachments: {},
    ccnRoutes: {},
    routeTables: {},
    clusters: {},
    clusterNodes: {},
    auditEvents: {},
    healthLogs: {},
    accountType: ok('STANDARD'),
    cost: { apiCalls: 9, retries: 0, waves: 3 },
    ...world.replace,
  }
}

export const denied = (action: `${string}:${string}`): Fact<never> =>
  unread({ problem: 'denied', action, code: 'UnauthorizedOperation.CamNoAuth', message: 'no permission' })

export const unavailable = (action: `${string}:${string}`): Fact<never> =>
  unread({ problem: 'unavailable', action, code: 'Http502', message: 'HTTP 502' })

/** A reader who has set nothing, and expects no finding. */
export const PLAIN_READER = { timeZone: null, console: 'cn', expected: [] } as const

/** The Diagnosis of a hand-built CLB, without I/O. */
export function diagnosisOf(
  world: World,
  language: Language = 'en',
  context: Partial<Circumstances> = {},
): Diagnosis {
  return diagnosisOfSnapshot(snapshotOf(world), language, context)
}

export function diagnosisOfSnapshot(
  snapshot: Snapshot,
  language: Language = 'en',
  context: Partial<Circumstances> = {},
): Diagnosis {
  const paths = evaluatePaths(snapshot)
  return buildDiagnosis(paths, runChecks(paths), {
    id: 'dx-0000000000000000',
    createdAt: '2026-11-20T00:00:01.000Z',
    language,
    trigger: { source: 'cli', alarm: null },
    stats: { ...snapshot.cost, durationMs: 120 },
    ...PLAIN_READER,
    ...context,
  })
}

/** `code role certainty → explained hosts` of every finding, for short expectations. */
export const findingsOf = (diagnosis: Diagnosis): readonly string[] =>
  diagnosis.findings.map(
    ({ code, role, certainty, explains }) =>
      `${code} ${role} ${certainty}${explains.length > 0 ? ` → ${explains.map((key) => key.replace(/^.*\.(\d+):\d+$/, '$1')).join(',')}` : ''}`,
  )
