import type { Clock } from '../../model/clock.ts'
import type { Delivery, Outcome, Receiver } from '../receiver.ts'

// Half a second, then doubled each time: eight attempts outlast a receiver that is down for a minute.
const ATTEMPTS = 8
const FIRST_BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 30_000

export interface Tried {
  readonly outcome: Outcome
  readonly attempts: number
}

/**
 * Sends until the outcome is final, the attempts are used up, or the deadline comes. A wait that would pass the
 * deadline is not started. An unknown outcome is retried like any other if repeats are harmless, and once if a repeat
 * may show the message twice.
 */
export async function sendWithRetry(
  receiver: Receiver,
  delivery: Omit<Delivery, 'attempt'>,
  deadline: { readonly signal: AbortSignal; readonly at: number },
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): Promise<Tried> {
  let unknowns = 0
  for (let attempt = 1; ; attempt++) {
    const outcome = await sendOnce(receiver, { ...delivery, attempt }, deadline.signal)
    if (outcome.kind === 'unknown') unknowns += 1
    const again =
      outcome.kind === 'retry' || (outcome.kind === 'unknown' && (receiver.idempotent || unknowns === 1))
    const asked = outcome.kind === 'retry' ? outcome.retries : undefined
    const most = Math.min(ATTEMPTS, asked === undefined ? ATTEMPTS : asked + 1)
    if (!again || attempt >= most || deadline.signal.aborted) return { outcome, attempts: attempt }
    const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1)) * (0.5 + random() / 2)
    const wait = Math.max(outcome.kind === 'retry' ? outcome.afterMs : 0, backoff)
    if (clock.now() + wait >= deadline.at) return { outcome, attempts: attempt }
    try {
      await clock.sleep(wait, deadline.signal)
    } catch {
      return { outcome, attempts: attempt }
    }
  }
}

/** A receiver that throws has a bug, which must not stop the other receivers. */
async function sendOnce(receiver: Receiver, delivery: Delivery, signal: AbortSignal): Promise<Outcome> {
  try {
    return await receiver.send(delivery, signal)
  } catch (error) {
    return { kind: 'permanent', reason: `defect: ${error instanceof Error ? error.name : 'error'}` }
  }
}
