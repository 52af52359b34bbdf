import { statusIn, type TargetKey, type TargetStatus } from '../model/diagnosis.ts'
import { known, type ReadFailure } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import { remembered } from '../model/memo.ts'
import { compareTexts } from '../model/order.ts'
import { isHttp } from '../model/protocol.ts'
import type {
  GroupMember,
  HealthCheck,
  HealthRecord,
  Listener,
  ListenerRule,
  Registration,
  Snapshot,
} from '../model/snapshot.ts'

/** One backend of one pool, as registered, and its health as CLB reports it. */
export interface Member extends GroupMember {
  readonly key: TargetKey
  readonly status: TargetStatus
  /** The raw text of an unknown status. Without a text: `missing`, or `unread` if the health could not be read. */
  readonly statusDetail: string | null
  /** The check in force for this target. Null if it is not known. */
  readonly healthCheck: HealthCheck | null
  /** The failed read, if that is why the check is not known. */
  readonly checkUnread: ReadFailure | null
  /** True if the target group's own check is in force and probes differently from the listener's check. */
  readonly checkOverrides: boolean
}

type Check = Pick<Member, 'healthCheck' | 'checkUnread' | 'checkOverrides'>

/** One L4 listener or one L7 rule. CLB judges the backends of one pool together. */
export interface Pool {
  readonly key: string
  readonly listenerId: string
  readonly locationId: string | null
  readonly listenerName: string
  readonly protocol: string
  readonly port: number
  /** The last port of a listener for a range of ports. */
  readonly endPort: number | null
  readonly domain: string | null
  readonly url: string | null
  /** The protocol to the backends of an L7 rule. Null: unset, or not an L7 rule. */
  readonly forwardType: string | null
  readonly stopped: boolean
  /** Null if it is not known, or if the members have different checks. */
  readonly healthCheck: HealthCheck | null
  readonly members: readonly Member[]
  /** True if the pool also forwards to cloud functions. The API does not give their health. */
  readonly functions: boolean
}

/**
 * Joins listeners, registrations, target groups and health into pools. Backends that only one of these lists names are
 * kept.
 */
export function poolsOf(snapshot: Snapshot): readonly Pool[] {
  const listeners = known(snapshot.listeners) ?? []
  const strays = straysOf(known(snapshot.health) ?? [], listeners)
  const isNamed = ({ locationId, protocol }: HealthRecord): boolean =>
    locationId !== null || !isHttp(protocol)
  return [
    ...poolsFrom(snapshot, listeners, healthBy(snapshot)),
    ...[strays.filter(isNamed), strays.filter((record) => !isNamed(record))].flatMap((records) =>
      poolsFrom(
        snapshot,
        listenersFromHealth(records),
        groupBy(records, ({ listenerId }) => listenerId),
      ),
    ),
  ]
}

/** Health records of listeners and rules that are not in the list of listeners. */
function straysOf(records: readonly HealthRecord[], listeners: readonly Listener[]): readonly HealthRecord[] {
  const listed = new Map(
    listeners.map((listener) => [
      listener.id,
      isLayer7(listener) ? new Set(listener.rules.map(({ locationId }) => locationId)) : null,
    ]),
  )
  return records.filter(({ listenerId, locationId }) => {
    const rules = listed.get(listenerId)
    return rules === undefined || (rules !== null && !rules.has(locationId ?? ''))
  })
}

const isLayer7 = ({ protocol, classic }: Listener): boolean => isHttp(protocol) && !classic

const poolsFrom = (
  snapshot: Snapshot,
  listeners: readonly Listener[],
  health: ReadonlyMap<string, readonly HealthRecord[]>,
): readonly Pool[] =>
  listeners.flatMap((listener) => {
    const records = health.get(listener.id) ?? []
    if (!isLayer7(listener)) return [pool(snapshot, listener, null, records)]
    const byRule = groupBy(records, ({ locationId }) => locationId)
    return listener.rules.flatMap((rule) => {
      const found = pool(snapshot, listener, rule, byRule.get(rule.locationId) ?? [])
      return rule.redirectsTo === null || found.members.length > 0 ? [found] : []
    })
  })

