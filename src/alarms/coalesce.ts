import { type Alarm, clbKey } from '../model/alarm.ts'
import { remembered } from '../model/memo.ts'

// One look at a CLB serves all of its alarms that wait, however many of its listeners and backends alarm.

/** Equal for two states of one condition. */
const conditionKey = (alarm: Alarm, index: number): string => conditionOf(alarm) ?? String(index)

/**
 * The condition of an alarm as text. Null if it cannot be told from others. An alarm of an older version has no identity:
 * only what was read of it tells it apart, and of Alertmanager's alerts the fingerprint.
 */
export const conditionOf = remembered((alarm: Alarm): string | null => {
  const { kind, subject, policy, listener, backend, identity } = alarm
  if (identity !== undefined) return JSON.stringify([clbKey(alarm), identity])
  if (alarm.source !== 'alertmanager')
    return JSON.stringify([clbKey(alarm), kind, subject, policy, listener, backend])
  return alarm.sessionId === null ? null : JSON.stringify([clbKey(alarm), alarm.sessionId])
})

const moment = (alarm: Alarm): number => Date.parse(alarm.recoveredAt ?? alarm.firstOccurredAt ?? '')

/** The alarm with the later time. If the times do not decide, the one that arrived later. */
const newer = (earlier: Alarm, later: Alarm): Alarm => (moment(earlier) > moment(later) ? earlier : later)

export function grouped<T>(
  items: readonly T[],
  key: (item: T, index: number) => string,
): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>()
  for (const [index, item] of items.entries()) {
    const group = groups.get(key(item, index))
    if (group === undefined) groups.set(key(item, index), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** The value if all are equal, else null. */
function agreed<T>(values: readonly T[]): T | null {
  const [first] = values
  if (first === undefined) return null
  return values.every((value) => JSON.stringify(value) === JSON.stringify(first)) ? first : null
}

const given = <T>(values: readonly (T | null)[]): T | null => values.find((value) => value !== null) ?? null

const earliest = (times: readonly (string | null)[]): string | null =>
  times.flatMap((time) => time ?? []).sort()[0] ?? null

const longest = (durations: readonly (number | null)[]): number | null =>
  durations.reduce((most, seconds) => (most === null || (seconds ?? 0) > most ? seconds : most), null)

/**
 * The newest alarm's condition, which belongs to its policy. Its value is that of one listener or backend, so it is kept
 * if all counted alarms agree on it.
 */
const sharedCondition = (newest: Alarm, counted: readonly Alarm[]): Alarm['condition'] =>
  newest.condition && {
    ...newest.condition,
    value: agreed(counted.map(({ condition }) => condition?.value ?? null)),
  }

/** The first known region. Without one, the first unknown region. */
const somewhere = (alarms: readonly Alarm[]): Pick<Alarm, 'region' | 'unknownRegion'> => {
  const region = given(alarms.map((alarm) => alarm.region))
  return { region, unknownRegion: region === null ? given(alarms.map((alarm) => alarm.unknownRegion)) : null }
}

function mergedConditions(conditions: readonly Alarm[]): readonly Alarm[] {
  const firing = conditions.filter((alarm) => alarm.state === 'firing')
  const counted = firing.length > 0 ? firing : conditions
  const [first, ...rest] = counted
  if (first === undefined) return []
  const newest = rest.reduce(newer, first)
  const naming = [newest, ...conditions]
  return [
    {
      ...newest,
      clb: {
        loadBalancerId: newest.clb.loadBalancerId,
        vip: given(naming.map(({ clb }) => clb.vip)),
        vpcId: given(naming.map(({ clb }) => clb.vpcId)),
        numericVpcId: given(naming.map(({ clb }) => clb.numericVpcId)),
        ...(newest.clb.domain === undefined ? {} : { domain: newest.clb.domain }),
        // Alarms that name the VIP settle the guess of the others.
        ...(conditions.every(({ clb }) => clb.guessed) ? { guessed: true as const } : {}),
      },
      ...somewhere(naming),
      listener: agreed(counted.map((alarm) => alarm.listener)),
      backend: agreed(counted.map((alarm) => alarm.backend)),
      condition: sharedCondition(newest, counted),
      durationSeconds: longest(counted.map((alarm) => alarm.durationSeconds)),
      firstOccurredAt: earliest(counted.map((alarm) => alarm.firstOccurredAt)),
    },
  ]
}

/** The newest state of one condition, with the time at which the condition began. */
function mergedStates(states: readonly Alarm[]): readonly Alarm[] {
  const [first, ...rest] = states
  if (first === undefined) return []
  const newest = rest.reduce(newer, first)
  // A condition that fires again began after its last recovery.
  const recovered = newest.state === 'firing' ? states.flatMap((alarm) => alarm.recoveredAt ?? []).sort() : []
  const since = recovered.at(-1) ?? ''
  const began = states.flatMap((alarm) => alarm.firstOccurredAt ?? []).filter((time) => time >= since)
  return [{ ...newest, firstOccurredAt: earliest(began) }]
}

/**
 * Merges alarms to at most one per CLB, in the order in which the CLBs first appear. Of several states of one condition
 * the newest counts, by time or else by position. If any condition of a CLB still fires, the CLB counts as firing,
 * because the recovery of one backend says nothing about the others. The listener and backend are kept if all counted
 * alarms agree on them. A CLB named by id and one named by VIP stay separate, because it is not known whether they are
 * the same.
 */
export function coalesce(alarms: readonly Alarm[]): Alarm[] {
  const newest = grouped(alarms, conditionKey).flatMap(mergedStates)
  return grouped(newest, clbKey).flatMap(mergedConditions)
}
