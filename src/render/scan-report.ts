import type { Language } from '../model/language.ts'
import type { NotReached, Scan, ScanGap } from '../model/scan.ts'
import { timeFor } from '../text/index.ts'
import type { ListItem, Paragraph, Report, Section } from './blocks.ts'
import { colon, VERDICTS } from './messages.ts'
import { word } from './scan-messages.ts'
import { clbName, hasSomething, rowsTable } from './scan-rows.ts'
import { some } from './some.ts'
import { TONES } from './tones.ts'

/** The headline has said already that all of them are healthy. */
const CLEAN = { some: ['clean', 'cleanSoFar'], all: ['nothing', 'nothingSoFar'] } as const
const MOST_NOT_REACHED = 20
const MOST_NAMED = 3
const MOST_GAPS = 3

/**
 * A scan as blocks. Ranks, of what a chat message drops last: the title, regions that were not read, what was not
 * reached, what is healthy, gaps, then the CLBs, the worst first.
 */
export function scanReport(scan: Scan): Report {
  const { language, regions, gaps, notReached, stats } = scan
  const listing = language === 'en' ? ', ' : '、'
  const told = scan.loadBalancers.filter(hasSomething)
  const unsupported = regions.filter(({ state }) => state === 'unsupported')
  const grants = [...new Set(gaps.flatMap(({ grant }) => grant ?? []))].sort()
  return {
    language,
    subject: word('title', language),
    title: {
      tone: TONES[scan.verdict],
      state: VERDICTS[scan.verdict][language],
      name: word('title', language),
      context: [],
      brief: { rank: 0, items: 0, most: 80 },
    },
    headline: { text: scan.headline, brief: { rank: 0, items: 0, most: 400 } },
    blocks: [
      ...(told.length > 0 ? [rowsTable(told, regions.length - unsupported.length > 1, language)] : []),
      ...cleanOf(scan, told.length),
      ...notReachedOf(notReached, language),
      ...unreadRegionsOf(scan),
      ...gapsOf(gaps.filter(isOfFacts), language),
      ...paragraph(
        'grant',
        grants.length > 0 ? word('grant', language, { actions: grants.join(listing) }) : '',
      ),
      ...paragraph(
        'unsupported',
        unsupported.length > 0
          ? word('unsupported', language, { regions: unsupported.map(({ region }) => region).join(listing) })
          : '',
      ),
    ],
    foot: {
      lines: told.length > 0 ? [word('detail', language)] : [],
      id: scan.id,
      cost: word('cost', language, { calls: stats.apiCalls, seconds: (stats.durationMs / 1000).toFixed(1) }),
      createdAt: timeFor(scan.createdAt, language),
      brief: { rank: 4, items: 0, most: 300 },
    },
    isWide: true,
    omitted: (count) => word('omitted', language, { count }),
  }
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
          brief: { rank: topic === 'grant' ? 6 : 4, items: 0, most: 300 },
        },
      ]

/** How many are healthy with nothing found, in a sentence. */
function cleanOf({ loadBalancers, gaps, ended, language }: Scan, told: number): readonly Paragraph[] {
  const count = loadBalancers.length - told
  if (count === 0) return []
  const isWhole = !gaps.some(isOfFacts) && ended === 'complete'
  const text = word(CLEAN[told > 0 ? 'some' : 'all'][isWhole ? 0 : 1], language, { count })
  return [{ kind: 'paragraph', topic: 'clean', text, style: 'plain', brief: { rank: 3, items: 0 } }]
}

/** The reason stands with the region, so the list of a region that was not read is not a gap of its own. */
const isOfFacts = ({ action, loadBalancers }: ScanGap): boolean =>
  action !== 'clb:DescribeLoadBalancers' || loadBalancers > 0

function unreadRegionsOf({ regions, language }: Scan): readonly Section[] {
  const byReason = new Map<string, string[]>()
  for (const { region, state, why = '' } of regions)
    if (state === 'unread') byReason.set(why, [...(byReason.get(why) ?? []), region])
  if (byReason.size === 0) return []
  const items = [...byReason].map(([why, names]): ListItem => {
    const text = `${names.join(language === 'en' ? ', ' : '、')}${colon(language)}${why}`
    return { text, brief: { rank: 1, items: 0, most: 600 } }
  })
  return [
    {
      kind: 'section',
      topic: 'unread-regions',
      heading: { text: word('regionsUnread', language) },
      blocks: [{ kind: 'list', isBulleted: false, items }],
    },
  ]
}

function gapsOf(gaps: readonly ScanGap[], language: Language): readonly Section[] {
  if (gaps.length === 0) return []
  const items = gaps.map(({ what, why, loadBalancers }, i): ListItem => {
    const concerns = loadBalancers > 0 ? word('concerns', language, { count: loadBalancers }) : ''
    const tail = concerns === '' ? '' : language === 'en' ? ` (${concerns})` : `（${concerns}）`
    const text = `${what}${colon(language)}${why}${tail}`
    return i < MOST_GAPS ? { text, brief: { rank: 5 + i, items: 0, most: 240 } } : { text }
  })
  const more = gaps.length - MOST_GAPS
  const rest: Paragraph = {
    kind: 'paragraph',
    text: word('moreGaps', language, { count: more }),
    style: 'small',
    brief: { rank: 8, items: 0, most: 300 },
  }
  return [
    {
      kind: 'section',
      topic: 'gaps',
      heading: { text: word('gaps', language) },
      blocks: [{ kind: 'list', isBulleted: true, items, ...(more > 0 ? { rest } : {}) }],
    },
  ]
}

/** How many were not reached; below it, those that are known to have Dead backends. A chat has both in a line. */
function notReachedOf(notReached: readonly NotReached[], language: Language): readonly Section[] {
  const count = notReached.length
  if (count === 0) return []
  const dead = notReached.filter((one) => (one.dead ?? 0) > 0)
  const more = dead.length - MOST_NOT_REACHED
  const lines =
    dead.length === 0
      ? []
      : [
          word('notReachedDead', language, { count: dead.length }),
          ...dead.slice(0, MOST_NOT_REACHED).map((one) => `${clbName(one)} · ${one.region}`),
          ...(more > 0 ? [word('notReachedMore', language, { count: more })] : []),
        ]
  const names = some(
    dead.map(({ id }) => id),
    MOST_NAMED,
    language,
  )
  const heading = word('notReached', language, { count })
  const inALine = [
    `${heading}${language === 'en' ? '.' : '。'}`,
    ...(dead.length > 0 ? [word('notReachedSome', language, { count: dead.length, names })] : []),
  ].join(language === 'en' ? ' ' : '')
  const rest: Paragraph = {
    kind: 'paragraph',
    text: inALine,
    style: 'plain',
    brief: { rank: 2, items: 0 },
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
