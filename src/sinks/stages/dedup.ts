import { createHash } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { Diagnosis } from '../../model/diagnosis.ts'

/** What was said to whom, kept for a while. Small, so that a shared store can take its place. */
export interface DeliveryRecord {
  /** True: say it. False: said already, or being said right now. */
  claim(key: string): boolean
  /** `kept`: it was or may have been said. Otherwise the claim is given back. */
  settle(key: string, kept: boolean): void
}

const WINDOW_MS = 30 * 60_000
const MOST_KEYS = 2_000

/** In process: at most 2,000 keys, each for 30 minutes; the oldest give way. */
export function createMemoryRecord(clock: Clock, windowMs = WINDOW_MS): DeliveryRecord {
  const said = new Map<string, number>()
  return {
    claim(key) {
      const now = clock.now()
      const at = said.get(key)
      if (at !== undefined && now - at < windowMs) return false
      said.delete(key)
      said.set(key, now)
      for (const oldest of said.keys()) {
        if (said.size <= MOST_KEYS) break
        said.delete(oldest)
      }
      return true
    },
    settle(key, kept) {
      if (!kept) said.delete(key)
    },
  }
}

/**
 * What a message says, without when it was found: the CLB, the alarm's state, the verdict, what is Dead, the causes and
 * what they explain, and what could not be read. A diagnosis that differs in any of these is news.
 */
export function fingerprint(diagnosis: Diagnosis): string {
  const { loadBalancer, trigger, verdict, findings, gaps, pools, headline } = diagnosis
  const causes = findings
    .filter(({ role }) => role === 'cause')
    .map(({ code, certainty, resources, explains }) => [
      code,
      certainty,
      resources.map(({ id, ruleIndex }) => [id, ruleIndex ?? null]),
      [...explains].sort(),
    ])
  const dead = pools.flatMap(({ targets }) =>
    targets.filter(({ status }) => status === 'Dead').map(({ key }) => key),
  )
  const unread = gaps.map(({ action, errorCode }) => [action ?? null, errorCode ?? null])
  const subject = loadBalancer?.id ?? headline
  const news = [subject, trigger.alarm?.state ?? null, verdict, causes, dead.sort(), unread]
  return createHash('sha256').update(JSON.stringify(news)).digest('hex').slice(0, 32)
}
