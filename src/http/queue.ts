export interface QueueSize {
  /** The most items that wait or are not finished. */
  readonly capacity: number
  /** The number of items that are worked on at a time. */
  readonly workers: number
}

export interface QueueOptions<T extends object> extends QueueSize {
  /** A call of `free` lets the next item begin before this one is finished. */
  readonly work: (item: T, free: () => void) => Promise<void>
  /**
   * Merges waiting and new items, in order, if one item can stand for several. Items that have begun are not passed.
   */
  readonly merge: (items: readonly T[]) => readonly T[]
}

/**
 * An in-process queue: bounded, with a fixed number of workers, in order of arrival. `drain` refuses new items and
 * resolves when all accepted items are finished.
 */
export interface Queue<T> {
  /** False if the queue is full or draining. No item was accepted then. */
  offer(items: readonly T[]): boolean
  drain(): Promise<void>
  /** The number of items that wait or have begun. */
  unfinished(): number
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
    unfinished: () => waiting.length + unfinished,
    drain() {
      closed = true
      return new Promise((resolve) => {
        if (unfinished === 0 && waiting.length === 0) resolve()
        else drained.push(resolve)
      })
    },
  }
}
