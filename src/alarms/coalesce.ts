import { type Alarm, clbKey } from '../model/alarm.ts'

// One CLB is diagnosed once per payload, however many of its listeners and backends alarm.

/** Two states of one condition have the same key. Each alert of an Alertmanager group is a condition of its own. */
const conditionKey = (alarm: Alarm, index: number): string =>
  JSON.stringify(
    alarm.source === 'alertmanager'
      ? [index]
      : [clbKey(alarm), alarm.kind, alarm.subject, alarm.policy, alarm.listener, alarm.backend],
  )

const moment = (alarm: Alarm): number => Date.parse(alarm.recoveredAt ?? alarm.firstOccurredAt ?? '')

/** The later of two; where the times do not say, the one that came later. */
const newer = (earlier: Alarm, later: Alarm): Alarm => (moment(earlier) > moment(later) ? earlier : later)

function grouped<T>(items: readonly T[], key: (item: T, index: number) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>()
  for (const [index, item] of items.entries()) {
    const group = groups.get(key(item, index))
    if (group === undefined) groups.set(key(item, index), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** The value on which all agree; null where they differ or none has it. */
function agreed<T>(values: readonly T[]): T | null {
  const [first] = values
  if (first === undefined) return null
  return values.every((value) => JSON.stringify(value) === JSON.stringify(first)) ? first : null
}

const given = <T>(values: readonly (T | null)[]): T | null => values.find((value) => value !== null) ?? null

const earliest = (times: readonly (string | null)[]): string | null =>
  times.flatMap((time) => time ?? []).sort()[0] ?? null

/** The region that any of them knows, else what one gives in its place. */
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
      },
      ...somewhere(naming),
      listener: agreed(counted.map((alarm) => alarm.listener)),
      backend: agreed(counted.map((alarm) => alarm.backend)),
      firstOccurredAt: earliest(counted.map((alarm) => alarm.firstOccurredAt)),
    },
  ]
}

/** The newest state of one condition, with the time at which the condition began. */
function mergedStates(states: readonly Alarm[]): readonly Alarm[] {
  const [first, ...rest] = states
  if (first === undefined) return []
  const newest = rest.reduce(newer, first)
  // What fires again after a recovery began after it.
  const recovered = newest.state === 'firing' ? states.flatMap((alarm) => alarm.recoveredAt ?? []).sort() : []
  const since = recovered.at(-1) ?? ''
  const began = states.flatMap((alarm) => alarm.firstOccurredAt ?? []).filter((time) => time >= since)
  return [{ ...newest, firstOccurredAt: earliest(began) }]
}

/**
 * At most one alarm per CLB, in the order in which the CLBs first appear. Of several states of the same condition
 * the newest counts, by its time and else by its place. Of several conditions any that still fires keeps the CLB
 * firing: one backend's recovery is not the others'. The listener and backend stay where all that count agree.
 * A CLB given by id and one given by VIP alone stay two: that they are the same is not known yet.
 */
export function coalesce(alarms: readonly Alarm[]): Alarm[] {
  const newest = grouped(alarms, conditionKey).flatMap(mergedStates)
  return grouped(newest, clbKey).flatMap(mergedConditions)
}
