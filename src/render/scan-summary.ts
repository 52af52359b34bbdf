import type { Fix } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { REQUESTS_ORDER } from '../model/requests.ts'
import {
  type Scan,
  type ScanCause,
  type ScanFix,
  type ScanGap,
  type ScanRow,
  thingKey,
} from '../model/scan.ts'
import { enumerated, mark, semicolons, sentences, t, withAside } from '../text/index.ts'
import type { Part } from './blocks.ts'
import { reasonOf } from './reason.ts'
import { clbName, isSick, shortName } from './scan-rows.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'

// The summary of a scan: impact, causes, the one change that mends most, what is still open, numbers. A chat message
// shows nothing else.

const WORDS = TEXTS.scan
const MOST_NAMED = 4
/** Causes before the action. The others follow it. */
const MOST_FIRST = 3
const MOST_CAUSES = 10
const MOST_GAPS = 3
/** Longer lists of sources are cut in the text of a fix. */
const MOST_SOURCES = 6

export function scanSummary(scan: Scan): readonly Part[] {
  const { language, ended } = scan
  const sick = scan.loadBalancers.filter(isSick)
  const causes = causesShown(scan)
  const lines = causes.map((cause, i) => causePart(cause, i, causes.length, scan))
  const isLeft = scan.causes.length > causes.length
  return [
    impactPart(scan, sick),
    ...lines.slice(0, MOST_FIRST),
    ...actionPart(scan, causes, sick),
    ...lines.slice(MOST_FIRST),
    ...(isLeft
      ? [plain(t(WORDS.moreCauses, { count: scan.causes.length - causes.length }, language), 19)]
      : []),
    ...openPart(scan),
    ...unreadParts(scan),
    ...(sick.length > 0 && ended !== 'stopped'
      ? [{ ...plain(scan.headline, 5), label: WORDS.sum[language] }]
      : []),
  ]
}

const plain = (text: string, rank: number): Part => ({
  kind: 'part',
  topic: 'also',
  text,
  brief: { rank, items: 1, most: 400 },
})

/** The causes that the summary shows and numbers. Those of CLBs on which somebody has to act come first. */
export function causesShown({ causes, loadBalancers }: Scan): readonly ScanCause[] {
  const sick = new Set(loadBalancers.filter(isSick).map(({ id }) => id))
  const urgent = (cause: ScanCause): number => cause.loadBalancers.filter((id) => sick.has(id)).length
  return causes.toSorted((a, b) => urgent(b) - urgent(a)).slice(0, MOST_CAUSES)
}

/** `原因 2（确定）`, without the number if there is one cause. */
export function causeLabel(cause: ScanCause, i: number, count: number, language: Language): string {
  const role = TEXTS.roles.cause[language]
  const label = count === 1 ? role : t(WORDS.numbered, { label: role, number: i + 1 }, language)
  return withAside(label, TEXTS.certainties[cause.certainty][language], language)
}

function impactPart(scan: Scan, sick: readonly ScanRow[]): Part {
  const { loadBalancers, language } = scan
  const told = REQUESTS_ORDER.flatMap((kind) => {
    const count = sick.filter(({ requests }) => requests === kind).length
    return count > 0 ? [t(WORDS.requests[kind], { count }, language)] : []
  })
  const healthy = loadBalancers.filter((row) => row.verdict === 'healthy' && !isSick(row)).length
  const rest = healthy > 0 ? [t(WORDS.rest, { count: healthy }, language)] : []
  return {
    kind: 'part',
    topic: 'impact',
    label: TEXTS.impact.label[language],
    text: sick.length === 0 ? wellText(scan) : semicolons([...told, ...rest], language),
    brief: { rank: 1, items: 1 },
  }
}

/** If nobody has to act. The headline counts the others. */
function wellText({ verdict, headline, counts, language }: Scan): string {
  const { healthy, nothingToCheck, found, atRisk } = counts
  if (verdict !== 'healthy' || found === 0 || atRisk > 0) return headline
  if (healthy === 0) return t(WORDS.idleWhy, {}, language)
  const idle = nothingToCheck > 0 ? [t(WORDS.idle, { count: nothingToCheck }, language)] : []
  return semicolons([t(WORDS.well, { count: healthy }, language), ...idle], language)
}

function causePart(cause: ScanCause, i: number, count: number, scan: Scan): Part {
  const { language, loadBalancers } = scan
  const { title, quote } = cause
  const ids = new Set(cause.loadBalancers)
  const names = namesOf(
    loadBalancers.filter(({ id }) => ids.has(id)),
    language,
  )
  const quotes = i === 0 && quote !== undefined ? [quote] : []
  return {
    kind: 'part',
    topic: 'cause',
    label: causeLabel(cause, i, count, language),
    text: count === 1 ? title : t(WORDS.of, { title, names }, language),
    quotes: count === 1 ? [...quotes, names] : quotes,
    brief: { rank: i < MOST_FIRST ? 2 + i / 10 : 10 + i, items: 1 },
  }
}

/** One thing decides for all of them, and nothing else does for any. */
export function isOneCause(causes: readonly ScanCause[], ids: readonly string[]): boolean {
  const all = new Set(ids)
  const own = causes.filter(({ loadBalancers }) => loadBalancers.some((id) => all.has(id)))
  const told = new Set(own.flatMap(({ loadBalancers }) => loadBalancers))
  return new Set(own.map(thingKey)).size === 1 && ids.every((id) => told.has(id))
}

/** One CLB with its id, several by their names. */
function namesOf(rows: readonly ScanRow[], language: Language): string {
  const [only, ...others] = rows
  if (only && others.length === 0) return clbName(only)
  return some(rows.map(shortName), MOST_NAMED, language)
}

