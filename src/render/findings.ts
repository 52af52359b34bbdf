import type { Change, Evidence, Finding, Fix } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { lengthOf, timeFor, untilFor } from '../text/index.ts'
import type { Backends } from './backends.ts'
import type { Action, Block, Brief, Code, Heading, Proof, Section } from './blocks.ts'
import { CERTAINTIES, colon, fill, ROLES } from './messages.ts'
import { some } from './some.ts'

/** Of a finding's changes, those nearest to the trouble. */
const MOST_CHANGES = 3

/** What the sections of findings are written with. */
export interface Words {
  readonly language: Language
  readonly backends: Backends
  readonly changes: readonly Change[]
}

/** Where a finding stands in a chat message. */
export interface Standing {
  readonly topic: 'cause' | 'expected' | 'other'
  /** Null: a chat message says it elsewhere. */
  readonly rank: number | null
  /** A chat message gives the explanation and the remedy too. */
  readonly isExplained: boolean
}

/** One finding: what it is, what proves it, what to do. */
export function findingSection(
  finding: Finding,
  { topic, rank, isExplained }: Standing,
  words: Words,
): Section {
  const { language } = words
  const brief = (more: number, items: number, most?: number): { readonly brief?: Brief } =>
    rank !== null && isExplained
      ? { brief: { rank: rank + more, items, ...(most === undefined ? {} : { most }) } }
      : {}
  return {
    kind: 'section',
    topic,
    heading: headingOf(finding, topic, rank, language),
    blocks: [
      ...acceptedProof(finding, rank, language),
      { kind: 'paragraph', text: finding.detail, style: 'plain', ...brief(0, 1) },
      ...proofsOf(finding, words, brief),
      ...(finding.fix ? remedyOf(finding.fix, language, brief) : []),
    ],
  }
}

type BriefOf = (more: number, items: number, most?: number) => { readonly brief?: Brief }

function headingOf(
  { accepted, role, certainty, title }: Finding,
  topic: Standing['topic'],
  rank: number | null,
  language: Language,
): Heading {
  const sure = CERTAINTIES[certainty][language]
  const name = accepted ? fill('accepted', language) : ROLES[role][language]
  return {
    label: language === 'en' ? `${name} (${sure})` : `${name}（${sure}）`,
    text: title,
    ...(topic === 'cause' ? { tone: certainty === 'possible' ? 'grey' : 'red' } : {}),
    ...(rank === null ? {} : { brief: { rank, items: 1, most: 200 } }),
  }
}

/** Until when and why. */
function acceptedProof({ accepted }: Finding, rank: number | null, language: Language): readonly Proof[] {
  if (!accepted) return []
  const { until, reason } = accepted
  const line = fill('acceptedUntil', language, { until: untilFor(until, language), reason })
  return [
    {
      kind: 'proof',
      of: 'accepted',
      values: [line],
      ...(rank === null ? {} : { brief: { rank, items: 0, most: 260 } }),
    },
  ]
}

function proofsOf(
  finding: Finding,
  { language, backends, changes }: Words,
  brief: BriefOf,
): readonly Proof[] {
  const proof = (
    of: Proof['of'],
    label: string,
    values: readonly string[],
    own: { readonly brief?: Brief } = {},
  ): readonly Proof[] => (values.length === 0 ? [] : [{ kind: 'proof', of, label, values, ...own }])
  const explained = backends.addressesOf(finding.explains)
  const healthy = explained.length === 0 ? [] : backends.healthyBeside(finding.explains)
  const against = backends.addressesOf(finding.contradictedBy)
  // A finding about a change has said so itself.
  const own = finding.code.startsWith('recent-change/') ? [] : (finding.changes ?? [])
  const changed = own.flatMap((i) => changes[i] ?? []).slice(0, MOST_CHANGES)
  return [
    ...proof('explained', fill('explains', language), explained),
    ...proof('healthy-beside', fill('controls', language), healthy, brief(3, 0)),
    ...proof('contradicted', fill('contradicted', language), against),
    ...changed.map(
      (change, i): Proof => ({
        kind: 'proof',
        of: 'change',
        values: [changeLine(change, language)],
        ...(i === 0 ? brief(1, 0, 240) : {}),
      }),
    ),
    ...finding.evidence.flatMap((one) =>
      proof('evidence', fill('evidence', language), [evidenceLine(one, language)]),
    ),
  ]
}

function remedyOf(fix: Fix, language: Language, brief: BriefOf): readonly Block[] {
  const commands = fix.commands ?? []
  const linesOf = (isTerraform: boolean): readonly string[] =>
    commands
      .filter(({ tool }) => (tool === 'terraform') === isTerraform)
      .flatMap(({ line }) => (isTerraform ? line.split('\n') : line))
  const code = (language: Code['language'], lines: readonly string[], own = {}): readonly Code[] =>
    lines.length === 0 ? [] : [{ kind: 'code', language, lines, ...own }]
  const action: Action = {
    kind: 'action',
    label: fill('fix', language),
    text: fixLine(fix, language),
    alsoAffects: fix.widens ? { label: fill('widens', language), text: fix.widens } : null,
    ...brief(1, 1),
  }
  return [action, ...code('shell', linesOf(false), brief(2, 1)), ...code('terraform', linesOf(true))]
}

/** What to change, and whether that was proven. */
function fixLine({ summary, verified, commands }: Fix, language: Language): string {
  const proof = verified
    ? fill('verified', language)
    : commands?.some(({ tool }) => tool === 'tccli')
      ? fill('unverified', language)
      : ''
  if (proof === '') return summary
  return language === 'en' ? `${summary} (${proof})` : `${summary}（${proof}）`
}

/** `Changed 12 minutes before: ModifySecurityGroupPolicies on sg-web by alice from 198.51.100.7 at …` */
function changeLine(change: Change, language: Language): string {
  const { event, resource, actor, sourceIp, at, secondsBeforeOnset } = change
  const who = actor === undefined ? '' : fill('changedBy', language, { actor })
  const where = sourceIp === undefined ? '' : fill('changedFrom', language, { sourceIp })
  const rule = resource.ruleIndex ?? null
  const what = rule === null ? resource.id : `${resource.id} #${rule}`
  const ago = typeof secondsBeforeOnset === 'number' ? lengthOf(secondsBeforeOnset)[language] : null
  const said = fill('changed', language, { event, what, who, where, time: timeFor(at, language) })
  return `${ago === null ? fill('changedSome', language) : fill('changedBefore', language, { ago })}${colon(language)}${said}`
}

/** `cvm:DescribeInstances InstanceState → STOPPED`: which call said what. */
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
