import type { Language } from '../model/language.ts'
import type { NotReached, Scan, ScanGap } from '../model/scan.ts'
import { enumerated, mark, t, timeFor, withAside } from '../text/index.ts'
import type { ListItem, Paragraph, Report, Section, Tone } from './blocks.ts'
import { clbName, hasSomething, isSick, rowsTable, TONES } from './scan-rows.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'

/** Texts for the CLBs without findings. `all`: no CLB has any; the headline already says that all are healthy. */
const CLEAN = { some: ['clean', 'cleanSoFar'], all: ['nothing', 'nothingSoFar'] } as const
const MOST_NOT_REACHED = 20
const MOST_NAMED = 3
const MOST_GAPS = 3

/**
 * Makes the report of a scan. The ranks decide what a chat message keeps longest, in this order: the title, regions not
 * read, CLBs not reached, the number of healthy CLBs, gaps, then the other CLBs, the worst first.
 */
export function scanReport(scan: Scan): Report {
  const { language, regions, gaps, notReached, stats } = scan
  const listing = mark('listComma', language)
  const told = scan.loadBalancers.filter(hasSomething)
  const unsupported = regions.filter(({ state }) => state === 'unsupported')
  const grants = [...new Set(gaps.flatMap(({ grant }) => grant ?? []))].sort()
  return {
    language,
    subject: t(TEXTS.scan.title, {}, language),
    title: {
      tone: toneOf(scan),
      state: stateOf(scan),
      name: t(TEXTS.scan.title, {}, language),
      brief: { rank: 0, items: 0, most: 80 },
    },
    preheader: scan.headline,
    summary: [
      { kind: 'part', topic: 'impact', text: scan.headline, brief: { rank: 0, items: 1, most: 400 } },
    ],
    place: '',
    details: [
      ...(told.length > 0 ? [rowsTable(told, regions.length - unsupported.length > 1, language)] : []),
      ...cleanOf(scan, told.length),
      ...notReachedOf(notReached, language),
      ...unreadRegionsOf(scan),
      ...gapsOf(gaps.filter(isOfFacts), language),
      ...paragraph(
        'grant',
        grants.length > 0 ? t(TEXTS.scan.grant, { actions: grants.join(listing) }, language) : '',
      ),
      ...paragraph(
        'unsupported',
        unsupported.length > 0
          ? t(
              TEXTS.scan.unsupported,
              { regions: unsupported.map(({ region }) => region).join(listing) },
              language,
            )
          : '',
      ),
    ],
    foot: {
      lines: told.length > 0 ? [t(TEXTS.scan.detail, {}, language)] : [],
      id: scan.id,
      cost: t(
        TEXTS.scan.cost,
        { calls: stats.apiCalls, seconds: (stats.durationMs / 1000).toFixed(1) },
        language,
      ),
      createdAt: timeFor(scan.createdAt, language, scan.timeZone),
      brief: { rank: 4, items: 0, most: 300 },
    },
    isWide: true,
    omitted: (count) => t(TEXTS.words.omitted, { count }, language),
    omittedRows: (count) => t(TEXTS.scan.omitted, { count }, language),
  }
}

/** The worst row decides. If nobody has to act, the colour is that of the verdict. */
function toneOf({ loadBalancers, verdict }: Scan): Tone {
  const sick = loadBalancers.filter(isSick)
  if (sick.length === 0) return TONES[verdict]
  const isUrgent = sick.some((row) => (row.attention ?? row.verdict) === 'act-now' || row.verdict === 'down')
  return isUrgent ? 'red' : 'amber'
}

function stateOf({ loadBalancers, verdict, language }: Scan): string {
  const count = loadBalancers.filter(isSick).length
  return count > 0 ? t(TEXTS.scan.sick, { count }, language) : TEXTS.verdicts[verdict][language]
}

const paragraph = (topic: 'grant' | 'unsupported', text: string): readonly Paragraph[] =>
  text === ''
    ? []
    : [
        {
          kind: 'paragraph',
          topic,
          text,
          style: 'small',
          isJoined: topic === 'grant',
          brief: { rank: topic === 'grant' ? 6 : 4, items: 1, most: 300 },
        },
      ]

