import { createHash } from 'node:crypto'
import { clbKey } from '../../model/alarm.ts'
import type { Clock } from '../../model/clock.ts'
import { type Diagnosis, isReason } from '../../model/diagnosis.ts'
import { isScan, type Message } from '../../model/message.ts'

/** The last thing said to whom about what, kept for a while. Small, so that a shared store can take its place. */
export interface DeliveryRecord {
  /** True: say it. False: it was the last thing said, or is being said right now. */
  claim(about: string, words: string): boolean
  /** `kept`: it was or may have been said. Otherwise the claim is given back. */
  settle(about: string, words: string, kept: boolean): void
}

const WINDOW_MS = 30 * 60_000
const MOST_KEYS = 2_000

/** In process: at most 2,000 subjects, each for 30 minutes; the oldest give way. */
export function createMemoryRecord(clock: Clock, windowMs = WINDOW_MS): DeliveryRecord {
  const last = new Map<string, { readonly words: string; readonly at: number }>()
  return {
    claim(about, words) {
      const now = clock.now()
      const said = last.get(about)
      if (said?.words === words && now - said.at < windowMs) return false
      last.delete(about)
      last.set(about, { words, at: now })
      for (const oldest of last.keys()) {
        if (last.size <= MOST_KEYS) break
        last.delete(oldest)
      }
      return true
    },
    settle(about, words, kept) {
      if (!kept && last.get(about)?.words === words) last.delete(about)
    },
  }
}

/** What a message is about: the CLB; where none was found, the address that the alarm names; or the fleet. */
export function subjectOf(message: Message): string {
  if (isScan(message)) return 'fleet'
  const { loadBalancer, trigger } = message
  return loadBalancer?.id ?? (trigger.alarm ? clbKey(trigger.alarm) : '-')
}

/** What a message says, in short: two with the same are one told twice. A scan is asked for each time, and told. */
export const fingerprint = (message: Message): string => (isScan(message) ? message.id : newsOf(message))

/**
 * What a diagnosis says of its subject, without when it was found: the alarm's state, the verdict, what is Dead, the
 * causes, accepted or not, and what they explain, and what could not be read. A diagnosis that differs in any of these
 * is news.
 */
function newsOf(diagnosis: Diagnosis): string {
  const { trigger, verdict, findings, gaps, pools, checks, headline } = diagnosis
  const causes = findings
    .filter(isReason)
    .map(({ code, role, certainty, resources, explains }) => [
      code,
      role,
      certainty,
      resources.map(({ id, ruleIndex }) => [id, ruleIndex ?? null]),
      [...explains].sort(),
    ])
  const dead = pools.flatMap(({ targets }) =>
    targets.filter(({ status }) => status === 'Dead').map(({ key }) => key),
  )
  const unread = gaps.map(({ action, errorCode }) => [action ?? null, errorCode ?? null])
  // Where nothing was read, the headline says why.
  const obstacle = checks.length === 0 ? headline : null
  const news = [obstacle, trigger.alarm?.state ?? null, verdict, causes, dead.sort(), unread]
  return createHash('sha256').update(JSON.stringify(news)).digest('hex').slice(0, 32)
}
