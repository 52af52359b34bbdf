import { ATTENTION_ORDER } from '../model/diagnosis.ts'
import type { IncidentNotice, NoticeMember } from '../model/incident.ts'
import { clockFor, mark, regionName, t, timeFor, withAside } from '../text/index.ts'
import { absentIn } from './absent.ts'
import type { Block, Report, Table, Title } from './blocks.ts'
import { isStateUnread } from './last-readable.ts'
import { noticeLines, sickIn } from './news.ts'
import { diagnosisReport } from './report.ts'
import { clbName, shortName } from './scan-rows.ts'
import { bestFix, sourcesOf } from './scan-summary.ts'
import { causesOf, isJoint, isTroubled, severalSummary } from './several-summary.ts'
import { shortLines } from './short-lines.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'
import { ATTENTION_TONES } from './tones.ts'

// The report of an incident of several CLBs. The proof is that of one of them.

const WORDS = TEXTS.several
const MOST_ROWS = 200
const MOST_REGIONS = 3

export function severalReport(notice: IncidentNotice): Report {
  const { id, incident, createdAt, lead, language, timeZone } = notice
  const title = titleOf(notice)
  const summary = severalSummary(notice)
  const colon = mark('colon', language)
  const impact = summary.find(({ topic }) => topic === 'impact')?.text ?? ''
  const part = summary.find(({ topic }) => topic === 'cause')
  const cause = part?.bare ?? part?.text
  const omitted = (count: number): string => t(TEXTS.words.omitted, { count }, language)
  const base = diagnosisReport(lead)
  return {
    language,
    subject: [title.state, ...(cause === undefined ? [] : [cause])].join(colon),
    ...noticeLines(shortLines(title, impact, language), title, notice),
    title,
    summary,
    details: [...fixesOf(notice), tableOf(notice), ...restOf(notice), ...proofOf(notice, base.details)],
    place: placeOf(notice),
    foot: {
      lines: [],
      id: `${incident.id} · ${id}`,
      cost: '',
      createdAt: timeFor(createdAt, language, timeZone),
      brief: { rank: 7, items: 0 },
    },
    isWide: false,
    omitted,
    omittedRows: (count) => t(TEXTS.scan.omitted, { count }, language),
  }
}

/** The state with its number, in the colour of the CLB that needs a person most. */
function titleOf(notice: IncidentNotice): Title {
  const { members, language, news } = notice
  const sick = sickIn(notice)
  const troubled = members.filter(isTroubled)
  const [only, ...more] = troubled
  const title = (tone: Title['tone'], state: string, name = ''): Title => ({
    tone,
    state,
    name,
    brief: { rank: 0, items: 1, most: 80 },
  })
  const back = members.length - absentIn(notice).length
  if (sick.length === 0 && back === 0)
    return title('green', t(WORDS.absent, { count: members.length }, language))
  if (sick.length === 0 && members.every(({ ending }) => ending === 'unseen'))
    return title('grey', TEXTS.state.unseen[language], t(WORDS.count, { count: members.length }, language))
  if (sick.length === 0) return title('green', t(WORDS.recovered, { count: back }, language))
  const tone = toneOf(sick)
  if (!only) {
    const state = TEXTS.state[news.includes('flapping') ? 'flapping' : 'firingHealthy'][language]
    return title(tone, state, t(WORDS.count, { count: sick.length }, language))
  }
  const isDown = troubled.every(({ verdict }) => verdict === 'down')
  const state = t(WORDS[isDown ? 'down' : 'trouble'], { count: troubled.length }, language)
  if (more.length === 0) return title(tone, state, shortName(only))
  return title(tone, isJoint(notice) ? t(WORDS.sameCause, { state }, language) : state)
}

/** Grey: nothing can be told of any. */
function toneOf(sick: readonly NoticeMember[]): Title['tone'] {
  const worst = ATTENTION_ORDER.find((one) => sick.some(({ attention }) => attention === one))
  const isUnknown = sick.every(({ verdict }) => verdict === 'inconclusive')
  return isUnknown ? 'grey' : ATTENTION_TONES[worst ?? 'watch']
}

/** `in-… · 广州、上海 · 查询于 07:01:12` */
function placeOf({ incident, members, lead, language, timeZone }: IncidentNotice): string {
  const regions = [...new Set(members.map(({ region }) => regionName(region, language)))]
  const time = clockFor(lead.createdAt, language, timeZone)
  return [
    incident.id,
    ...(regions.length > 0 ? [some(regions, MOST_REGIONS, language)] : []),
    t(TEXTS.summary.lookedAt, { time }, language),
  ].join(' · ')
}

/** All CLBs, those that need a person first. */
function tableOf({ members, language }: IncidentNotice): Table {
  const { named, region, backends } = WORDS.names
  const isSame = new Set(members.map((one) => one.region)).size === 1
  return {
    kind: 'table',
    topic: 'load-balancers',
    columns: [
      { head: '' },
      { head: named[language] },
      { head: region[language], isSame },
      { head: backends[language] },
    ],
    rows: members.slice(0, MOST_ROWS).map((member) => ({
      cells: [
        { text: stateOf(member)[language], tone: toneOf([member]) },
        { text: clbName(member), id: member.id },
        { text: member.region },
        { text: isStateUnread(member) ? '—' : t(TEXTS.scan.dead, member.backends, language) },
      ],
      notes: [],
      order: 0,
    })),
  }
}

const restOf = ({ members, language }: IncidentNotice): readonly Block[] =>
  members.length > MOST_ROWS
    ? [
        {
          kind: 'paragraph',
          style: 'small',
          text: t(TEXTS.scan.omitted, { count: members.length - MOST_ROWS }, language),
        },
      ]
    : []

const stateOf = ({ verdict, hasRecovered, absent, ending }: NoticeMember) =>
  hasRecovered
    ? TEXTS.state[absent ?? (ending === 'unseen' ? 'unseen' : 'recovered')]
    : TEXTS.verdicts[verdict]

/** The sources of a change that its text could not hold, and the changes for causes that the summary does not show. */
function fixesOf(notice: IncidentNotice): readonly Block[] {
  const { language } = notice
  const causes = causesOf(notice)
  const best = bestFix(causes)
  const sources = sourcesOf(best)
  const others = causes.flatMap(({ title, fixes }) =>
    fixes
      .filter((fix) => fix !== best)
      .map(({ summary }) => ({ text: t(WORDS.fixOf, { cause: title, summary }, language) })),
  )
  const section = (text: string, block: Block): Block => ({
    kind: 'section',
    topic: 'others',
    heading: { text },
    blocks: [block],
  })
  return [
    ...(sources.length > 0
      ? [
          section(t(TEXTS.scan.sources, { count: sources.length }, language), {
            kind: 'code',
            language: 'text',
            lines: sources,
          }),
        ]
      : []),
    ...(others.length > 0
      ? [section(TEXTS.scan.fixes[language], { kind: 'list', isBulleted: true, items: others })]
      : []),
  ]
}

/** The details of the CLB that needs a person most. */
function proofOf({ lead, language }: IncidentNotice, details: readonly Block[]): readonly Block[] {
  const clb = lead.loadBalancer
  if (!clb || details.length === 0) return []
  const name = clb.name ? withAside(clb.name, clb.id, language) : clb.id
  return [{ kind: 'paragraph', style: 'strong', text: t(WORDS.proof, { name }, language) }, ...details]
}