/** A sentence with the number of healthy CLBs without findings. */
function cleanOf({ loadBalancers, gaps, ended, language }: Scan, told: number): readonly Paragraph[] {
  const count = loadBalancers.length - told
  if (count === 0) return []
  const isWhole = !gaps.some(isOfFacts) && ended === 'complete'
  const text = t(TEXTS.scan[CLEAN[told > 0 ? 'some' : 'all'][isWhole ? 0 : 1]], { count }, language)
  return [{ kind: 'paragraph', topic: 'clean', text, style: 'plain', brief: { rank: 3, items: 1 } }]
}

/** The region already gives the reason, so the list of an unread region is not shown as a gap again. */
const isOfFacts = ({ action, loadBalancers }: ScanGap): boolean =>
  action !== 'clb:DescribeLoadBalancers' || loadBalancers > 0

function unreadRegionsOf({ regions, language }: Scan): readonly Section[] {
  const byReason = new Map<string, string[]>()
  for (const { region, state, why = '' } of regions)
    if (state === 'unread') byReason.set(why, [...(byReason.get(why) ?? []), region])
  if (byReason.size === 0) return []
  const items = [...byReason].map(([why, names]): ListItem => {
    const text = `${enumerated(names, language)}${mark('colon', language)}${why}`
    return { text, brief: { rank: 1, items: 1, most: 600 } }
  })
  return [
    {
      kind: 'section',
      topic: 'unread-regions',
      heading: { text: t(TEXTS.scan.regionsUnread, {}, language) },
      blocks: [{ kind: 'list', isBulleted: false, items }],
    },
  ]
}

function gapsOf(gaps: readonly ScanGap[], language: Language): readonly Section[] {
  if (gaps.length === 0) return []
  const items = gaps.map(({ what, why, loadBalancers }, i): ListItem => {
    const concerns = loadBalancers > 0 ? t(TEXTS.scan.concerns, { count: loadBalancers }, language) : ''
    const tail = concerns === '' ? '' : withAside('', concerns, language)
    const text = `${what}${mark('colon', language)}${why}${tail}`
    return i < MOST_GAPS ? { text, isPlain: true, brief: { rank: 5 + i, items: 1, most: 240 } } : { text }
  })
  const more = gaps.length - MOST_GAPS
  const rest: Paragraph = {
    kind: 'paragraph',
    text: t(TEXTS.scan.moreGaps, { count: more }, language),
    style: 'small',
    brief: { rank: 8, items: more, most: 300 },
  }
  return [
    {
      kind: 'section',
      topic: 'gaps',
      heading: { text: t(TEXTS.scan.gaps, {}, language) },
      blocks: [{ kind: 'list', isBulleted: true, items, ...(more > 0 ? { rest } : {}) }],
    },
  ]
}

/** How many CLBs were not reached, then those with known Dead backends. A chat shows both in one line. */
function notReachedOf(notReached: readonly NotReached[], language: Language): readonly Section[] {
  const count = notReached.length
  if (count === 0) return []
  const dead = notReached.filter((one) => (one.dead ?? 0) > 0)
  const more = dead.length - MOST_NOT_REACHED
  const lines =
    dead.length === 0
      ? []
      : [
          t(TEXTS.scan.notReachedDead, { count: dead.length }, language),
          ...dead.slice(0, MOST_NOT_REACHED).map((one) => `${clbName(one)} · ${one.region}`),
          ...(more > 0 ? [t(TEXTS.scan.notReachedMore, { count: more }, language)] : []),
        ]
  const names = some(
    dead.map(({ id }) => id),
    MOST_NAMED,
    language,
  )
  const heading = t(TEXTS.scan.notReached, { count }, language)
  const inALine = [
    `${heading}${mark('stop', language)}`,
    ...(dead.length > 0 ? [t(TEXTS.scan.notReachedSome, { count: dead.length, names }, language)] : []),
  ].join(mark('gap', language))
  const rest: Paragraph = {
    kind: 'paragraph',
    text: inALine,
    style: 'plain',
    brief: { rank: 2, items: 1 },
  }
  return [
    {
      kind: 'section',
      topic: 'not-reached',
      heading: { text: heading },
      blocks: [{ kind: 'list', isBulleted: false, items: lines.map((text) => ({ text })), rest }],
    },
  ]
}
