import type { Clock } from '../../model/clock.ts'
import { isDiagnosis, type Message } from '../../model/message.ts'

/**
 * The subject of the first message of an incident. Mail programs group mails by their subject, so later mails repeat
 * it. The interface is small, so that a shared store can implement it.
 */
export interface SubjectRecord {
  /** The first subject about this CLB. Without one, `fresh` becomes it. */
  keep(about: string, fresh: string): string
  /** The incident is over: the next subject is a first one. */
  end(about: string): void
}

/** An incident without a message for this time is over. */
const WINDOW_MS = 24 * 3600_000
const MOST_KEYS = 2_000

/** In memory: at most 2,000 CLBs. The oldest are dropped first. */
export function createSubjectRecord(clock: Clock): SubjectRecord {
  const kept = new Map<string, { readonly subject: string; readonly at: number }>()
  return {
    keep(about, fresh) {
      const now = clock.now()
      const known = kept.get(about)
      const subject = known && now - known.at < WINDOW_MS ? known.subject : fresh
      kept.delete(about)
      kept.set(about, { subject, at: now })
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEYS) break
        kept.delete(oldest)
      }
      return subject
    },
    end: (about) => kept.delete(about),
  }
}

/** True for the last message of an incident: the sender says that it is over, and the look agrees. */
export const isLast = (message: Message): boolean =>
  isDiagnosis(message) && message.trigger.alarm?.state === 'resolved' && message.verdict === 'healthy'
