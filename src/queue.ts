export interface QueueSize {
  /** Items waiting or being worked on. */
  readonly capacity: number
  /** Worked on at a time. */
  readonly workers: number
}

/**
 * Work taken on and done later, in process: bounded, a fixed number at a time, in order of arrival. `drain` refuses new
 * work and resolves when all that was taken is done.
 */
export interface Queue<T> {
  /** False when full or draining: nothing was taken. */
  offer(items: readonly T[]): boolean
  drain(): Promise<void>
  readonly size: number
}

export function createQueue<T>(work: (item: T) => Promise<void>, { capacity, workers }: QueueSize): Queue<T> {
  const waiting: T[] = []
  const idle: (() => void)[] = []
  let running = 0
  let closed = false

  const next = (): void => {
    while (running < workers && waiting.length > 0) {
      const item = waiting.shift() as T
      running += 1
      void work(item).finally(() => {
        running -= 1
        next()
        if (running === 0 && waiting.length === 0) for (const done of idle.splice(0)) done()
      })
    }
  }

  return {
    offer(items) {
      if (closed || waiting.length + running + items.length > capacity) return false
      waiting.push(...items)
      next()
      return true
    },
    drain() {
      closed = true
      return new Promise((resolve) => {
        if (running === 0 && waiting.length === 0) resolve()
        else idle.push(resolve)
      })
    },
    get size() {
      return waiting.length + running
    },
  }
}
