import type { Clock } from '../../src/model/clock.ts'

/** A clock that moves only during a sleep. A sleep ends at once and is kept in `slept`. */
export function steppingClock(): Clock & { readonly slept: readonly number[] } {
  let time = 1_700_000_000_000
  const slept: number[] = []
  return {
    slept,
    now: () => time,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      slept.push(ms)
      time += ms
    },
  }
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** A clock that moves only when the test advances it. It wakes the sleepers in the order of their times. */
export function manualClock() {
  let time = 1_700_000_000_000
  let sleepers: Sleeper[] = []
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    now: () => time,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const end = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper)
          reject(signal?.reason)
        }
        const sleeper = {
          at: time + ms,
          wake: () => {
            signal?.removeEventListener('abort', end)
            resolve()
          },
        }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', end, { once: true })
      }),
    async advance(ms: number): Promise<void> {
      const end = time + ms
      await settle()
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.at - b.at).find(({ at }) => at <= end)
        if (!next) break
        sleepers = sleepers.filter((other) => other !== next)
        time = Math.max(time, next.at)
        next.wake()
        await settle()
      }
      time = end
    },
    set(to: number): void {
      time = to
    },
    settle,
    /** The number of sleepers. */
    asleep: () => sleepers.length,
  }
}
