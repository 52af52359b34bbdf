import type { Diagnosis } from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'
import type { IncidentNotice } from '../model/incident.ts'
import { type AlarmState, alarmStateOf } from '../model/recovery.ts'
import { t } from '../text/index.ts'
import { absentIn, withoutClb } from './absent.ts'
import type { Part, Report } from './blocks.ts'
import { withLastReadable } from './last-readable.ts'
import { isRecovery, isWhole, noticeLines, sickIn, withNotice } from './news.ts'
import { diagnosisReport } from './report.ts'
import { TEXTS } from './texts.ts'

// The report of an incident of one CLB: the report of its last diagnosis, and what the incident adds.

/** True if one CLB is left to tell about, and the diagnosis is about it. */
export function isOfOne(notice: IncidentNotice): boolean {
  const { members, lead } = notice
  const [only, ...more] = sickIn(notice)
  return members.length < 2 || (more.length === 0 && only !== undefined && only.id === lead.loadBalancer?.id)
}

/** The first message is that of the diagnosis. A later one begins with its news and repeats no quotes. */
export function noticeReport(notice: IncidentNotice): Report {
  const { incident, news } = notice
  const isOver = isRecovery(notice) && notice.lead.verdict === 'healthy'
  const lead = isOver ? recovered(notice) : counted(notice)
  const isAbsent = notice.members.length === 1 && absentIn(notice).length === 1
  const report = diagnosisReport(lead)
  const base = isAbsent ? withoutClb(report, notice) : named(report, notice)
  const [only] = notice.members
  const isUnseen = isRecovery(notice) && only?.ending === 'unseen'
  const state = isOver
    ? TEXTS.state.recovered[notice.language]
    : isUnseen
      ? TEXTS.state.unseen[notice.language]
      : base.title.state
  const summary = withoutDoubt(base.summary, lead, notice)
  const isFirst = news.every((one) => one === 'first')
  return {
    ...base,
    title: { ...base.title, state },
    ...noticeLines(base, { ...base.title, state }, notice),
    summary: withNotice(withLastReadable(isWhole(notice) ? summary : summary.map(shortened), notice), notice),
    foot: isFirst ? base.foot : { ...base.foot, id: `${incident.id} · ${base.foot.id}` },
  }
}

/** A look that could not read its CLB does not know the name, and perhaps the id, that an earlier one has found. */
function named(report: Report, { members, lead }: IncidentNotice): Report {
  const [only] = members
  if (lead.loadBalancer?.name || only === undefined || only.name === '' || only.name === only.id)
    return report
  const { title, place } = report
  return {
    ...report,
    title: { ...title, name: only.name },
    place: place.includes(only.id) ? place : `${only.id} · ${place}`,
  }
}

/** The rule and who changed it stood in the first message. */
const shortened = (part: Part): Part => (part.topic === 'cause' ? { ...part, quotes: [] } : part)

/** The diagnosis of a CLB that flaps, if its own count does not say so. */
function counted({ lead, news, firings, durationSeconds }: IncidentNotice): Diagnosis {
  if (!news.includes('flapping') || firings < 2 || (lead.recent?.firings ?? 0) > 1) return lead
  const minutes = Math.max(1, Math.ceil((durationSeconds ?? 0) / 60))
  return { ...lead, recent: { minutes, firings } }
}

/** The look that found every backend healthy, while its alarm may not have recovered yet. */
function recovered({ lead, incident }: IncidentNotice): Diagnosis {
  const { alarm } = lead.trigger
  if (!alarm || alarm.state === 'resolved') return lead
  return {
    ...lead,
    // An alarm that fires needs a look. This one is over.
    attention: lead.findings.some(({ role }) => role === 'risk') ? 'watch' : 'none',
    trigger: {
      ...lead.trigger,
      alarm: { ...alarm, state: 'resolved', recoveredAt: alarm.recoveredAt ?? incident.recoveredAt },
    },
  }
}

/**
 * What the alarm and the look say, with what the incident knows. How long it lasted stands in the news, over all alarms: the
 * impact knows one. An alarm whose words say nothing of health checks is in doubt only while no look saw a Dead backend.
 */
function withoutDoubt(summary: readonly Part[], lead: Diagnosis, notice: IncidentNotice): readonly Part[] {
  const impact = impactBeside(alarmStateOf(lead), notice)
  if (impact === null) return summary
  const count = new Set(lead.pools.flatMap(({ targets }) => targets.map(endpointOf))).size
  const text = t(TEXTS.impact[impact], { count }, notice.language)
  return summary.map((part) => (part.topic === 'impact' ? { ...part, text } : part))
}

function impactBeside(state: AlarmState, notice: IncidentNotice): 'recovered' | 'firing-healthy' | null {
  const { incident, change } = notice
  const wasHealth = incident.cause !== null || (change.dead?.before ?? 0) > 0
  if (isRecovery(notice))
    return state === 'recovered' || (state === 'recovered-other' && wasHealth) ? 'recovered' : null
  return state === 'firing-other' && wasHealth ? 'firing-healthy' : null
}
