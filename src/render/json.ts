import type { Diagnosis, Hop, Pool, TargetKey } from '../model/diagnosis.ts'
import type { IncidentNotice } from '../model/incident.ts'
import { isDiagnosis, isDigest, isNotice, type Message } from '../model/message.ts'

/** With more targets than this, a path is written once for all targets that share it. */
const MOST_PATHS = 100

/** The message as it is written as JSON: to a file, over HTTP and to a webhook. */
export function jsonFormOf(message: Message): Message {
  if (isDiagnosis(message)) return diagnosisForm(message)
  if (isNotice(message)) return noticeForm(message)
  return isDigest(message) ? { ...message, notices: message.notices.map(noticeForm) } : message
}

const noticeForm = (notice: IncidentNotice): IncidentNotice => ({
  ...notice,
  lead: diagnosisForm(notice.lead),
})

function diagnosisForm(diagnosis: Diagnosis): Diagnosis {
  const count = diagnosis.pools.reduce((sum, { targets }) => sum + targets.length, 0)
  return count > MOST_PATHS ? { ...diagnosis, pools: sharedPaths(diagnosis.pools) } : diagnosis
}

/** A target whose path equals that of an earlier target names that target and has an empty path. */
function sharedPaths(pools: readonly Pool[]): Diagnosis['pools'] {
  const first = new Map<string, TargetKey>()
  const texts = new Map<readonly Hop[], string>()
  return pools.map((pool) => ({
    ...pool,
    targets: pool.targets.map((target) => {
      // Targets with equal paths mostly share one object.
      const text = texts.get(target.path) ?? JSON.stringify(target.path)
      texts.set(target.path, text)
      const samePathAs = first.get(text)
      if (samePathAs === undefined) first.set(text, target.key)
      return samePathAs === undefined || target.path.length === 0
        ? target
        : { ...target, path: [], samePathAs }
    }),
  }))
}
