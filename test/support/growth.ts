const RUNS = 3

/** The CPU time of the fastest of some runs, in milliseconds. */
const bestMs = (work: () => void): number => {
  const took = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...took)
}

/**
 * How many times as much CPU the large work takes as the small one. Both run here, one after the other, so a slow machine
 * does not change the result.
 */
export function growthOf(small: () => void, large: () => void): number {
  small()
  const before = bestMs(small)
  return bestMs(large) / before
}
