import { groupBy } from '../model/group-by.ts'
import type { IncidentNotice, NoticeMember } from '../model/incident.ts'
import type { Language } from '../model/language.ts'
import { requestsTo } from '../model/requests.ts'
import { type ScanCause, type ScanFix, thingKey } from '../model/scan.ts'
import { semicolons, t, withAside } from '../text/index.ts'
import { absentIn } from './absent.ts'
import { jointAlarmParts } from './alarm.ts'
import type { Part, Step } from './blocks.ts'
import { bareCause } from './causes.ts'
import { isStateUnread, withLastReadable } from './last-readable.ts'
import { namesOf } from './names.ts'
import { isWhole, sickIn, withNotice } from './news.ts'
import { bestFix, causeLabel, isOneCause, proofOf } from './scan-summary.ts'
import { recoveryLines } from './several-recovery.ts'
import { linkParts, pagesOf } from './summary.ts'
import { TEXTS } from './texts.ts'

// The summary of a message about several CLBs: impact over all, the cause once, the one change, ten names.

const WORDS = TEXTS.several
const MOST_NAMED = 10
const MOST_NAMED_OF_CAUSE = 4
const MOST_CAUSES = 3

/** Does somebody have to act on it? */
export const isTroubled = ({ verdict, attention, hasRecovered }: NoticeMember): boolean =>
  !hasRecovered && (verdict !== 'healthy' || attention === 'act-now' || attention === 'act-soon')

const idsOf = (members: readonly NoticeMember[]): readonly string[] => members.map(({ id }) => id)

/** The cause that all CLBs have on which somebody has to act. One thing can be two causes, sure and less sure. */
function sharedCauses(notice: IncidentNotice): readonly ScanCause[] {
  const ids = idsOf(notice.members.filter(isTroubled))
  const things = groupBy(causesOf(notice), thingKey)
  const [shared = []] = [...things.values()].filter((own) => isOneCause(own, ids))
  return shared
}

export const isJoint = (notice: IncidentNotice): boolean => sharedCauses(notice).length > 0

export function severalSummary(notice: IncidentNotice): readonly Part[] {
  const { lead, language } = notice
  const troubled = notice.members.filter(isTroubled)
  const causes = mainCauses(notice)
  const parts = [
    impactPart(notice, troubled),
    ...causes.map((cause, i) => causePart(cause, i, causes.length, notice)),
    ...actionParts(notice, troubled),
    ...alsoParts(notice, causes),
    ...openParts(notice, troubled),
    membersPart(notice),
    ...linkParts(pagesOf(causes, language)),
    ...jointAlarmParts(lead, language),
  ]
  return withNotice(withLastReadable(parts, notice), notice)
}

/** The cause that all have, else the first causes. */
function mainCauses(notice: IncidentNotice): readonly ScanCause[] {
  const shared = sharedCauses(notice)
  return shared.length > 0 ? shared : causesOf(notice).slice(0, MOST_CAUSES)
}

/** The causes of CLBs that have not recovered, those of the most first. */
export function causesOf(notice: IncidentNotice): readonly ScanCause[] {
  const sick = new Set(idsOf(sickIn(notice)))
  return notice.causes.filter(({ loadBalancers }) => loadBalancers.some((id) => sick.has(id)))
}

const KINDS = ['none', 'unserved', 'fallback', 'part', 'unknown', 'all'] as const
type Kind = (typeof KINDS)[number]

/** What requests to a CLB meet. Without the word of its diagnosis, what its verdict says of it. */
function kindOf(
  { id, requests, verdict, attention, backends }: NoticeMember,
  { lead }: IncidentNotice,
): Kind {
  if (requests !== undefined) return requests
  if (id === lead.loadBalancer?.id) return requestsTo(lead)
  if (verdict === 'inconclusive') return 'unknown'
  if (verdict === 'down') return 'fallback'
  if (backends.dead > 0) return 'part'
  return attention === 'act-now' ? 'unserved' : verdict === 'degraded' ? 'part' : 'all'
}

function impactPart(notice: IncidentNotice, troubled: readonly NoticeMember[]): Part {
  const { members, language } = notice
  const sick = sickIn(notice)
  const isOver = sick.length === 0
  const isWell = troubled.length === 0
  const kinds = sick.map((member) => kindOf(member, notice))
  const lines = KINDS.flatMap((kind) => {
    const count = kinds.filter((one) => one === kind).length
    return count > 0 ? [t(WORDS.requests[kind], { count }, language)] : []
  })
  const seen = troubled.filter((member) => !isStateUnread(member))
  const sum = (of: 'dead' | 'total'): number => seen.reduce((all, { backends }) => all + backends[of], 0)
  const absent = absentIn(notice)
  const unseen = members.filter(({ ending }) => ending === 'unseen')
  const back = members.length - absent.length - unseen.length
  const over = [
    ...(back > 0 ? [t(WORDS.well, { count: back }, language)] : []),
    ...(unseen.length > 0
      ? [t(WORDS.unseenNamed, { names: namesOf(unseen, MOST_NAMED_OF_CAUSE, language) }, language)]
      : []),
    ...(absent.length > 0
      ? [t(WORDS.absentNamed, { names: namesOf(absent, MOST_NAMED_OF_CAUSE, language) }, language)]
      : []),
  ]
  const dead = sum('dead') > 0 ? [t(WORDS.dead, { dead: sum('dead'), total: sum('total') }, language)] : []
  return {
    kind: 'part',
    topic: 'impact',
    label: TEXTS.impact.label[language],
    text: isOver
      ? semicolons(over, language)
      : isWell
        ? t(WORDS.firingHealthy, { count: sick.length }, language)
        : semicolons([...lines, ...dead], language),
    quotes: isOver && back > 0 ? recoveryLines(notice) : [],
    brief: { rank: 1, items: 1 },
  }
}

