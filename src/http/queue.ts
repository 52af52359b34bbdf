export interface QueueSize {
  /** Items waiting or not finished yet. */
  readonly capacity: number
  /** Worked on at a time. */
  readonly workers: number
}

export interface QueueOptions<T extends object> extends QueueSize {
  /** `free` lets the next item begin before this one is finished. */
  readonly work: (item: T, free: () => void) => Promise<void>
  /** What waits and what comes, in order, made fewer where one stands for several. What is begun is not among it. */
  readonly merge: (items: readonly T[]) => readonly T[]
}

/**
 * Work taken on and done later, in process: bounded, a fixed number at a time, in order of arrival. `drain` refuses new
 * work and resolves when all that was taken is done.
 */
export interface Queue<T> {
  /** False when full or draining: nothing was taken. */
  offer(items: readonly T[]): boolean
  drain(): Promise<void>
}

export function createQueue<T extends object>({ capacity, workers, work, merge }: QueueOptions<T>): Queue<T> {
  let waiting: readonly T[] = []
  let busy = 0
  let unfinished = 0
  let closed = false
  const drained: (() => void)[] = []

  const begin = (item: T): void => {
    busy += 1
    unfinished += 1
    let held = true
    const free = (): void => {
      if (!held) return
      held = false
      busy -= 1
      next()
    }
    void work(item, free).finally(() => {
      free()
      unfinished -= 1
      if (unfinished === 0 && waiting.length === 0) for (const done of drained.splice(0)) done()
    })
  }

  const next = (): void => {
    while (busy < workers) {
      const [item, ...rest] = waiting
      if (item === undefined) return
      waiting = rest
      begin(item)
    }
  }

  return {
    offer(items) {
      const merged = merge([...waiting, ...items])
      if (closed || merged.length + unfinished > capacity) return false
      waiting = merged
      next()
      return true
    },
    drain() {
      closed = true
      return new Promise((resolve) => {
        if (unfinished === 0 && waiting.length === 0) resolve()
        else drained.push(resolve)
      })
    },
  }
}
