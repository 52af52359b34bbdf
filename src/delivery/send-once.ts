import { deadlineIn } from '../model/clock.ts'
import type { Proxies } from '../net/index.ts'
import type { Address } from './address.ts'
import { createPost } from './post.ts'
import type { Delivery, Outcome } from './receiver.ts'

/**
 * Sends one message without a lane: nothing is tried again, and no limit is kept. For a person who waits for the answer. A
 * receiver that throws has a bug, which is an outcome, too.
 */
export async function sendOnce(
  address: Address,
  delivery: Delivery,
  {
    proxies,
    now,
    attemptMs,
  }: { readonly proxies: Proxies; readonly now: () => number; readonly attemptMs: number },
): Promise<Outcome> {
  try {
    const receiver = address.connect({ post: createPost(proxies), now })
    return await receiver.send(delivery, deadlineIn(receiver.attemptMs ?? attemptMs))
  } catch (error) {
    return { kind: 'permanent', reason: `defect: ${error instanceof Error ? error.name : 'error'}` }
  }
}
