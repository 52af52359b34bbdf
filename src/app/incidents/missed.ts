import type { Alarm } from '../../model/alarm.ts'
import { removeOlder } from '../../store/index.ts'
import { alarmsOfHistory } from '../alarms.ts'
import type { AppContext } from '../context.ts'
import { isDenied, ownRegion } from '../own-calls.ts'
import { heardOf, isSameFiring } from './heard.ts'
import { decoded, type Heard } from './records.ts'
import { takeAlarms } from './take.ts'

// Cloud Monitor gives up after three callbacks (intake facts 0). Its history still has the alarm.

const MINUTE = 60_000
/** A callback may still be on its way. */
const SETTLED_MS = 3 * MINUTE
/** So far the history is read. */
const WINDOW_MS = 60 * MINUTE
const KEPT_MS = 2 * WINDOW_MS
/** One instance reads the history once in this time. */
const EVERY_MS = 55_000
const PATIENCE_MS = 5_000
/** The most entries of one page, and the most pages. */
const PAGE = 100
const MOST_PAGES = 5
const MOST_HEARD = 5_000
const MOST_REMOVED = 500
const ASK_AGAIN_MS = 60 * MINUTE

/** Takes in what is missed. Returns the CLBs that now wait for a look. Never throws. */
export type TakeMissed = () => Promise<readonly string[]>

export function createTakeMissed(context: AppContext): TakeMissed {
  const { store, clock, log, holder } = context
  let notBefore = 0
  return async () => {
    const now = clock.now()
    // A memory of its own knows too little: each instance would take in what another one has told.
    if (store.kind === 'process' || now < notBefore) return []
    try {
      if (!(await store.claim('missed', holder, EVERY_MS))) return []
      notBefore = now + EVERY_MS
      const heard = await heardLately(context, now)
      const alarms = missing(await historyOf(context, now), heard, store.since)
      if (alarms.length > 0)
        log.warn('alarms taken from the history: their callbacks did not arrive', {
          alarms: alarms.length,
          policies: [...new Set(alarms.map(({ policy }) => policy.name ?? policy.id))],
        })
      return await takeAlarms(alarms, store, now)
    } catch (error) {
      const needsGrant = isDenied(error)
      if (needsGrant) notBefore = now + ASK_AGAIN_MS
      log[needsGrant ? 'info' : 'warn']('the history of alarms could not be read', {
        error: error instanceof Error ? error.message : String(error),
      })
      return []
    }
  }
}

/** What arrived lately. What is older is removed. */
async function heardLately({ store }: AppContext, now: number): Promise<readonly Heard[]> {
  await removeOlder(store, 'heard', now - KEPT_MS, MOST_REMOVED)
  const stored = await store.list('heard', { newestFirst: true, limit: MOST_HEARD })
  return stored.map((one) => decoded('heard', one))
}

async function historyOf({ cloud, config }: AppContext, now: number): Promise<readonly Alarm[]> {
  const session = cloud.session(AbortSignal.timeout(PATIENCE_MS))
  const entries: unknown[] = []
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { Histories } = await session.call(
      'monitor:DescribeAlarmHistories',
      {
        Module: 'monitor',
        PageNumber: page,
        PageSize: PAGE,
        Order: 'DESC',
        StartTime: Math.floor((now - WINDOW_MS) / 1000),
        EndTime: Math.floor((now - SETTLED_MS) / 1000),
        MonitorTypes: ['MT_QCE'],
      },
      { region: ownRegion(config), wave: 1 },
    )
    entries.push(...(Histories ?? []))
    if ((Histories?.length ?? 0) < PAGE) break
  }
  return entries.flatMap(alarmsOfHistory)
}

/**
 * The alarms of the history of which nothing was heard. One that began before this memory did may have been told by
 * another one. A recovery is missing only if its firing was heard.
 */
function missing(history: readonly Alarm[], heard: readonly Heard[], since: number): readonly Alarm[] {
  return history.filter((alarm) => {
    const own = heardOf(alarm)
    if (own === null || Date.parse(own.began) < since) return false
    const known = heard.filter((one) => isSameFiring(one, own))
    return own.state === 'firing'
      ? known.length === 0
      : known.length > 0 && known.every(({ state }) => state === 'firing')
  })
}
