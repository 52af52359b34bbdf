import type { IncidentNotice, NoticeRepair } from '../model/incident.ts'
import { t } from '../text/index.ts'
import { absentIn } from './absent.ts'
import { changeLine, meanwhileLines } from './meanwhile.ts'
import { namesOf } from './names.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.several.mended
const MOST_CHANGES = 3
const MOST_NAMED = 4

/** What brought several CLBs back: the removal of the cause, other changes, or nothing that is known. A line each. */
export function recoveryLines(notice: IncidentNotice): readonly string[] {
  const { recovery, lead, language } = notice
  if (!recovery) return meanwhileLines(lead, language)
  const { repairs } = recovery
  const absent = new Set(absentIn(notice).map(({ id }) => id))
  const unexplained = recovery.unexplained.filter((id) => !absent.has(id))
  if (repairs.length === 0) {
    const lines = meanwhileLines(lead, language)
    return lines.length > 0 ? lines : [WORDS.unknown[language]]
  }
  const rest = repairs.length - MOST_CHANGES
  return [
    ...repairs.slice(0, MOST_CHANGES).map((repair) => repairLine(repair, notice)),
    ...(rest > 0 ? [t(WORDS.moreChanges, { count: rest }, language)] : []),
    ...(unexplained.length > 0
      ? [t(WORDS.unexplained, { names: named(unexplained, notice) }, language)]
      : []),
  ]
}

function repairLine({ change, removesCause, loadBalancers }: NoticeRepair, notice: IncidentNotice): string {
  const { incident, language } = notice
  const params = { change: changeLine(change, notice, language), resource: change.resource.id }
  if (removesCause) return t(WORDS.cause, { ...params, count: loadBalancers.length }, language)
  const words = incident.cause === null ? WORDS.change : WORDS.other
  return t(words, { ...params, names: named(loadBalancers, notice) }, language)
}

function named(ids: readonly string[], { members, language }: IncidentNotice): string {
  const own = new Set(ids)
  return namesOf(
    members.filter(({ id }) => own.has(id)),
    MOST_NAMED,
    language,
  )
}