/** One cause with its rule, several with the names of their CLBs. */
function causePart(cause: ScanCause, i: number, count: number, notice: IncidentNotice): Part {
  const { language } = notice
  const { title, quote, certainty } = cause
  const text = count === 1 ? title : withNames(cause, notice)
  return {
    kind: 'part',
    topic: 'cause',
    label: causeLabel(cause, i, count, language),
    tone: certainty === 'possible' ? 'grey' : 'red',
    text,
    bare: bareCause({ certainty, title: text }, language),
    quotes: quote === undefined || !isWhole(notice) ? [] : [quote],
    brief: { rank: 2 + i / 10, items: 1 },
  }
}

function withNames({ title, loadBalancers }: ScanCause, notice: IncidentNotice): string {
  const ids = new Set(loadBalancers)
  const own = sickIn(notice).filter(({ id }) => ids.has(id))
  const names = namesOf(own, MOST_NAMED_OF_CAUSE, notice.language)
  return t(WORDS.of, { title, names }, notice.language)
}

/** Other causes of some of the CLBs, a line each. */
function alsoParts(notice: IncidentNotice, shown: readonly ScanCause[]): readonly Part[] {
  const { language } = notice
  const others = causesOf(notice).filter((cause) => !shown.includes(cause))
  const rest = others.length - MOST_CAUSES
  const lines = [
    ...others.slice(0, MOST_CAUSES).map((cause) => withNames(cause, notice)),
    ...(rest > 0 ? [t(WORDS.moreCauses, { count: rest }, language)] : []),
  ]
  return lines.map((text, i) => ({
    ...plainPart('also', text, 6 + i / 10),
    ...(i === 0 ? { label: TEXTS.summary.also[language] } : {}),
  }))
}

const plainPart = (topic: Part['topic'], text: string, rank: number): Part => ({
  kind: 'part',
  topic,
  text,
  brief: { rank, items: 1 },
})

/** The one change that mends all, a change for each cause, or how to look at each CLB. */
function actionParts(notice: IncidentNotice, troubled: readonly NoticeMember[]): readonly Part[] {
  const { language } = notice
  const [first] = troubled
  const causes = mainCauses(notice)
  const fix = bestFix(causes)
  const label = TEXTS.summary.action[language]
  const part = (own: Pick<Part, 'text' | 'quotes' | 'steps'>): readonly Part[] => [
    { kind: 'part', topic: 'action', label, ...own, brief: { rank: 3, items: 1 } },
  ]
  if (!first) return sickIn(notice).length > 0 ? part({ text: TEXTS.summary.flapping[language] }) : []
  if (!fix) {
    const line = `clb-doctor diagnose ${first.id} --region ${first.region}`
    const commands = [{ kind: 'code', language: 'shell', lines: [line] }] as const
    return part({ text: WORDS.look[language], steps: [{ text: '', asides: [], commands }] })
  }
  if (isJoint(notice) || causes.length === 1)
    return part({ text: fixText(fix, troubled.length, language), quotes: affectedBy(fix, language) })
  const steps = causes.flatMap((cause, i): readonly Step[] => {
    const [own] = cause.fixes
    if (!own) return []
    const summary = fixText(own, Number.POSITIVE_INFINITY, language)
    const label = t(TEXTS.scan.numbered, { label: TEXTS.roles.cause[language], number: i + 1 }, language)
    const text = t(WORDS.fixOf, { cause: label, summary }, language)
    return [{ text, asides: affectedBy(own, language), commands: [] }]
  })
  return part({ text: WORDS.each[language], steps })
}

const affectedBy = ({ widens }: ScanFix, language: Language): readonly string[] =>
  widens === undefined ? [] : [t(TEXTS.summary.affects, { text: widens }, language)]

/** @param all the number of CLBs that a change has to bring back to be the one change for all */
function fixText(fix: ScanFix, all: number, language: Language): string {
  const { summary, verified, recovers } = fix
  if (verified && recovers > 1 && recovers >= all) return t(WORDS.oneFix, { count: all, summary }, language)
  const proof =
    verified && recovers > 0 ? t(WORDS.recovers, { count: recovers }, language) : proofOf(fix, language)
  return proof === '' ? summary : withAside(summary, proof, language)
}

/** CLBs without a cause. */
function openParts(notice: IncidentNotice, troubled: readonly NoticeMember[]): readonly Part[] {
  const { language } = notice
  const explained = new Set(causesOf(notice).flatMap(({ loadBalancers }) => loadBalancers))
  // What was known of a CLB that cannot be read now has a line of its own.
  const open = troubled.filter(({ id, lastReadable }) => !explained.has(id) && lastReadable === undefined)
  if (open.length === 0) return []
  const params = { count: open.length, names: namesOf(open, MOST_NAMED_OF_CAUSE, language) }
  return [
    { ...plainPart('open', t(WORDS.noCause, params, language), 4), label: TEXTS.summary.open[language] },
  ]
}

/** Ten by name, those that joined first. The page of the incident has all of them. */
function membersPart(notice: IncidentNotice): Part {
  const { members, change, language } = notice
  const sick = sickIn(notice)
  const shown = sick.length === 0 ? members : sick
  const joined = new Set(change.joined)
  const sorted = [...shown.filter(({ id }) => joined.has(id)), ...shown.filter(({ id }) => !joined.has(id))]
  const names = namesOf(sorted, MOST_NAMED, language)
  return { ...plainPart('members', names, 3.5), label: WORDS.members[language] }
}
