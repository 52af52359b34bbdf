import type { Language } from '../model/language.ts'
import type { NotReached, Scan, ScanFinding, ScanRow } from '../model/scan.ts'
import { thingKey } from '../model/scan.ts'
import { clockFor, mark, regionName, t, timeFor, withAside } from '../text/index.ts'
import type { Block, Report, Section, Tone } from './blocks.ts'
import { acceptedLine } from './causes.ts'
import { isSick, isTold, rowsTable, TONES } from './scan-rows.ts'
import { bestFix, causeLabel, causesShown, isOneCause, scanSummary, sourcesOf } from './scan-summary.ts'
import { shortLines } from './short-lines.ts'
import { some } from './some.ts'
import { SAID_AS_IMPACT } from './summary.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.scan
const MOST_NOT_REACHED = 20
const MOST_NOTED = 20
const MOST_REGIONS = 3

/** Makes the report of a scan: the summary, and the table and the rest as details. */
export function scanReport(scan: Scan): Report {
  const { language, stats, createdAt, timeZone } = scan
  const name = t(WORDS.title, {}, language)
  const state = stateOf(scan)
  const summary = scanSummary(scan)
  const isTable = scan.loadBalancers.some(isTold)
  return {
    language,
    // Mail programs keep one thread of all scans, so the subject does not change with the state.
    subject: name,
    title: { tone: toneOf(scan), state, name, brief: { rank: 0, items: 0, most: 80 } },
    ...shortLines({ state, name: '' }, summary[0]?.text ?? '', language),
    summary,
    place: placeOf(scan),
    details: [
      ...(isTable ? [tableOf(scan)] : []),
      ...notReachedOf(scan.notReached, language),
      ...fixesOf(scan),
      ...notedOf(scan),
      ...unsupportedOf(scan),
    ],
    foot: {
      lines: isTable ? [t(WORDS.detail, {}, language)] : [],
      id: scan.id,
      cost: t(WORDS.cost, { calls: stats.apiCalls, seconds: (stats.durationMs / 1000).toFixed(1) }, language),
      createdAt: timeFor(createdAt, language, timeZone),
      brief: { rank: 7, items: 0 },
    },
    isWide: true,
    omitted: (count) => t(TEXTS.words.omitted, { count }, language),
    omittedRows: (count) => t(WORDS.omitted, { count }, language),
  }
}

const isDeciding = ({ nothingToCheck }: ScanRow): boolean => nothingToCheck === undefined

/** The colour follows what a person should feel, as in the report of a diagnosis. Grey: nothing can be told. */
function toneOf({ loadBalancers, verdict }: Scan): Tone {
  const rows = loadBalancers.filter(isDeciding)
  if (rows.some(({ attention }) => attention === 'act-now')) return 'red'
  if (rows.some(isSick)) return 'amber'
  if (verdict === 'inconclusive') return 'grey'
  const isWatched = verdict !== 'healthy' || rows.some(({ attention }) => attention === 'watch')
  return isWatched ? 'amber' : TONES.healthy
}

/** The state in a word, with its number. */
function stateOf(scan: Scan): string {
  const { loadBalancers, verdict, counts, language } = scan
  const sick = loadBalancers.filter(isSick)
  if (sick.length > 0) {
    const state = t(WORDS.sick, { count: sick.length }, language)
    return sick.length > 1 &&
      isOneCause(
        scan.causes,
        sick.map(({ id }) => id),
      )
      ? t(WORDS.sameCause, { state }, language)
      : state
  }
  const troubled = counts.down + counts.degraded
  if (troubled > 0) return t(WORDS.watched, { count: troubled }, language)
  if (verdict !== 'healthy') return TEXTS.verdicts[verdict][language]
  if (counts.atRisk > 0) return t(WORDS.atRisk, { count: counts.atRisk }, language)
  if (counts.healthy > 0) return t(WORDS.healthy, { count: counts.healthy }, language)
  return counts.nothingToCheck > 0
    ? t(WORDS.idle, { count: counts.nothingToCheck }, language)
    : t(WORDS.empty, {}, language)
}

/** `sc-… · 广州、上海 · 查询于 07:01:12` */
function placeOf({ id, regions, createdAt, language, timeZone }: Scan): string {
  const names = regions
    .filter(({ state }) => state !== 'unsupported')
    .map(({ region }) => regionName(region, language))
  const time = t(TEXTS.summary.lookedAt, { time: clockFor(createdAt, language, timeZone) }, language)
  return [id, ...(names.length > 0 ? [some(names, MOST_REGIONS, language)] : []), time].join(' · ')
}

