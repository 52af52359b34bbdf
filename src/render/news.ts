import { poolName } from '../model/endpoint.ts'
import { ENDINGS, type IncidentNotice, type News, type NoticeMember } from '../model/incident.ts'
import { lengthOf, semicolons, t, zonedMinuteFor } from '../text/index.ts'
import { absentClause, absentCount, absentIn } from './absent.ts'
import type { Part, Report } from './blocks.ts'
import { changedClauses, hasKnownCause } from './changed.ts'
import { clip } from './printers/safe.ts'
import { shortLines } from './short-lines.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'

// The lines of a message about an incident that no diagnosis has: why it comes, who has it, and its pages.

type Lines = Pick<Report, 'preheader' | 'notification'>

const WORDS = TEXTS.notice
const MOST_POOLS = 2
/** In characters. A person types the name into a page. */
const LONGEST_NAME = 40

const isOf = ({ news }: IncidentNotice, ...any: readonly News[]): boolean =>
  any.some((one) => news.includes(one))

/** The CLBs that have not recovered. */
export const sickIn = ({ members }: Pick<IncidentNotice, 'members'>): readonly NoticeMember[] =>
  members.filter(({ hasRecovered }) => !hasRecovered)

export const isRecovery = (notice: IncidentNotice): boolean => isOf(notice, 'recovered')

/** The reader has not had this message before, or not this cause, so it has every line. */
export const isWhole = (notice: IncidentNotice): boolean =>
  isOf(notice, 'first', 'reopened') || (isOf(notice, 'changed') && !hasKnownCause(notice))

/** One line right after the title. A first message says everything itself. */
export function newsParts(notice: IncidentNotice): readonly Part[] {
  const text = newsText(notice)
  if (text === null) return []
  const { news, language } = notice
  const label = WORDS[news[0] === 'reminder' ? 'reminder' : 'update'][language]
  return [{ kind: 'part', topic: 'news', label, text, brief: { rank: 0.5, items: 1, most: 300 } }]
}

/** Why the message comes, and what changed since the last one. Null for a first message. */
export function newsText(notice: IncidentNotice): string | null {
  const { language, incident } = notice
  if (incident.mergedInto !== undefined)
    return capitalised(t(WORDS.merged, { id: incident.mergedInto }, language))
  if (isRecovery(notice)) return capitalised(semicolons(recoveredClauses(notice), language))
  if (isOf(notice, 'first') && !isOf(notice, 'reopened')) return null
  const clauses = [...reasonClauses(notice), ...changeClauses(notice)]
  return capitalised(semicolons(clauses.length > 0 ? clauses : [WORDS.other[language]], language))
}

/** A clause as a sentence of its own. */
const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function recoveredClauses(notice: IncidentNotice): readonly string[] {
  const { durationSeconds, members, language } = notice
  if (members.every(({ ending }) => ending === 'unseen'))
    return [WORDS.ending.said[language], ...afterRecovery(notice)]
  const [first, more] = isAllAbsent(notice)
    ? [absentClause(notice), []]
    : durationSeconds === null
      ? [WORDS.recovered[language], absentCount(notice)]
      : [t(WORDS.recoveredAfter, { length: lengthOf(durationSeconds) }, language), absentCount(notice)]
  return [first, ...endingClauses(notice), ...more, ...againClause(notice)]
}

/** The same without the word that it has recovered. */
function afterRecovery(notice: IncidentNotice): readonly string[] {
  const { durationSeconds, language } = notice
  if (isAllAbsent(notice)) return recoveredClauses(notice)
  return [
    ...(durationSeconds === null
      ? []
      : [t(TEXTS.digest.lasted, { length: lengthOf(durationSeconds) }, language)]),
    ...endingClauses(notice),
    ...absentCount(notice),
    ...againClause(notice),
  ]
}

/** Who alone says that it is over. */
const endingClauses = ({ members, language }: IncidentNotice): readonly string[] =>
  ENDINGS.flatMap((ending) => {
    const count = members.filter((one) => one.ending === ending).length
    const what = WORDS.ending[ending]
    if (count === 0) return []
    return [count === members.length ? what[language] : t(WORDS.ending.of, { count, what }, language)]
  })

const isAllAbsent = (notice: IncidentNotice): boolean => absentIn(notice).length === notice.members.length

const againClause = ({ incident: { reopened }, language }: IncidentNotice): readonly string[] =>
  reopened > 0 ? [t(WORDS.again, { count: reopened }, language)] : []

