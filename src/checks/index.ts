import type { CheckReport } from '../model/diagnosis.ts'
import type { Paths } from '../path/index.ts'
import type { Draft } from './check.ts'
import { grouped } from './grouped.ts'
import { CHECKS } from './registry.ts'

// checks/ looks for causes. Each check has a folder with its texts. A check takes facts and drafts findings. app/ runs
// all checks. diagnosis/ compares the drafts with the observed health. A check may not read the cloud, format for a
// receiver, or call another check. If it cannot decide, it reports unknown.

export type {
  Check,
  Draft,
  FindingTarget,
  FixLine,
  FixPlan,
  GivenPlan,
  OpenPlan,
  Prediction,
  ReasonText,
} from './check.ts'
export { isOpening } from './check.ts'
export { settingCommands } from './check-settings.ts'
export { clusterOf } from './cluster.ts'
export { tccli } from './commands.ts'
export { bareAddress, lineText, remainderText, ruleText, SOURCE_NAMES } from './denial-texts.ts'
export { doubtsText } from './doubts.ts'
export { isOfOtherTime } from './inside.ts'
export { CHECKS } from './registry.ts'

export interface CheckRun {
  readonly drafts: readonly Draft[]
  readonly reports: readonly CheckReport[]
}

/** Runs every check. A check that crashes is `unknown` with its error, never a pass. */
export function runChecks(paths: Paths, checks = CHECKS): CheckRun {
  const drafts: Draft[] = []
  const reports: CheckReport[] = []
  // If the listeners could not be read, report `unknown`, not `not-applicable`.
  const isUnread = paths.pools.length === 0 && paths.snapshot.listeners.state !== 'ok'
  for (const check of checks) {
    try {
      const { drafts: found, ...report } = check.run(paths)
      drafts.push(...grouped(found, paths))
      reports.push(
        isUnread && report.outcome === 'not-applicable'
          ? { check: check.id, outcome: 'unknown', reason: 'listeners-unread' }
          : { check: check.id, ...report },
      )
    } catch (error) {
      const reason = `crashed: ${error instanceof Error ? error.message : String(error)}`
      reports.push({ check: check.id, outcome: 'unknown', reason: reason.slice(0, 200) })
    }
  }
  return { drafts, reports }
}
