import { type EvaluatedTarget, type Paths, reportOf } from '../path/index.ts'

/** True if the machine was looked into before the trouble began, so that it may have changed. */
export function isEarly(target: EvaluatedTarget, { snapshot, onsets }: Paths): boolean {
  const onset = onsets.get(target.key) ?? null
  const report = reportOf(snapshot, target)
  return onset !== null && report !== undefined && Date.parse(report.at) < Date.parse(onset)
}