function reasonClauses(notice: IncidentNotice): readonly string[] {
  const { durationSeconds, incident, language } = notice
  const still =
    durationSeconds === null
      ? WORDS.still[language]
      : t(WORDS.stillAfter, { length: lengthOf(durationSeconds) }, language)
  return [
    ...(isOf(notice, 'reopened') ? [t(WORDS.reopened, { count: incident.reopened + 1 }, language)] : []),
    ...(isOf(notice, 'flapping') ? [WORDS.flapping[language]] : []),
    ...(isOf(notice, 'reminder') ? [still] : []),
  ]
}

function changeClauses(notice: IncidentNotice): readonly string[] {
  const { change, members, language } = notice
  const { dead, joined } = change
  const recovered = members.length - sickIn(notice).length - absentIn(notice).length
  const isMoved = dead !== null && dead.before !== dead.now && !isOf(notice, 'reopened')
  return [
    ...(joined.length > 0 && members.length > 1
      ? [t(WORDS.joined, { count: joined.length, total: members.length }, language)]
      : []),
    ...changedClauses(notice, { hasFired: isOf(notice, 'reopened', 'flapping') }),
    ...(isMoved ? [t(WORDS.dead, dead, language)] : []),
    ...fallbackClause(notice),
    ...(recovered > 0 ? [t(WORDS.partRecovered, { count: recovered }, language)] : []),
    ...absentCount(notice),
  ]
}

/** A message about several CLBs counts them; it does not name their listeners. */
function fallbackClause(notice: IncidentNotice): readonly string[] {
  const { lead, members, language } = notice
  if (members.length > 1 || !isOf(notice, 'worse')) return []
  const pools = lead.pools.filter(({ fallback }) => fallback).map(poolName)
  return pools.length > 0 ? [t(WORDS.fallback, { pools: some(pools, MOST_POOLS, language) }, language)] : []
}

/** Who has it, and until when it is silenced. Both end by themselves. */
export function handlingParts({ incident, createdAt, timeZone, language }: IncidentNotice): readonly Part[] {
  const { acknowledgedBy, silencedUntil } = incident
  const isSilent = silencedUntil !== undefined && Date.parse(silencedUntil) > Date.parse(createdAt)
  const time = isSilent ? zonedMinuteFor(silencedUntil, createdAt, language, timeZone) : ''
  const clauses = [
    ...(!acknowledgedBy
      ? []
      : [t(WORDS.acknowledged, { name: clip(acknowledgedBy, LONGEST_NAME) }, language)]),
    ...(isSilent ? [t(WORDS.silenced, { time }, language)] : []),
  ]
  // A name is written as its owner writes it.
  const text = semicolons(clauses, language)
  return clauses.length === 0
    ? []
    : [
        {
          kind: 'part',
          topic: 'handling',
          text: !acknowledgedBy ? capitalised(text) : text,
          brief: { rank: 0.6, items: 1, most: 200 },
        },
      ]
}

/** The pages of the incident. Nobody has to take over what is over. */
export function pageParts(notice: IncidentNotice): readonly Part[] {
  const { pages, language } = notice
  if (!pages) return []
  const names = isRecovery(notice)
    ? (['incident'] as const)
    : (['incident', 'acknowledge', 'silence'] as const)
  const links = names.map((name) => ({ text: WORDS.pages[name][language], url: pages[name] }))
  return [{ kind: 'part', topic: 'links', text: '', links, brief: { rank: 1.5, items: 0 } }]
}

/** The parts with those of the incident: the news first, its pages beside the other links. */
export function withNotice(summary: readonly Part[], notice: IncidentNotice): readonly Part[] {
  const at = summary.findLastIndex(({ topic }) => topic === 'links')
  const alarm = summary.findIndex(({ topic }) => topic === 'alarm')
  const place = at >= 0 ? at + 1 : alarm >= 0 ? alarm : summary.length
  return [
    ...newsParts(notice),
    ...handlingParts(notice),
    ...summary.slice(0, place),
    ...pageParts(notice),
    ...summary.slice(place),
  ]
}

/** The short lines of a message about an incident. `fresh`: those of its diagnosis, for the first message. */
export function noticeLines(
  fresh: Lines,
  title: { readonly state: string; readonly name: string },
  notice: IncidentNotice,
): Lines {
  const { incident, language } = notice
  const isOwn = incident.mergedInto === undefined && isRecovery(notice)
  // The state says that it has recovered.
  const text = isOwn ? capitalised(semicolons(afterRecovery(notice), language)) : newsText(notice)
  const { preheader, notification } = text === null ? fresh : shortLines(title, text, language)
  return { preheader, notification }
}
