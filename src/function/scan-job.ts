import type { Config } from '../app/config.ts'
import { createContext } from '../app/create.ts'
import type { Budget } from '../app/diagnose.ts'
import { handleScan, type ScanHandled, type ScanQuestion } from '../app/scan.ts'
import type { Log } from '../model/log.ts'

/**
 * Runs a timer's scan with its own connections and rate limits. The build puts it into its own file (dist/scan.cjs),
 * which is loaded at the first timer event. It only shares plain data with the handler.
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
