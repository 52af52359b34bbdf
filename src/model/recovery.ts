import type { Alarm } from './alarm.ts'
import type { Diagnosis, Pool, Target } from './diagnosis.ts'

/** UnhealthRsCount, Rspacketloss, RsPortStatusChange. The names differ between views (docs/facts.md, intake 2). */
const ABOUT_HEALTH = /unhealth|healthrs|health.?check|packetloss|rsport|健康检查/i

/** False also for an alarm that does not say what it is about. */
export const isAboutHealth = ({ subject, condition }: Alarm): boolean =>
  [subject, condition?.metric, condition?.shownName].some((name) => ABOUT_HEALTH.test(name ?? ''))

/** The pools of the listener that the alarm names, or all. */
function poolsOf({ listener }: Alarm, pools: readonly Pool[]): readonly Pool[] {
  const port = listener?.port ?? null
  return port === null ? pools : pools.filter((pool) => pool.port === port)
}

/** A pool whose check is off. An alarm about health checks cannot mean it. */
const isUnchecked = ({ targets }: Pool): boolean => targets.every(({ status }) => status === 'Close')

/** The backends that an alarm about health checks can mean. */
export const meantBy = (alarm: Alarm, pools: readonly Pool[]): readonly Target[] =>
  poolsOf(alarm, pools)
    .filter((pool) => !isUnchecked(pool))
    .flatMap(({ targets }) => targets)
    .filter(({ ip }) => alarm.backend === null || ip === alarm.backend.ip)

/**
 * When the trouble of an alarm about health checks was over: the time of its sender, else the look. Null if its sender
 * does not say that it is over.
 */
export const overAt = (alarm: Alarm | null, look: string): string | null =>
  alarm?.state === 'resolved' && isAboutHealth(alarm) ? (alarm.recoveredAt ?? look) : null

/** True if the alarm's listener and backend still exist and every backend that it can mean is Alive. */
function isPassing(alarm: Alarm, pools: readonly Pool[]): boolean {
  const meant = meantBy(alarm, pools)
  return meant.length > 0 && meant.every(({ status }) => status === 'Alive')
}

/**
 * What the alarm says beside what is seen now:
 * - `none`: there is no alarm
 * - `agrees`: it fires and a backend is Dead, or nothing is known
 * - `firing-healthy`: it fires and every backend is Alive. The look may be late, or the backends flap.
 * - `firing-other`: the same, but the alarm may not be about health checks
 * - `gone`: every probed backend is Alive, but the listener or backend of the alarm is no longer there or not probed
 * - `recovered`: its sender says that it is over, and every backend is Alive
 * - `recovered-other`: the same, but the alarm may not be about health checks
 * - `recovered-dead`: its sender says that it is over, and some backend is Dead
 */
export type AlarmState =
  | 'none'
  | 'agrees'
  | 'firing-healthy'
  | 'firing-other'
  | 'gone'
  | 'recovered'
  | 'recovered-other'
  | 'recovered-dead'

export function alarmStateOf({
  trigger,
  verdict,
  pools,
}: Pick<Diagnosis, 'trigger' | 'verdict' | 'pools'>): AlarmState {
  const alarm = trigger.alarm ?? null
  if (alarm === null) return 'none'
  if (alarm.state === 'resolved' && pools.some(({ counts }) => counts.dead > 0)) return 'recovered-dead'
  if (verdict !== 'healthy') return 'agrees'
  if (!isPassing(alarm, pools)) return 'gone'
  if (alarm.state === 'resolved') return isAboutHealth(alarm) ? 'recovered' : 'recovered-other'
  return isAboutHealth(alarm) ? 'firing-healthy' : 'firing-other'
}

/** True if an alarm fires again over backends that are all healthy when somebody looks. */
export const flaps = (diagnosis: Pick<Diagnosis, 'trigger' | 'verdict' | 'pools' | 'recent'>): boolean =>
  (diagnosis.recent?.firings ?? 0) > 1 && alarmStateOf(diagnosis) === 'firing-healthy'
