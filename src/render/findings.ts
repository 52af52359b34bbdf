import type { Change, Evidence, Finding, Fix } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { lengthOf, mark, t, timeFor, untilFor, withAside } from '../text/index.ts'
import type { Backends } from './backends.ts'
import type { Action, Block, Brief, Code, Heading, Proof, Section } from './blocks.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'

/** So many changes of a finding are shown: the ones nearest to the trouble. */
const MOST_CHANGES = 3

/** Data that the sections of all findings share. */
export interface Words {
  readonly language: Language
  readonly backends: Backends
  readonly changes: readonly Change[]
}

/** The place of a finding in a chat message. */
export interface Standing {
  readonly topic: 'cause' | 'expected' | 'other'
  /** Null: a chat message already says it in another block. */
  readonly rank: number | null
  /** True if a chat message shows the explanation and the fix, too. */
  readonly isExplained: boolean
}

/** One finding: its text, its proof and its fix. */
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
  const sure = TEXTS.certainties[certainty][language]
  const name = accepted ? t(TEXTS.words.accepted, {}, language) : TEXTS.roles[role][language]
  return {
    label: withAside(name, sure, language),
    text: title,
    ...(topic === 'cause' ? { tone: certainty === 'possible' ? 'grey' : 'red' } : {}),
    ...(rank === null ? {} : { brief: { rank, items: 1, most: 200 } }),
  }
}

/** Until when the finding is expected, and why. */
function acceptedProof({ accepted }: Finding, rank: number | null, language: Language): readonly Proof[] {
  if (!accepted) return []
  const { until, reason } = accepted
  const line = t(TEXTS.words.acceptedUntil, { until: untilFor(until, language), reason }, language)
  return [
    {
      kind: 'proof',
      of: 'accepted',
      values: [line],
      ...(rank === null ? {} : { brief: { rank, items: 1, most: 260 } }),
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
  // A finding of recent-change already describes its change.
  const own = finding.code.startsWith('recent-change/') ? [] : (finding.changes ?? [])
  const changed = own.flatMap((i) => changes[i] ?? []).slice(0, MOST_CHANGES)
  return [
    ...proof('explained', t(TEXTS.words.explains, {}, language), explained),
    ...proof('healthy-beside', t(TEXTS.words.controls, {}, language), healthy, brief(3, 1)),
    ...proof('contradicted', t(TEXTS.words.contradicted, {}, language), against),
    ...changed.map(
      (change, i): Proof => ({
        kind: 'proof',
        of: 'change',
        values: [changeLine(change, language)],
        ...(i === 0 ? brief(1, 1, 240) : {}),
      }),
    ),
    ...finding.evidence.flatMap((one) =>
      proof('evidence', t(TEXTS.words.evidence, {}, language), [evidenceLine(one, language)]),
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
    label: t(TEXTS.words.fix, {}, language),
    text: fixLine(fix, language),
    alsoAffects: fix.widens ? { label: t(TEXTS.words.widens, {}, language), text: fix.widens } : null,
    ...brief(1, 1),
  }
  return [action, ...code('shell', linesOf(false), brief(2, 1)), ...code('terraform', linesOf(true))]
}

/** What to change, and what the evaluation says of it. */
const fixLine = (fix: Fix, language: Language): string =>
  withAside(fix.summary, t(TEXTS.evaluations[evaluationOf(fix)], {}, language), language)

/** A rule that is added or taken away was evaluated. No evaluation tells what settings or other steps do. */
function evaluationOf({ kind, verified }: Fix): keyof typeof TEXTS.evaluations {
  if (verified) return 'passes'
  return kind === 'open' || kind === 'undo' ? 'unsure' : 'none'
}

/** `Changed 12 minutes before: ModifySecurityGroupPolicies on sg-web by alice from 198.51.100.7 at …` */
function changeLine(change: Change, language: Language): string {
  const { event, resource, actor, sourceIp, at, secondsBeforeOnset } = change
  const who = actor === undefined ? '' : t(TEXTS.words.changedBy, { actor }, language)
  const where = sourceIp === undefined ? '' : t(TEXTS.words.changedFrom, { sourceIp }, language)
  const rule = resource.ruleIndex ?? null
  const what = rule === null ? resource.id : `${resource.id} #${rule}`
  const ago = typeof secondsBeforeOnset === 'number' ? lengthOf(secondsBeforeOnset)[language] : null
  const said = t(TEXTS.words.changed, { event, what, who, where, time: timeFor(at, language) }, language)
  return `${ago === null ? t(TEXTS.words.changedSome, {}, language) : t(TEXTS.words.changedBefore, { ago }, language)}${mark('colon', language)}${said}`
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
