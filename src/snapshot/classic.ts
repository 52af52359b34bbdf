import { type CallOptions, type CloudSession, type ResponseOf, readFact } from '../cloud/index.ts'
import { type Fact, mapped, ok } from '../model/fact.ts'
import { isHttp } from '../model/protocol.ts'
import type { HealthCheck, HealthRecord, Listener, LoadBalancer, Registration } from '../model/snapshot.ts'
import { listed } from './collect.ts'
import { text, texts, upper } from './fields.ts'
import type { FrontFacts } from './listeners.ts'

// Classic CLBs have their own actions. Every listener forwards to the same machines, each to its own InstancePort. The
// answers name a listener by port and protocol only.

type ApiListener = NonNullable<ResponseOf<'clb:DescribeClassicalLBListeners'>['Listeners']>[number]
type ApiTarget = NonNullable<ResponseOf<'clb:DescribeClassicalLBTargets'>['Targets']>[number]
type ApiHealth = NonNullable<ResponseOf<'clb:DescribeClassicalLBHealthStatus'>['HealthList']>[number]

/** A listener as its own answer describes it, or as the health answer does. */
interface Front {
  readonly id: string
  readonly protocol: string | null
  readonly port: number
  /** The port on the backends. */
  readonly instancePort: number
  readonly isOff: boolean
}

/** The error code of a classic CLB for calls that only application CLBs accept. */
const OTHER_KIND = 'UnsupportedOperation'

const refused = (fact: Fact<unknown>): boolean =>
  fact.state !== 'ok' && fact.failure.code.split('.')[0] === OTHER_KIND

/** The CLB's own answer says its kind. If it could not be read, refused calls show that it is classic. */
export function isClassic(balancer: Fact<LoadBalancer>, application: FrontFacts): boolean {
  if (balancer.state === 'ok') return balancer.value.generation === 'classic'
  const facts = Object.values(application)
  return facts.every(({ state }) => state !== 'ok') && facts.some(refused)
}

/** Every classic call was refused, so the CLB is an application CLB. */
export const isRefused = (facts: FrontFacts): boolean => Object.values(facts).every(refused)

/** Listeners, registrations and health, read with the actions of classic CLBs. */
export async function readClassic(cloud: CloudSession, id: string, where: CallOptions): Promise<FrontFacts> {
  const request = { LoadBalancerId: id }
  const [listeners, targets, health] = await Promise.all([
    readFact(
      cloud
        .call('clb:DescribeClassicalLBListeners', request, where)
        .then(({ Listeners }) => listed('clb:DescribeClassicalLBListeners', Listeners)),
    ),
    readFact(
      cloud
        .call('clb:DescribeClassicalLBTargets', request, where)
        .then(({ Targets }) => listed('clb:DescribeClassicalLBTargets', Targets)),
    ),
    readFact(
      cloud
        .call('clb:DescribeClassicalLBHealthStatus', request, where)
        .then(({ HealthList }) => listed('clb:DescribeClassicalLBHealthStatus', HealthList)),
    ),
  ])
  const fronts =
    listeners.state === 'ok'
      ? listeners.value.map(front)
      : frontsFromHealth(health.state === 'ok' ? health.value : [])
  const registrations = registrationsOf(fronts, listeners, targets)
  return {
    listeners: mapped(listeners, (all) => all.map(listener)),
    registrations,
    health: mapped(health, (records) => healthOf(fronts, records, registrations)),
  }
}

const front = (api: ApiListener): Front => ({
  id: api.ListenerId,
  protocol: upper(api.Protocol),
  port: api.ListenerPort ?? 0,
  instancePort: api.InstancePort ?? 0,
  isOff: api.HealthSwitch === false,
})

const listener = (api: ApiListener): Listener => ({
  id: api.ListenerId,
  name: text(api.ListenerName) ?? '',
  protocol: upper(api.Protocol) ?? '',
  port: api.ListenerPort ?? 0,
  endPort: null,
  stopped: false,
  classic: true,
  healthCheck: healthCheck(api),
  targetType: null,
  targetGroupIds: [],
  rules: [],
})