function pool(
  snapshot: Snapshot,
  listener: Listener,
  rule: ListenerRule | null,
  records: readonly HealthRecord[],
): Pool {
  const own = rule?.healthCheck ?? listener.healthCheck
  const locationId = rule?.locationId ?? null
  const key = poolKeyOf(listener.id, locationId)
  const bound = registrationsBy(snapshot).get(key) ?? []
  const direct = bound.filter(({ type }) => type !== 'FUNCTION')
  const members = membersOf(snapshot, rule ?? listener, records, own, key, direct)
  return {
    key,
    listenerId: listener.id,
    locationId,
    listenerName: listener.name,
    protocol: listener.protocol,
    port: listener.port,
    endPort: listener.endPort,
    domain: rule?.domain ?? null,
    url: rule?.url ?? null,
    forwardType: rule?.forwardType ?? null,
    stopped: listener.stopped,
    healthCheck: members.length === 0 ? own : sharedCheck(members),
    members,
    functions: direct.length < bound.length,
  }
}

/** The check that all members share. Each target group of type v2 can have its own, so they are compared by content. */
function sharedCheck([first, ...others]: readonly Member[]): HealthCheck | null {
  const check = first?.healthCheck ?? null
  const said = JSON.stringify(check)
  const isAlike = ({ healthCheck }: Member): boolean =>
    healthCheck === check || JSON.stringify(healthCheck) === said
  return others.every(isAlike) ? check : null
}

function membersOf(
  snapshot: Snapshot,
  { targetGroupIds, groupWeights = {} }: Listener | ListenerRule,
  records: readonly HealthRecord[],
  own: HealthCheck | null,
  poolKey: string,
  direct: readonly Registration[],
): readonly Member[] {
  // Groups of type v2 have their own weight. The API may answer 0 for groups whose weight was never set, so 0 only
  // counts if another group has a weight.
  const isAnyWeighted = Object.values(groupWeights).some((weight) => weight > 0)
  const isOut = (id: string | null): boolean =>
    isAnyWeighted && id !== null && groupWeights[id] === 0 && known(snapshot.targetGroups[id])?.type === 'v2'
  const byIp = groupBy(records, ({ ip }) => ip)
  const byId = groupBy(records, ({ targetId }) => targetId)
  const { listeners, targetGroups } = snapshot
  // A target group of type v2 can have its own check, which overrides the listener's (platform facts C3).
  const checkOf = (groupId: string | null): Check => {
    const fact = groupId === null ? undefined : targetGroups[groupId]
    const decisive = fact ?? listeners
    const check: Check = { healthCheck: null, checkUnread: null, checkOverrides: false }
    if (decisive.state !== 'ok') return { ...check, checkUnread: decisive.failure }
    if (groupId === null) return { ...check, healthCheck: own }
    const group = known(fact)
    if (!group) return check
    const groups = group.type === 'v2' ? group.healthCheck : null
    return { ...check, healthCheck: groups ?? own, checkOverrides: groups !== null && differ(groups, own) }
  }
  const unread = snapshot.health.state !== 'ok'
  const taken = new Set<HealthRecord>()
  const members = new Map<TargetKey, Member>()

  const groupIds = targetGroupIds.toSorted((a, b) => Number(isOut(a)) - Number(isOut(b)))
  const grouped = groupIds.flatMap((id) => known(snapshot.targetGroupMembers[id]) ?? [])
  for (const entry of [...direct, ...grouped]) {
    const own = entry.ip !== '' ? byIp.get(entry.ip) : byId.get(entry.instanceId)
    // A record without a port belongs to one of the backends at its address.
    const record =
      own?.find(({ port }) => port === entry.port || entry.port === 0) ??
      own?.find((one) => one.port === 0 && !taken.has(one))
    if (record) taken.add(record)
    const ip = entry.ip || (record?.ip ?? '')
    const port = entry.port || (record?.port ?? 0)
    const key = `${poolKey}/${ip}:${port}`
    if (members.has(key)) continue
    const { status, statusDetail } = statusOf(record, unread)
    const { healthCheck, checkUnread, checkOverrides } = checkOf(entry.targetGroupId)
    members.set(key, {
      key,
      type: entry.type,
      instanceId: entry.instanceId,
      eniId: entry.eniId,
      targetGroupId: entry.targetGroupId,
      name: entry.name,
      ip,
      port,
      weight: isOut(entry.targetGroupId) ? 0 : (entry.weight ?? record?.weight ?? null),
      ...(entry.registeredAt === undefined ? {} : { registeredAt: entry.registeredAt }),
      ...(entry.zone === undefined ? {} : { zone: entry.zone }),
      status,
      statusDetail,
      healthCheck,
      checkUnread,
      checkOverrides,
    })
  }
  for (const record of records) {
    const key = `${poolKey}/${record.ip}:${record.port}`
    if (taken.has(record) || members.has(key)) continue
    members.set(key, {
      key,
      // Only the registration says which kind of backend this is.
      type: 'UNKNOWN',
      instanceId: record.targetId,
      eniId: null,
      targetGroupId: record.targetGroupId,
      name: null,
      ip: record.ip,
      port: record.port,
      weight: isOut(record.targetGroupId) ? 0 : record.weight,
      ...statusOf(record, unread),
      ...checkOf(record.targetGroupId),
    })
  }
  return [...members.values()].sort((a, b) => compareTexts(a.key, b.key))
}

