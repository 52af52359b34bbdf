import { isOfLookup } from '../model/diagnosis.ts'
import type { IncidentNotice, NoticeMember } from '../model/incident.ts'
import { lengthOf, t } from '../text/index.ts'
import type { Part, Report } from './blocks.ts'
import { TEXTS } from './texts.ts'

// CLBs that do not exist. Their trouble is over, and nothing of them recovered.

const WORDS = TEXTS.notice.absent

/** The CLBs whose trouble is over because they do not exist. */
export const absentIn = ({ members }: Pick<IncidentNotice, 'members'>): readonly NoticeMember[] =>
  members.filter(({ absent, hasRecovered }) => absent !== undefined && hasRecovered)

/** All of the incident. */
export function absentClause({ members, durationSeconds, language }: IncidentNotice): string {
  const { absent = 'gone' } = members[0] ?? {}
  const what =
    members.length > 1
      ? t(TEXTS.several.absent, { count: members.length }, language)
      : WORDS[absent][language]
  // What is no CLB had no trouble of one.
  return durationSeconds === null || absent === 'no CLB'
    ? what
    : t(WORDS.after, { what, length: lengthOf(durationSeconds) }, language)
}

/** Some of the incident. */
export function absentCount(notice: IncidentNotice): readonly string[] {
  const count = absentIn(notice).length
  return count === 0 ? [] : [t(WORDS.some, { count }, notice.language)]
}

/** The report of an incident of one CLB that does not exist. There is no cause and nothing to do. */
export function withoutClb(report: Report, { members, lead, language }: IncidentNotice): Report {
  const { name = '', absent = 'gone' } = members[0] ?? {}
  const why = lead.gaps.find(isOfLookup)?.why
  const impact = absent === 'no CLB' ? WORDS.noClb : WORDS.impact
  const summary = report.summary
    .filter(({ topic }) => topic !== 'cause' && topic !== 'action')
    .map(
      (part): Part =>
        part.topic === 'impact'
          ? { ...part, text: impact[language], quotes: why === undefined ? [] : [why] }
          : part,
    )
  const title = { ...report.title, tone: 'green', state: TEXTS.state[absent][language] } as const
  return { ...report, title: name === '' ? title : { ...title, name }, summary, details: [] }
}