/** TLS ends at the CLB, so HTTPS listeners probe by HTTP. Path and codes only count for HTTP (platform facts C7). */
function healthCheck(api: ApiListener): HealthCheck {
  const protocol = upper(api.Protocol)
  const hasHttp = isHttp(protocol)
  return {
    enabled: api.HealthSwitch ?? null,
    type: hasHttp ? 'HTTP' : protocol === 'TCP' ? 'TCP' : null,
    port: null,
    intervalSeconds: api.IntervalTime ?? null,
    timeoutSeconds: api.TimeOut ?? null,
    healthyThreshold: api.HealthNum ?? null,
    unhealthyThreshold: api.UnhealthNum ?? null,
    method: null,
    host: null,
    path: hasHttp ? text(api.HttpCheckPath) : null,
    httpVersion: null,
    httpCodes: hasHttp ? (api.HttpCode ?? null) : null,
    sourceIpType: null,
  }
}

/** If the listeners could not be read: one for each port and protocol in the health answer. */
function frontsFromHealth(records: readonly ApiHealth[]): readonly Front[] {
  const fronts = records.map((record): Front => {
    const [protocol, port] = [upper(record.Protocol), record.ListenerPort ?? 0]
    const instancePort = record.Port ?? 0
    return { id: `${protocol ?? '?'}:${port}`, protocol, port, instancePort, isOff: false }
  })
  return [...new Map(fronts.map((own) => [own.id, own])).values()]
}

/** `RunFlag` is the state of the machine, not its health. */
function registrationsOf(
  fronts: readonly Front[],
  listeners: Fact<unknown>,
  targets: Fact<readonly ApiTarget[]>,
): Fact<readonly Registration[]> {
  if (targets.state !== 'ok') return targets
  // Machines become backends through a listener. If the listeners could not be read, that is not known.
  if (fronts.length === 0 && listeners.state !== 'ok') return listeners
  return ok(
    fronts.flatMap(({ id, instancePort }) =>
      targets.value.map((target) => ({
        listenerId: id,
        locationId: null,
        type: upper(target.Type) ?? 'UNKNOWN',
        instanceId: text(target.InstanceId),
        eniId: null,
        targetGroupId: null,
        name: text(target.InstanceName),
        ip: texts(target.PrivateIpAddresses)[0] ?? '',
        port: instancePort,
        weight: target.Weight ?? null,
      })),
    ),
  )
}

function healthOf(
  fronts: readonly Front[],
  records: readonly ApiHealth[],
  registrations: Fact<readonly Registration[]>,
): readonly HealthRecord[] {
  const probed = records.flatMap((record): HealthRecord[] => {
    const own = frontOf(fronts, record)
    return own
      ? [
          {
            ...ofFront(own),
            ip: text(record.IP) ?? '',
            port: record.Port ?? 0,
            targetId: null,
            detail: own.isOff ? 'Close' : detail(record.HealthStatus),
          },
        ]
      : []
  })
  const bound = registrations.state === 'ok' ? registrations.value : []
  const has = new Set(probed.map(({ listenerId, ip, port }) => `${listenerId} ${ip}:${port}`))
  // The health answer may leave out backends that are not probed.
  const off = bound.flatMap(({ listenerId, ip, port, instanceId }): HealthRecord[] => {
    const own = fronts.find(({ id }) => id === listenerId)
    return own?.isOff && !has.has(`${listenerId} ${ip}:${port}`)
      ? [{ ...ofFront(own), ip, port, targetId: instanceId, detail: 'Close' }]
      : []
  })
  return [...probed, ...off]
}

const ofFront = ({ id, protocol, port }: Front) => ({
  listenerId: id,
  locationId: null,
  protocol,
  listenerPort: port,
  targetGroupId: null,
  weight: null,
})

/** TCP and UDP can share a port. Only then does the protocol decide. */
function frontOf(fronts: readonly Front[], record: ApiHealth): Front | undefined {
  const here = fronts.filter(({ port }) => port === record.ListenerPort)
  return here.length > 1 ? here.find(({ protocol }) => protocol === upper(record.Protocol)) : here[0]
}

function detail(status: number | null | undefined): string | null {
  if (status === 1) return 'Alive'
  if (status === 0) return 'Dead'
  return status === null || status === undefined ? null : String(status)
}
