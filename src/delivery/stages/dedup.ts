import { createHash } from 'node:crypto'
import { clbKey } from '../../model/alarm.ts'
import type { Clock } from '../../model/clock.ts'
import { type Diagnosis, isReason } from '../../model/diagnosis.ts'
import { isDiagnosis, isNotice, isScan, type Message } from '../../model/message.ts'
import { flaps } from '../../model/recovery.ts'

/**
 * The last message to each receiver about each subject, kept for a while. The interface is small, so that a shared
 * store can implement it.
 */
export interface DeliveryRecord {
  /** True: send the message. False: it was the last one sent, or is being sent now. */
  claim(about: string, words: string): boolean
  /** `kept`: the message was sent or may have been. If not, the claim is released. */
  settle(about: string, words: string, kept: boolean): void
}

const WINDOW_MS = 30 * 60_000
const MOST_KEYS = 2_000

/** In memory: at most 2,000 subjects, 30 minutes each. The oldest are dropped first. */
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

/**
 * The subject of a message: the incident, the CLB, the address in the alarm if no CLB was found, or the fleet for a scan.
 * Other messages have no earlier one.
 */
export function subjectOf(message: Message): string {
  if (isNotice(message)) return message.incident.id
  if (isScan(message)) return 'fleet'
  if (!isDiagnosis(message)) return message.id
  const { loadBalancer, trigger } = message
  return loadBalancer?.id ?? (trigger.alarm ? clbKey(trigger.alarm) : '-')
}

/** Messages with equal fingerprints say the same. Each scan counts as new, because somebody started it. */
export const fingerprint = (message: Message): string => (isDiagnosis(message) ? newsOf(message) : message.id)

/**
 * A hash of what a diagnosis says, without its time: the alarm's state, whether it flaps, the verdict, the Dead targets,
 * the causes (accepted or not) with what they explain, and what could not be read. A change in any of these is news.
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
  // If nothing was read, the headline holds the reason.
  const obstacle = checks.length === 0 ? headline : null
  const news = [
    obstacle,
    trigger.alarm?.state ?? null,
    flaps(diagnosis),
    verdict,
    causes,
    dead.sort(),
    unread,
  ]
  return createHash('sha256').update(JSON.stringify(news)).digest('hex').slice(0, 32)
}
