import type { Change, Evidence, Finding, Resource } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { type TimeZone, t, timeFor } from '../text/index.ts'
import type { Backends } from './backends.ts'
import type { Block, Heading, Proof, Section } from './blocks.ts'
import { acceptedLine, labelOf, stepOf } from './causes.ts'
import { changeWords } from './changes.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'

/** So many changes of a finding are shown: the ones nearest to the trouble. */
const MOST_CHANGES = 3

/** Data that the sections of all findings share. */
export interface Words {
  readonly language: Language
  readonly timeZone: TimeZone | undefined
  readonly backends: Backends
  readonly changes: readonly Change[]
}

export type Standing = 'cause' | 'expected' | 'other'

interface Place {
  readonly topic: Standing
  readonly hasFix: boolean
  /** The findings for which somebody has to act. */
  readonly reasons: readonly Finding[]
}

/** One finding with its proof, and its fix if the summary does not have it. */
export function findingSection(finding: Finding, { topic, hasFix, reasons }: Place, words: Words): Section {
  const { language } = words
  return {
    kind: 'section',
    topic,
    heading: headingOf(finding, topic, reasons, language),
    blocks: [
      ...acceptedProof(finding, words),
      { kind: 'paragraph', text: finding.detail, style: 'plain' },
      ...proofsOf(finding, words),
      ...(hasFix ? remedyOf(finding, language) : []),
    ],
  }
}

function headingOf(
  finding: Finding,
  topic: Standing,
  reasons: Place['reasons'],
  language: Language,
): Heading {
  const { certainty, title } = finding
  return {
    label: labelOf(finding, reasons, language),
    text: title,
    ...(topic === 'cause' ? { tone: certainty === 'possible' ? 'grey' : 'red' } : {}),
  }
}

function acceptedProof({ accepted }: Finding, { language, timeZone }: Words): readonly Proof[] {
  if (!accepted) return []
  return [{ kind: 'proof', of: 'accepted', values: [acceptedLine(accepted, language, timeZone)] }]
}

function proofsOf(finding: Finding, words: Words): readonly Proof[] {
  const { language, backends, changes } = words
  const proof = (of: Proof['of'], label: string, values: readonly string[]): readonly Proof[] =>
    values.length === 0 ? [] : [{ kind: 'proof', of, label, values }]
  const explained = backends.addressesOf(finding.explains)
  const healthy = explained.length === 0 ? [] : backends.healthyBeside(finding.explains)
  const against = backends.addressesBy(finding.contradictedBy, 'healthy')
  const reached = backends.addressesBy(finding.contradictedBy, 'other')
  // A finding of recent-change already describes its change.
  const own = finding.code.startsWith('recent-change/') ? [] : (finding.changes ?? [])
  const changed = own.flatMap((i) => changes[i] ?? []).slice(0, MOST_CHANGES)
  return [
    ...proof('explained', t(TEXTS.words.explains, {}, language), explained),
    ...proof('healthy-beside', t(TEXTS.words.controls, {}, language), healthy),
    ...proof('contradicted', t(TEXTS.words.contradicted, {}, language), against),
    ...proof('contradicted', t(TEXTS.words.reached, {}, language), reached),
    ...changed.map((change): Proof => ({ kind: 'proof', of: 'change', values: [changeLine(change, words)] })),
    ...finding.evidence.flatMap((one) =>
      proof('evidence', t(TEXTS.words.evidence, {}, language), [evidenceLine(one, language)]),
    ),
  ]
}

function remedyOf({ fix }: Finding, language: Language): readonly Block[] {
  if (!fix) return []
  return [fix, ...(fix.alternatives ?? [])].flatMap((one) => {
    const { text, asides, commands } = stepOf(one, language)
    return [{ kind: 'action' as const, label: t(TEXTS.words.fix, {}, language), text, asides }, ...commands]
  })
}

/** The place as the console counts it: the rules of a group from 1, the entries of an ACL by priority. */
const placeOf = ({ type, ruleIndex = null }: Resource): number | null =>
  ruleIndex !== null && type === 'security-group' ? ruleIndex + 1 : ruleIndex

/** `li.wei 从 198.51.100.7 修改了安全组规则（sg-web PolicyIndex 3，2026-11-20 06:52:00（北京时间））` */
function changeLine(change: Change, { language, timeZone }: Words): string {
  const { resource, sourceIp, at } = change
  const { who, event } = changeWords(change, 'first', language)
  const where = sourceIp === undefined ? '' : t(TEXTS.words.changedFrom, { sourceIp }, language)
  const rule = placeOf(resource)
  const what = rule === null ? resource.id : `${resource.id} PolicyIndex ${rule}`
  const time = timeFor(at, language, timeZone)
  return t(TEXTS.words.changed, { event, what, who, where, time }, language).trim()
}

/** The API call and its answer, e.g. `cvm:DescribeInstances InstanceState → STOPPED`. */
function evidenceLine({ source, fact, value }: Evidence, language: Language): string {
  const shown = value === undefined ? '' : ` → ${valueText(value, language)}`
  return `${source} ${fact}${shown}`
}

function valueText(value: unknown, language: Language): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const parts = Array.isArray(value)
    ? value.map((one) => valueText(one, language))
    : Object.entries(value).map(([key, one]) => `${key} ${valueText(one, language)}`)
  return parts.length === 0 ? '[]' : some(parts, 8, language)
}
