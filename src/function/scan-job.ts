import type { Config } from '../app/config.ts'
import { createContext } from '../app/context.ts'
import type { Budget } from '../app/diagnose.ts'
import { handleScan, type ScanHandled, type ScanQuestion } from '../app/scan.ts'
import type { Log } from '../model/log.ts'

/**
 * A timer's scan from start to end, with connections and rate of its own: the build gives it a file of its own
 * (dist/scan.cjs), required at the first timer event, which shares nothing with the handler but plain data.
 */
export async function runScan(
  regions: ScanQuestion['regions'],
  config: Config,
  log: Log,
  budget: Budget,
): Promise<ScanHandled> {
  const context = createContext(config, log)
  try {
    return await handleScan(regions, context, budget)
  } finally {
    context.close()
  }
}
