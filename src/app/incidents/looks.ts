import type { Clock } from '../../model/clock.ts'
import type { Log } from '../../model/log.ts'
import type { Store } from '../../store/index.ts'

/** Wakes the looks. What is due stands in the store; the queue only says when to look there. */
export interface LookQueue {
  ask(clb: string): Promise<void>
  work(handler: (clb: string) => Promise<void>, workers: number): void
  /** Looks that run or wait for their turn in this process. */
  unfinished(): number
  stop(): Promise<void>
}

/** What is due is looked up so often, in case that nobody asked. */
const SWEEP_MS = 1_000

export function createLookQueue(store: Store, { clock, log }: { clock: Clock; log: Log }): LookQueue {
  const waiting = new Set<string>()
  const running = new Map<string, Promise<void>>()
  let handle: ((clb: string) => Promise<void>) | null = null
  let most = 0
  let isStopped = false
  let timer: NodeJS.Timeout | null = null

  function next(): void {
    if (!handle || isStopped) return
    for (const clb of waiting) {
      if (running.size >= most) return
      if (running.has(clb)) continue
      waiting.delete(clb)
      const run = handle(clb)
        .catch((error: unknown) => log.error('look failed', { clb, error: String(error) }))
        .finally(() => {
          running.delete(clb)
          next()
        })
      running.set(clb, run)
    }
  }

  async function sweep(): Promise<void> {
    try {
      for (const { id } of await store.list('looks', { upTo: clock.now(), limit: 200 }))
        if (!running.has(id)) waiting.add(id)
      next()
    } catch (error) {
      log.error('the store cannot be read; tried again', { error: String(error) })
    }
    if (!isStopped) timer = setTimeout(() => void sweep(), SWEEP_MS)
  }

  return {
    async ask(clb) {
      waiting.add(clb)
      next()
    },
    work(handler, workers) {
      handle = handler
      most = workers
      void sweep()
    },
    unfinished: () => waiting.size + running.size,
    async stop() {
      isStopped = true
      if (timer) clearTimeout(timer)
      await Promise.all(running.values())
    },
  }
}
