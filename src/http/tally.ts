/** Counts what happens often, and reports at most once a minute. */
export interface Tally {
  add(source: string): void
}

interface TallyOptions {
  readonly now: () => number
  /** `sources`: the first few of those that were counted. */
  readonly report: (counted: { readonly count: number; readonly sources: readonly string[] }) => void
  /** Calls back after this time, ms. Tests replace it. */
  readonly later?: (ms: number, run: () => void) => void
}

const MINUTE_MS = 60_000
const MOST_SOURCES = 5

/** The process need not wait for the report. */
const unheld = (ms: number, run: () => void): void => {
  setTimeout(run, ms).unref()
}

/** Reports the first one at once, and what follows within a minute when that is over. */
export function createTally({ now, report, later = unheld }: TallyOptions): Tally {
  let count = 0
  let sources = new Set<string>()
  let reportedAt = Number.NEGATIVE_INFINITY
  let isWaiting = false

  const tell = (): void => {
    isWaiting = false
    if (count === 0) return
    reportedAt = now()
    report({ count, sources: [...sources] })
    count = 0
    sources = new Set()
  }

  return {
    add(source) {
      count += 1
      if (sources.size < MOST_SOURCES) sources.add(source)
      const rest = reportedAt + MINUTE_MS - now()
      if (rest <= 0) tell()
      else if (!isWaiting) {
        isWaiting = true
        later(rest, tell)
      }
    },
  }
}
