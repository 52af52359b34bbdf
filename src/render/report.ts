import {
  type Attention,
  type Diagnosis,
  type Finding,
  type Gap,
  isEntry,
  isExpectedCause,
  isOfLookup,
  type Verdict,
} from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { refutedIn } from '../model/refuted.ts'
import { reasonsIn } from '../model/requests.ts'
import { clauses, clockFor, mark, regionName, t, timeFor } from '../text/index.ts'
import { indexBackends } from './backends.ts'
import type { Block, ListItem, Report, Section, Tone } from './blocks.ts'
import { bareCause } from './causes.ts'
import { findingSection, type Standing } from './findings.ts'
import { impactIn } from './impact.ts'
import { poolSection } from './pools.ts'
import { shortLines } from './short-lines.ts'
import { fullFindings, SAID_AS_IMPACT, summaryOf } from './summary.ts'
import { TEXTS } from './texts.ts'
import { ATTENTION_TONES } from './tones.ts'

/** Makes the report of a diagnosis: the summary that everybody reads first, and the details that prove it. */
export function diagnosisReport(diagnosis: Diagnosis): Report {
  const language = diagnosis.language ?? 'zh-CN'
  const { stats, timeZone } = diagnosis
  const impact = impactIn(diagnosis, language)
  const name = nameOf(diagnosis, language)
  const omitted = (count: number): string => t(TEXTS.words.omitted, { count }, language)
  const checks = diagnosis.checks.map(({ check, outcome }) => `${check}=${outcome}`).join(' ')
  const [reason] = reasonsIn(diagnosis)
  const cause = reason ? [bareCause(reason, language)] : []
  const colon = mark('colon', language)
  // An impact that is not known says no more than the state does. Why it is not known says more.
  const why = diagnosis.gaps.find(isOfLookup)?.why
  const said = impact.text !== impact.state ? [impact.text] : why === undefined ? [] : [why]
  return {
    language,
    subject: [`${impact.state} ${name}`, ...cause].join(colon),
    // Later mails of an incident repeat the subject of the first, so this line has the state of now.
    ...shortLines({ state: impact.state, name }, clauses([...cause, ...said], language), language),
    title: { tone: toneOf(diagnosis), state: impact.state, name, brief: { rank: 0, items: 1, most: 80 } },
    summary: summaryOf(diagnosis, impact, language),
    details: detailsOf(diagnosis, language),
    place: placeOf(diagnosis, language),
    foot: {
      lines: checks === '' ? [] : [`${TEXTS.words.checks[language]}${mark('colon', language)}${checks}`],
      id: diagnosis.id,
      cost: t(
        TEXTS.words.cost,
        { calls: stats.apiCalls, waves: stats.waves ?? 0, ms: Math.round(stats.durationMs) },
        language,
      ),
      createdAt: timeFor(diagnosis.createdAt, language, timeZone),
      brief: { rank: 7, items: 0 },
    },
    isWide: false,
    omitted,
    omittedRows: omitted,
  }
}

/** For a diagnosis of an older version, which has no `attention`. */
const ATTENTION: Readonly<Record<Verdict, Attention>> = {
  down: 'act-now',
  degraded: 'act-soon',
  inconclusive: 'watch',
  healthy: 'none',
}

/** The colour follows what a person should feel. Grey: nothing can be told. */
const toneOf = ({ attention, verdict }: Diagnosis): Tone =>
  verdict === 'inconclusive' ? 'grey' : ATTENTION_TONES[attention ?? ATTENTION[verdict]]

/** The proof of each finding, the backends, and what could not be read or told. */
function detailsOf(diagnosis: Diagnosis, language: Language) {
  const { findings, pools, changes, gaps, timeZone } = diagnosis
  const words = { language, backends: indexBackends(pools), changes, timeZone }
  const full = fullFindings(diagnosis)
  const refuted = refutedIn(findings)
  const reasons = reasonsIn(diagnosis)
  const section = (finding: Finding, topic: Standing): Section =>
    findingSection(finding, { topic, hasFix: !full.includes(finding), reasons }, words)
  const expected = findings.filter(isExpectedCause)
  const others = findings.filter(
    (finding) => !reasons.includes(finding) && !isExpectedCause(finding) && finding.code !== SAID_AS_IMPACT,
  )
  return [
    ...reasons.map((finding) => section(finding, 'cause')),
    ...pools.map((pool) => poolSection(pool, refuted, language)),
    ...groupOf(
      'others',
      [
        ...expected.map((finding) => section(finding, 'expected')),
        ...others.map((one) => section(one, 'other')),
      ],
      language,
    ),
    // If nothing was read, the summary already says why.
    ...gapsOf(
      'gaps',
      gaps.filter((gap) => !isOfLookup(gap) && !isEntry(gap)),
      language,
    ),
    ...gapsOf('entries', gaps.filter(isEntry), language),
  ]
}

const groupOf = (
  topic: 'others' | 'gaps' | 'entries',
  blocks: readonly Block[],
  language: Language,
): readonly Section[] =>
  blocks.length === 0
    ? []
    : [{ kind: 'section', topic, heading: { text: t(TEXTS.words[topic], {}, language) }, blocks }]

const gapsOf = (topic: 'gaps' | 'entries', gaps: readonly Gap[], language: Language): readonly Section[] =>
  gaps.length === 0
    ? []
    : groupOf(
        topic,
        [{ kind: 'list', isBulleted: true, items: gaps.map((gap) => gapItem(gap, language)) }],
        language,
      )

function gapItem({ what, why, byHand = [] }: Gap, language: Language): ListItem {
  const label = `${t(TEXTS.words.byHand, {}, language)}${mark('colon', language)}`
  return {
    text: `${what}${mark('colon', language)}${why}`,
    ...(byHand.length === 0 ? {} : { steps: { label, lines: byHand } }),
  }
}

function nameOf(diagnosis: Diagnosis, language: Language): string {
  const clb = diagnosis.loadBalancer
  if (!clb) return namedBy(diagnosis)[0] ?? t(TEXTS.words.unknownClb, {}, language)
  return clb.name ? clb.name : clb.id
}

/** `lb-7dpmqwcu · 广州 · 203.0.113.26 · 查询于 07:01:12` */
function placeOf(diagnosis: Diagnosis, language: Language): string {
  const { loadBalancer: clb, createdAt, timeZone } = diagnosis
  const where = clb
    ? [clb.id, regionName(clb.region, language), ...clb.vips.map((vip) => `VIP ${vip}`)]
    : namedBy(diagnosis)
  const time = clockFor(createdAt, language, timeZone)
  return [...where, t(TEXTS.summary.lookedAt, { time }, language)].filter((part) => part !== '').join(' · ')
}

/** The VIP or domain, VPC and region that the alarm gives for a CLB that was not found. */
const namedBy = ({ trigger: { alarm } }: Pick<Diagnosis, 'trigger'>): readonly string[] =>
  alarm
    ? [alarm.clb.vip ?? alarm.clb.domain ?? null, alarm.clb.vpcId, alarm.region].filter(
        (part) => part !== null,
      )
    : []