/** The change that brings the most CLBs back. */
export function bestFix(causes: readonly ScanCause[]): ScanFix | null {
  const all = causes.flatMap(({ fixes }) => fixes)
  return all.toSorted((a, b) => b.recovers - a.recovers || b.loadBalancers - a.loadBalancers)[0] ?? null
}

function actionPart(
  { language }: Scan,
  causes: readonly ScanCause[],
  sick: readonly ScanRow[],
): readonly Part[] {
  const fix = bestFix(causes)
  const part = (own: Pick<Part, 'text' | 'quotes' | 'steps'>): readonly Part[] => [
    {
      kind: 'part',
      topic: 'action',
      label: TEXTS.summary.action[language],
      ...own,
      brief: { rank: 3, items: 1 },
    },
  ]
  if (fix) {
    const { widens } = fix
    const proof = proofOf(fix, language)
    return part({
      text: proof === '' ? fix.summary : withAside(fix.summary, proof, language),
      quotes: widens === undefined ? [] : [t(TEXTS.summary.affects, { text: widens }, language)],
    })
  }
  const [first] = sick
  if (!first) return []
  const line = `clb-doctor diagnose ${first.id} --region ${first.region}`
  const step = {
    text: '',
    asides: [],
    commands: [{ kind: 'code', language: 'shell', lines: [line] }],
  } as const
  return part({ text: t(WORDS.look, {}, language), steps: [step] })
}

/** What the evaluation says of a change. Nobody has run it. */
export function proofOf(
  { kind, verified, recovers }: Pick<ScanFix, 'verified' | 'recovers'> & Pick<Fix, 'kind'>,
  language: Language,
): string {
  if (verified)
    return recovers > 0 ? t(WORDS.recovers, { count: recovers }, language) : TEXTS.summary.provenHop[language]
  return kind === 'open' || kind === 'undo' ? TEXTS.summary.unsure[language] : ''
}

/** All sources of a change for several CLBs, if its text cannot hold them. */
export const sourcesOf = (fix: ScanFix | null): readonly string[] =>
  fix?.from && fix.from.length > MOST_SOURCES ? fix.from : []

/** CLBs without a cause, with the reason of the first. */
function openPart({ loadBalancers, causes, language }: Scan): readonly Part[] {
  const explained = new Set(causes.flatMap((cause) => cause.loadBalancers))
  const open = loadBalancers.filter(
    (row) =>
      row.nothingToCheck === undefined &&
      (isSick(row) || row.verdict === 'inconclusive') &&
      !explained.has(row.id),
  )
  const [first] = open
  if (!first) return []
  const text = t(WORDS.noCause, { count: open.length, names: namesOf(open, language) }, language)
  return [
    {
      kind: 'part',
      topic: 'open',
      label: TEXTS.summary.open[language],
      text,
      quotes: [reasonOf(first.headline, first)],
      brief: { rank: 4, items: 1 },
    },
  ]
}

/** The region already gives the reason, so the list of an unread region is not shown as a gap again. */
const isOfFacts = ({ action, loadBalancers }: ScanGap): boolean =>
  action !== 'clb:DescribeLoadBalancers' || loadBalancers > 0

/** Everything unread, each with the reason: regions, CLBs that were not reached, facts, and what to grant. */
function unreadParts(scan: Scan): readonly Part[] {
  const { gaps, language } = scan
  const facts = gaps.filter(isOfFacts)
  const more = facts.length - MOST_GAPS
  // A line about a fact names what to grant for it.
  const hidden = gaps.filter((gap) => !facts.slice(0, MOST_GAPS).includes(gap))
  const grants = [...new Set(hidden.flatMap(({ grant }) => grant ?? []))].sort()
  const lines = [
    ...unreadRegions(scan),
    ...notReachedLine(scan),
    ...facts.slice(0, MOST_GAPS).map((gap) => gapLine(gap, language)),
    ...(more > 0 ? [t(TEXTS.summary.more, { count: more }, language)] : []),
    ...(grants.length > 0 ? [t(WORDS.grant, { actions: enumerated(grants, language) }, language)] : []),
  ]
  return lines.map((text, i) => ({
    kind: 'part',
    topic: 'open',
    ...(i === 0 ? { label: TEXTS.summary.unread[language] } : {}),
    text,
    brief: { rank: 6 + i / 100, items: 1, most: 400 },
  }))
}

function gapLine({ what, why, loadBalancers }: ScanGap, language: Language): string {
  const text = `${what}${mark('colon', language)}${why}`
  const concerns = t(WORDS.concerns, { count: loadBalancers }, language)
  return loadBalancers > 0 ? withAside(text, concerns, language) : text
}

/** Regions with the same reason are one line. */
function unreadRegions({ regions, language }: Scan): readonly string[] {
  const byReason = new Map<string, string[]>()
  for (const { region, state, why = '' } of regions)
    if (state === 'unread') byReason.set(why, [...(byReason.get(why) ?? []), region])
  return [...byReason].map(([why, names]) => `${enumerated(names, language)}${mark('colon', language)}${why}`)
}

/** How many CLBs were not reached, and which of them are known to have Dead backends. */
function notReachedLine({ notReached, language }: Scan): readonly string[] {
  const count = notReached.length
  if (count === 0) return []
  const dead = notReached.filter((one) => (one.dead ?? 0) > 0)
  const names = some(
    dead.map(({ id }) => id),
    MOST_NAMED - 1,
    language,
  )
  const lines = [
    `${t(WORDS.notReached, { count }, language)}${mark('stop', language).trimEnd()}`,
    ...(dead.length > 0 ? [t(WORDS.notReachedSome, { count: dead.length, names }, language)] : []),
  ]
  return [sentences(lines, language)]
}
