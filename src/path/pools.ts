import { statusIn, type TargetKey, type TargetStatus } from '../model/diagnosis.ts'
import { known, type ReadFailure } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import { remembered } from '../model/memo.ts'
import { compareTexts } from '../model/order.ts'
import type {
  GroupMember,
  HealthCheck,
  HealthRecord,
  Listener,
  ListenerRule,
  Registration,
  Snapshot,
} from '../model/snapshot.ts'

/** One backend of one pool, as registered, with what the CLB's probes said about it. */
export interface Member extends GroupMember {
  readonly key: TargetKey
  readonly status: TargetStatus
  /** The raw text where the status was not one of the four; `missing` and `unread` where there was none. */
  readonly statusDetail: string | null
  /** The check that is in force for this target; null where that is not known. */
  readonly healthCheck: HealthCheck | null
  /** Why it is not known, where a read failed. */
  readonly checkUnread: ReadFailure | null
  /** It is the target group's own, and the listener's would probe otherwise. */
  readonly checkOverrides: boolean
}

type Check = Pick<Member, 'healthCheck' | 'checkUnread' | 'checkOverrides'>

/** One L4 listener or one L7 rule: the scope within which CLB judges its backends together. */
export interface Pool {
  readonly key: string
  readonly listenerId: string
  readonly locationId: string | null
  readonly listenerName: string
  readonly protocol: string
  readonly port: number
  readonly domain: string | null
  readonly url: string | null
  readonly stopped: boolean
  /** Null: not known, or not one and the same for all. */
  readonly healthCheck: HealthCheck | null
  readonly members: readonly Member[]
  /** It forwards to cloud functions as well, whose health the API does not give. */
  readonly functions: boolean
}

const LAYER_7 = new Set(['HTTP', 'HTTPS'])

/** Joins listeners, registrations, target groups and health into pools; what only one of them knows is kept. */
export function poolsOf(snapshot: Snapshot): readonly Pool[] {
  const listeners = known(snapshot.listeners) ?? []
  const strays = straysOf(known(snapshot.health) ?? [], listeners)
  const isNamed = ({ locationId, protocol }: HealthRecord): boolean =>
    locationId !== null || !LAYER_7.has(protocol ?? '')
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

/** What the health answer says of listeners and rules that the list of listeners does not have. */
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

const isLayer7 = ({ protocol, classic }: Listener): boolean => LAYER_7.has(protocol) && !classic

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
    domain: rule?.domain ?? null,
    url: rule?.url ?? null,
    stopped: listener.stopped,
    healthCheck: members.length === 0 ? own : sharedCheck(members),
    members,
    functions: direct.length < bound.length,
  }
}

/** Each target group of type v2 has a check of its own: several count as one where they say the same. */
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
  // Groups of type v2 have a weight of their own; nothing but 0 may be what is answered where none was set.
  const isAnyWeighted = Object.values(groupWeights).some((weight) => weight > 0)
  const isOut = (id: string | null): boolean =>
    isAnyWeighted && id !== null && groupWeights[id] === 0 && known(snapshot.targetGroups[id])?.type === 'v2'
  const byIp = groupBy(records, ({ ip }) => ip)
  const byId = groupBy(records, ({ targetId }) => targetId)
  const { listeners, targetGroups } = snapshot
  // A target group of type v2 may have a check of its own, which overrides the listener's (platform facts C3).
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
    // A record without its port is of one of the backends at its address.
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
      // Only the registration says what kind of backend it is.
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

/** Would the two send different probes? */
const differ = (a: HealthCheck, b: HealthCheck | null): boolean =>
  b !== null &&
  b.enabled !== false &&
  (['type', 'port', 'sourceIpType'] as const).some((field) => a[field] !== b[field])

// A large CLB has thousands of each: nobody searches them all for every pool, or every target.
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

/** Without the listeners, the health answer still names them: enough to say which backends are Dead. */
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
      // Of application CLBs every record names its rule (platform facts C4).
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
