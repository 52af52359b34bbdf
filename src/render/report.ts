import { informsOnly } from '../model/actions/index.ts'
import {
  type Diagnosis,
  type Finding,
  type Gap,
  isCause,
  isExpectedCause,
  isReason,
} from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { unjudgedIn } from '../model/unjudged.ts'
import { clauses, mark, t, timeFor } from '../text/index.ts'
import { indexBackends } from './backends.ts'
import type { Block, ListItem, Paragraph, Report, Section, Title } from './blocks.ts'
import { findingSection, type Standing } from './findings.ts'
import { poolSection } from './pools.ts'
import { TEXTS } from './texts.ts'
import { TONES } from './tones.ts'
import { stateOf, trafficOf } from './traffic.ts'

/** The lines about traffic already say this. */
const SAID_AS_TRAFFIC = 'all-backends-down/fallback-active'

/**
 * Makes the report of a diagnosis. The ranks decide what a chat message keeps longest, in this order: the title, the
 * first cause and its fix, backends and traffic, gaps, further causes, other findings, steps by hand, the id.
 */
export function diagnosisReport(diagnosis: Diagnosis): Report {
  const language = diagnosis.language ?? 'zh-CN'
  const { findings, stats } = diagnosis
  const words = { language, backends: indexBackends(diagnosis.pools), changes: diagnosis.changes }
  const section = (finding: Finding, standing: Standing): Section => findingSection(finding, standing, words)
  const causes = findings.filter(isCause)
  const expected = findings.filter(isExpectedCause)
  const others = findings.filter((finding) => !isCause(finding) && !isExpectedCause(finding))
  const told = others.filter(({ code }) => code !== SAID_AS_TRAFFIC)
  const ranks = new Map(told.map((finding, i) => [finding, 20 + i]))
  const isUncaused = causes.length + expected.length === 0
  const otherSections = [
    ...expected.map((finding, i) =>
      section(finding, {
        topic: 'expected',
        rank: causes.length + i === 0 ? 2 : 15 + i,
        isExplained: false,
      }),
    ),
    ...others.map((finding) =>
      section(finding, {
        topic: 'other',
        rank: ranks.get(finding) ?? null,
        // If there is no cause, a risk is the next best thing to act on.
        isExplained: isUncaused && finding.role !== 'note',
      }),
    ),
  ]
  const omitted = (count: number): string => t(TEXTS.words.omitted, { count }, language)
  const checks = diagnosis.checks.map(({ check, outcome }) => `${check}=${outcome}`).join(' ')
  return {
    language,
    subject: subjectOf(diagnosis, language),
    title: titleOf(diagnosis, language),
    headline: {
      text: diagnosis.headline,
      ...(causes.length === 0 ? { brief: { rank: 1, items: 1, most: 400 } } : {}),
    },
    blocks: [
      ...causes.map((finding, i) =>
        // The first cause and its fix come first. The other causes follow the sections about all backends.
        section(finding, { topic: 'cause', rank: i === 0 ? 1 : 10 + i, isExplained: true }),
      ),
      ...unexplainedOf(diagnosis, language),
      ...listOf(
        'traffic',
        false,
        trafficOf(diagnosis, language).map((text, i) => ({
          text,
          brief: { rank: i === 0 ? 4 : 10 + i, items: 1 },
        })),
        language,
      ),
      ...diagnosis.pools.map((pool, i) => poolSection(pool, i === 0 ? 3 : 9 + i, language)),
      ...groupOf('others', otherSections, language),
      // If nothing was read, the headline already says why.
      ...listOf(
        'gaps',
        true,
        diagnosis.gaps
          .filter(({ why }) => why !== diagnosis.headline)
          .map((gap, i) => gapItem(gap, i, language)),
        language,
      ),
    ],
    foot: {
      lines: checks === '' ? [] : [`${TEXTS.words.checks[language]}${mark('colon', language)}${checks}`],
      id: diagnosis.id,
      cost: t(
        TEXTS.words.cost,
        {
          calls: stats.apiCalls,
          waves: stats.waves ?? 0,
          ms: Math.round(stats.durationMs),
        },
        language,
      ),
      createdAt: timeFor(diagnosis.createdAt, language),
      brief: { rank: 60, items: 0 },
    },
    isWide: false,
    omitted,
    omittedRows: omitted,
  }
}

