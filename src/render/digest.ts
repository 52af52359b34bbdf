import { ATTENTION_ORDER } from '../model/diagnosis.ts'
import type { Digest, IncidentNotice } from '../model/incident.ts'
import type { Language } from '../model/language.ts'
import { clockFor, lengthOf, mark, minuteFor, semicolons, t, timeFor, zonedMinuteFor } from '../text/index.ts'
import type { Block, Part, Report, Section } from './blocks.ts'
import { lastReadableText } from './last-readable.ts'
import { namesOf } from './names.ts'
import { isRecovery, sickIn } from './news.ts'
import { shortLines } from './short-lines.ts'
import { TEXTS } from './texts.ts'

// The report of several incidents at once: a line of what each is, and a line of what to do, those that need a person
// most first.

const WORDS = TEXTS.digest
const MOST_INCIDENTS = 100
const MOST_NAMED = 3
/** In characters. A line of what to do is shown whole or not at all, since half of it could say the opposite. */
const LONGEST = { line: 200, action: 260 } as const

interface Item {
  readonly notice: IncidentNotice
  readonly report: Report
  readonly needsPerson: boolean
}

/** @param reportOf makes the report of one incident, whose title, cause and action the lines repeat */
export function digestReport(digest: Digest, reportOf: (notice: IncidentNotice) => Report): Report {
  const { id, createdAt, language, timeZone } = digest
  const items = digest.notices
    .toSorted((a, b) => placeIn(a) - placeIn(b))
    .map((notice) => ({ notice, report: reportOf(notice), needsPerson: needsPerson(notice) }))
  const shown = items.slice(0, MOST_INCIDENTS)
  const state = t(WORDS.title, { count: items.length }, language)
  const why = whyText(digest)
  return {
    language,
    subject: state,
    ...shortLines({ state, name: '' }, why, language),
    title: {
      tone: items[0]?.report.title.tone ?? 'green',
      state,
      name: '',
      brief: { rank: 0, items: 0 },
    },
    summary: [
      { kind: 'part', topic: 'news', text: why, brief: { rank: 0.5, items: 0 } },
      ...shown.flatMap((item, i) => itemParts(item, i, language)),
      ...restParts(items.length - shown.length, language),
    ],
    details: shown.map(({ report }) => sectionOf(report)),
    place: [id, clockFor(createdAt, language, timeZone)].join(' · '),
    foot: {
      lines: [],
      id,
      cost: '',
      createdAt: timeFor(createdAt, language, timeZone),
      brief: { rank: 0.6, items: 0 },
    },
    isWide: false,
    omitted: (count) => t(WORDS.omitted, { count }, language),
    omittedRows: (count) => t(TEXTS.words.omitted, { count }, language),
  }
}

/** What is over needs nobody, whatever its last diagnosis says. */
function placeIn(notice: IncidentNotice): number {
  const isOver = isRecovery(notice) || sickIn(notice).length === 0
  return isOver ? ATTENTION_ORDER.length : ATTENTION_ORDER.indexOf(notice.incident.attention)
}

const needsPerson = (notice: IncidentNotice): boolean => placeIn(notice) < ATTENTION_ORDER.indexOf('watch')

function whyText({ why, since, createdAt, language, timeZone }: Digest): string {
  const until = zonedMinuteFor(createdAt, createdAt, language, timeZone)
  return why === 'away'
    ? t(WORDS.away, { since: minuteFor(since, createdAt, language, timeZone), until }, language)
    : t(WORDS.limit, { since: zonedMinuteFor(since, createdAt, language, timeZone) }, language)
}

/** Lines of incidents that need a person are dropped last, and none before a line of what needs nobody. */
function itemParts({ notice, report, needsPerson }: Item, i: number, language: Language): readonly Part[] {
  const rank = (needsPerson ? 1 : 3) + i / 1_000
  const name = nameOf(notice, report)
  const { pages } = notice
  const action = needsPerson ? actionOf(notice, report) : null
  return [
    {
      kind: 'part',
      topic: 'incident',
      label: report.title.state,
      tone: report.title.tone,
      text: t(WORDS.of, { name, cause: causeOf(notice, report) }, language),
      ...(pages ? { link: { text: name, url: pages.incident, isFirst: true } } : {}),
      brief: { rank, items: 1, most: LONGEST.line, isOrdered: true, incident: notice.incident.id },
    },
    ...(action === null
      ? []
      : [
          {
            kind: 'part',
            topic: 'action',
            text: t(WORDS.action, { action }, language),
            brief: { rank: rank + 1, items: 0, isOrdered: true },
          } as const,
        ]),
  ]
}

/** One CLB as its report names it, several by their first names. */
const nameOf = ({ members, language }: IncidentNotice, { title }: Report): string =>
  (members.length > 1 && title.name === '' ? namesOf(members, MOST_NAMED, language) : title.name).trim()

function causeOf(notice: IncidentNotice, { summary }: Report): string {
  const { durationSeconds, language } = notice
  if (isRecovery(notice) && durationSeconds !== null)
    return t(WORDS.lasted, { length: lengthOf(durationSeconds) }, language)
  const [only, ...more] = sickIn(notice)
  const { lastReadable, verdict } = only ?? {}
  if (lastReadable && verdict && more.length === 0) return lastReadableText({ verdict, lastReadable }, notice)
  const causes = summary.filter(({ topic }) => topic === 'cause').map(({ bare, text }) => bare ?? text)
  const impact = summary.find(({ topic }) => topic === 'impact')?.text
  const [first = impact ?? WORDS.noCause[language], ...others] = causes
  return others.length === 0
    ? first
    : semicolons([first, t(TEXTS.several.moreCauses, { count: others.length }, language)], language)
}

/** The first way to mend it. */
function actionOf({ pages, lead, language }: IncidentNotice, { summary }: Report): string | null {
  const action = summary.find(({ topic }) => topic === 'action')
  if (!action) return null
  const [first, ...others] = action.steps ?? []
  const text = others.length > 0 && first ? first.text : action.text || (first?.text ?? '')
  if (text === '') return null
  if (text.length <= LONGEST.action) return text
  const id = lead.loadBalancer?.id ?? ''
  return pages || id === '' ? WORDS.detail[language] : `clb-doctor diagnose ${id}`
}

const restParts = (count: number, language: Language): readonly Part[] =>
  count <= 0
    ? []
    : [
        {
          kind: 'part',
          topic: 'also',
          text: t(WORDS.others, { count }, language),
          brief: { rank: 0.7, items: 0 },
        },
      ]

/** The summary of an incident for pages and mails, which have room for it. */
function sectionOf({ title, summary, language }: Report): Section {
  const lines = summary.flatMap(({ label, text, quotes = [], steps = [] }) => {
    const lead = label === undefined || text === '' ? '' : `${label}${mark('colon', language)}`
    return [...(text === '' ? [] : [`${lead}${text}`]), ...quotes, ...steps.map((step) => step.text)]
  })
  const items = lines.filter((line) => line !== '').map((text) => ({ text }))
  const blocks: readonly Block[] = items.length > 0 ? [{ kind: 'list', isBulleted: true, items }] : []
  const heading = title.name === '' ? { text: title.state } : { label: title.state, text: title.name }
  return { kind: 'section', topic: 'others', heading, blocks }
}