function tableOf(scan: Scan): Block {
  const { loadBalancers, regions, language } = scan
  const told = loadBalancers.filter(isTold)
  const rows = [...told.filter(isSick), ...told.filter((row) => !isSick(row))]
  const isWide = regions.filter(({ state }) => state !== 'unsupported').length > 1
  return rowsTable(rows, { isWide, causes: causesShown(scan), language })
}

const sectionOf = (topic: 'others' | 'not-reached', text: string, blocks: readonly Block[]): Section => ({
  kind: 'section',
  topic,
  heading: { text },
  blocks,
})

const listOf = (lines: readonly string[], isBulleted: boolean): Block => ({
  kind: 'list',
  isBulleted,
  items: lines.map((text) => ({ text })),
})

/** CLBs with known Dead backends that were not reached. The summary says how many there are. */
function notReachedOf(notReached: readonly NotReached[], language: Language): readonly Section[] {
  const dead = notReached.filter((one) => (one.dead ?? 0) > 0)
  if (dead.length === 0) return []
  const more = dead.length - MOST_NOT_REACHED
  const lines = [
    ...dead
      .slice(0, MOST_NOT_REACHED)
      .map(({ id, name, region }) => `${name === '' ? id : `${name} (${id})`} · ${region}`),
    ...(more > 0 ? [t(WORDS.notReachedMore, { count: more }, language)] : []),
  ]
  const heading = t(WORDS.notReachedDead, { count: dead.length }, language)
  return [sectionOf('not-reached', heading, [listOf(lines, false)])]
}

/** The changes for the other causes, and the sources of the first change if its text could not hold them. */
function fixesOf(scan: Scan): readonly Section[] {
  const { language } = scan
  const causes = causesShown(scan)
  const best = bestFix(causes)
  const sources = sourcesOf(best)
  const others = causes.flatMap((cause, i) =>
    cause.fixes
      .filter((fix) => fix !== best)
      .map(({ summary }) =>
        t(WORDS.fixOf, { cause: causeLabel(cause, i, causes.length, language), summary }, language),
      ),
  )
  return [
    ...(sources.length > 0
      ? [
          sectionOf('others', t(WORDS.sources, { count: sources.length }, language), [
            { kind: 'code', language: 'text', lines: sources } as const,
          ]),
        ]
      : []),
    ...(others.length > 0 ? [sectionOf('others', WORDS.fixes[language], [listOf(others, true)])] : []),
  ]
}

/** Findings that are expected, changed lately or only worth knowing: each thing once, however many CLBs have it. */
function notedOf({ loadBalancers, language, timeZone }: Scan): readonly Section[] {
  const found = new Map<string, { readonly finding: ScanFinding; count: number }>()
  for (const { findings } of loadBalancers)
    for (const finding of findings.filter(({ role, code }) => role === 'note' && code !== SAID_AS_IMPACT)) {
      const { accepted } = finding
      const key = [thingKey(finding), finding.title, accepted?.until, accepted?.reason].join(' ')
      const known = found.get(key)
      if (known) known.count += 1
      else found.set(key, { finding, count: 1 })
    }
  const all = [...found.values()].sort(
    (a, b) =>
      Number(b.finding.accepted !== undefined) - Number(a.finding.accepted !== undefined) ||
      b.count - a.count,
  )
  if (all.length === 0) return []
  const more = all.length - MOST_NOTED
  const lines = all.slice(0, MOST_NOTED).map(({ finding: { title, accepted }, count }) => {
    const text = t(WORDS.notedOf, { title, count }, language)
    if (!accepted) return text
    const expected = t(TEXTS.words.accepted, {}, language)
    return `${withAside(text, expected, language)}${mark('comma', language)}${acceptedLine(accepted, language, timeZone)}`
  })
  const rest = more > 0 ? [t(TEXTS.summary.more, { count: more }, language)] : []
  return [sectionOf('others', TEXTS.words.others[language], [listOf([...lines, ...rest], true)])]
}

function unsupportedOf({ regions, language }: Scan): readonly Block[] {
  const names = regions.filter(({ state }) => state === 'unsupported').map(({ region }) => region)
  if (names.length === 0) return []
  const text = t(WORDS.unsupported, { regions: names.join(mark('listComma', language)) }, language)
  return [{ kind: 'paragraph', text, style: 'small' }]
}