const groupOf = (
  topic: 'others' | 'traffic' | 'gaps',
  blocks: readonly Block[],
  language: Language,
): readonly Section[] =>
  blocks.length === 0
    ? []
    : [{ kind: 'section', topic, heading: { text: t(TEXTS.words[topic], {}, language) }, blocks }]

const listOf = (
  topic: 'traffic' | 'gaps',
  isBulleted: boolean,
  items: readonly ListItem[],
  language: Language,
): readonly Section[] =>
  items.length === 0 ? [] : groupOf(topic, [{ kind: 'list', isBulleted, items }], language)

function gapItem({ what, why, byHand = [] }: Gap, i: number, language: Language): ListItem {
  return {
    text: `${what}${mark('colon', language)}${why}`,
    brief: { rank: 5 + i, items: 1 },
    ...(byHand.length === 0
      ? {}
      : {
          steps: {
            label: `${t(TEXTS.words.byHand, {}, language)}${mark('colon', language)}`,
            lines: byHand,
            rank: 30 + i,
          },
        }),
  }
}

function titleOf(diagnosis: Diagnosis, language: Language): Title {
  const clb = diagnosis.loadBalancer
  const where = clb ? [clb.id, clb.region, ...clb.vips] : namedBy(diagnosis)
  const alarm = alarmLine(diagnosis, language)
  return {
    tone: TONES[diagnosis.verdict],
    state: stateOf(diagnosis)[language],
    name: nameOf(diagnosis, language),
    context: [
      { text: where.filter((part) => part !== '').join(' · '), most: 160 },
      { text: alarm ?? '', most: 80 },
    ].filter(({ text }) => text !== ''),
    brief: { rank: 0, items: 1, most: 80 },
  }
}

function nameOf(diagnosis: Diagnosis, language: Language): string {
  const clb = diagnosis.loadBalancer
  if (!clb) return namedBy(diagnosis)[0] ?? t(TEXTS.words.unknownClb, {}, language)
  return clb.name ? `${clb.name} (${clb.id})` : clb.id
}

function subjectOf(diagnosis: Diagnosis, language: Language): string {
  const clb = diagnosis.loadBalancer
  if (!clb) return nameOf(diagnosis, language)
  const region = clb.region ? ` (${clb.region})` : ''
  return `${clb.id}${clb.name ? ` ${clb.name}` : ''}${region}`
}

/** The VIP, VPC and region that the alarm gives for a CLB that was not found. */
const namedBy = ({ trigger: { alarm } }: Pick<Diagnosis, 'trigger'>): readonly string[] =>
  alarm ? [alarm.clb.vip, alarm.clb.vpcId, alarm.region].filter((part) => part !== null) : []

/** If a backend is Dead and no cause was found: says why not. */
function unexplainedOf(diagnosis: Diagnosis, language: Language): readonly Paragraph[] {
  const { findings, gaps, pools } = diagnosis
  if (findings.some(isReason) || !pools.some(({ counts }) => counts.dead > 0)) return []
  const isUnread = ({ action = '', errorCode }: Gap): boolean =>
    errorCode !== undefined && !informsOnly(action)
  const subjects = unjudgedIn(diagnosis).map(({ subject }) => subject)
  const word = gaps.some(isUnread) ? 'noCauseYet' : subjects.length > 0 ? 'noCauseUnjudged' : 'noCause'
  const text = t(TEXTS.words[word], { subjects }, language)
  return [{ kind: 'paragraph', topic: 'unexplained', text, style: 'strong' }]
}

function alarmLine({ trigger, verdict }: Diagnosis, language: Language): string | null {
  const alarm = trigger.alarm
  if (!alarm) return null
  const isOver = verdict === 'healthy' && alarm.state === 'firing'
  const state = t(
    TEXTS.words[alarm.state === 'resolved' ? 'recovered' : isOver ? 'fired' : 'firing'],
    {},
    language,
  )
  const since =
    alarm.firstOccurredAt === null
      ? []
      : [t(TEXTS.words.since, { time: timeFor(alarm.firstOccurredAt, language) }, language)]
  const line = clauses([state, ...since], language)
  return isOver ? `${line}${t(TEXTS.words.healthyNow, {}, language)}` : line
}