/** Would the target group's check send other probes than the listener's? */
const differ = (a: HealthCheck, b: HealthCheck | null): boolean =>
  b !== null &&
  b.enabled !== false &&
  (['type', 'port', 'sourceIpType'] as const).some((field) => a[field] !== b[field])

// Indexed once per snapshot: a large CLB has thousands of records, and every pool looks them up.
const healthBy = remembered(({ health }: Snapshot) =>
  groupBy(known(health) ?? [], ({ listenerId }) => listenerId),
)
const registrationsBy = remembered(({ registrations }: Snapshot) =>
  groupBy(known(registrations) ?? [], ({ listenerId, locationId }) => poolKeyOf(listenerId, locationId)),
)

const poolKeyOf = (listenerId: string, locationId: string | null): string =>
  `${listenerId}/${locationId ?? '-'}`

function statusOf(
  record: HealthRecord | undefined,
  unread: boolean,
): Pick<Member, 'status' | 'statusDetail'> {
  if (!record) return { status: 'Unknown', statusDetail: unread ? 'unread' : 'missing' }
  if (record.detail === null) return { status: 'Unknown', statusDetail: 'missing' }
  const status = statusIn(record.detail)
  return status ? { status, statusDetail: null } : { status: 'Unknown', statusDetail: record.detail }
}

/**
 * Builds listeners from the health answer if the list of listeners is missing. This is enough to say which backends are
 * Dead.
 */
function listenersFromHealth(records: readonly HealthRecord[]): readonly Listener[] {
  return [...groupBy(records, ({ listenerId }) => listenerId)].map(([id, own]) => {
    const locations = [...new Set(own.flatMap((record) => record.locationId ?? []))]
    return {
      id,
      name: '',
      protocol: own[0]?.protocol ?? '',
      port: own[0]?.listenerPort ?? 0,
      endPort: null,
      stopped: false,
      // Every record of an application CLB's L7 listener names its rule (platform facts C4).
      classic: locations.length === 0,
      healthCheck: null,
      targetType: null,
      targetGroupIds: [],
      rules: locations.map((locationId) => ({
        locationId,
        domain: null,
        url: null,
        healthCheck: null,
        forwardType: null,
        targetType: null,
        targetGroupIds: [],
        redirectsTo: null,
      })),
    }
  })
}
