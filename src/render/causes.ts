import { type Change, type Diagnosis, type Finding, type Fix, isReason } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { reasonsIn } from '../model/requests.ts'
import {
  lengthOf,
  mark,
  minuteFor,
  regionName,
  type TimeZone,
  t,
  untilFor,
  withAside,
} from '../text/index.ts'
import { indexBackends } from './backends.ts'
import type { Code, Part, Step } from './blocks.ts'
import { changeWords } from './changes.ts'
import { some } from './some.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.summary

/**
 * `原因（确定）`, `风险（可能，未证实）`, `预期内（确定）`.
 * @param reasons the findings for which somebody has to act: each is the cause of what requests meet, whatever its role
 */
export function labelOf(
  finding: Pick<Finding, 'certainty' | 'role' | 'accepted'>,
  reasons: readonly unknown[],
  language: Language,
): string {
  const { certainty, role, accepted } = finding
  const name = accepted
    ? t(TEXTS.words.accepted, {}, language)
    : TEXTS.roles[reasons.includes(finding) ? 'cause' : role][language]
  return withAside(name, TEXTS.certainties[certainty][language], language)
}

/** A cause where its label is not shown, as in a subject: `likely: …`. One that is certain stands as it is. */
export const bareCause = (
  { title, certainty }: Pick<Finding, 'title' | 'certainty'>,
  language: Language,
): string =>
  certainty === 'certain'
    ? title
    : `${TEXTS.certainties[certainty][language]}${mark('colon', language)}${title}`

export function causeParts(
  finding: Finding,
  i: number,
  diagnosis: Diagnosis,
  language: Language,
): readonly Part[] {
  const { quote, title, certainty, accepted } = finding
  const rank = 2 + 10 * i
  const change = changesOf(finding, diagnosis)[0]
  return [
    {
      kind: 'part',
      topic: 'cause',
      label: labelOf(finding, reasonsIn(diagnosis), language),
      tone: accepted || certainty === 'possible' ? 'grey' : 'red',
      text: title,
      bare: bareCause(finding, language),
      quotes: [
        ...(accepted ? [acceptedLine(accepted, language, diagnosis.timeZone)] : []),
        ...(change ? [changeLine(change, diagnosis, language)] : []),
        ...(quote === undefined ? [] : [quote]),
        ...elsewhere(finding, diagnosis, language),
      ],
      brief: { rank, items: 1 },
    },
    ...(finding.fix ? [actionPart(finding.fix, backBy(finding, diagnosis), rank + 1, language)] : []).map(
      (part) => (certainty === 'possible' ? guessed(part) : part),
    ),
  ]
}

/** The region of the things that a cause names, if they are in another one than the CLB. */
function elsewhere(
  { resources }: Finding,
  { loadBalancer }: Diagnosis,
  language: Language,
): readonly string[] {
  const { id = '', region } = resources[0] ?? {}
  if (!region || !loadBalancer || region === loadBalancer.region) return []
  return [t(WORDS.elsewhere, { id, region: regionName(region, language) }, language)]
}

/** Until when the finding is expected, and why. */
export const acceptedLine = (
  { until, reason }: NonNullable<Finding['accepted']>,
  language: Language,
  zone: TimeZone | undefined,
): string => t(TEXTS.words.acceptedUntil, { until: untilFor(until, language, zone), reason }, language)

/** A finding of recent-change already describes its change. */
const changesOf = ({ code, changes = [] }: Finding, diagnosis: Diagnosis): readonly Change[] =>
  code.startsWith('recent-change/') ? [] : changes.flatMap((i) => diagnosis.changes[i] ?? [])

/** `li.wei 06:52 新增了安全组规则（告警前 8 分钟）` */
function changeLine(change: Change, { trigger, createdAt, timeZone }: Diagnosis, language: Language): string {
  const { at, secondsBeforeOnset } = change
  const { who, event } = changeWords(change, 'first', language)
  const time = minuteFor(at, createdAt, language, timeZone)
  const before = typeof secondsBeforeOnset === 'number' && secondsBeforeOnset >= 0
  const ago = before ? lengthOf(secondsBeforeOnset) : null
  const when = ago ? t(WORDS.ago[trigger.alarm ? 'alarm' : 'trouble'], { ago }, language) : ''
  const line = t(WORDS.changedBefore, { who, time, event, when }, language)
  return when === '' ? line.replace(/\s*[（(][）)]$/, '') : line
}

/** The Dead backends that nothing else keeps down once the finding is mended. */
function backBy({ id, explains }: Finding, { findings, pools }: Diagnosis): Back {
  const others = new Set(
    findings.filter((one) => one.id !== id && isReason(one)).flatMap((one) => one.explains),
  )
  // A rule that only may block too is no reason yet. It says nothing of which backends it is about.
  const isDoubtful = findings.some(({ role, fix }) => role === 'contributor' && fix?.kind === 'open')
  const back = isDoubtful ? [] : explains.filter((key) => !others.has(key))
  const targets = indexBackends(pools).addressesOf(back)
  return { count: targets.length, targets }
}

const guessed = (part: Part): Part => ({
  ...part,
  steps: (part.steps ?? []).map((step) => ({ ...step, isGuess: true })),
})

/** Different addresses and ports. */
interface Back {
  readonly count: number
  readonly targets: readonly string[]
}

/** So many backends are named. More are a number. */
const MOST_NAMED = 3

function actionPart(fix: Fix, back: Back, rank: number, language: Language): Part {
  const all = [fix, ...(fix.alternatives ?? [])]
  const steps = all.map((step) => stepOf(step, language))
  const proof = proofOf(back, all, language)
  const marked = (text: string): string => (proof === '' ? text : withAside(text, proof, language))
  const [only, ...others] = steps
  return {
    kind: 'part',
    topic: 'action',
    label: WORDS.action[language],
    ...(only && others.length === 0
      ? { text: marked(only.text), steps: [{ ...only, text: '' }] }
      : { text: marked(WORDS.choose[language]), steps }),
    brief: { rank, items: 1 },
  }
}

/** What the evaluation says of a fix. Nobody has run it. Empty for a fix that cannot be evaluated. */
function proofOf({ count, targets }: Back, steps: readonly Fix[], language: Language): string {
  if (steps.every(({ verified }) => verified))
    return count === 0
      ? WORDS.provenHop[language]
      : targets.length <= MOST_NAMED
        ? t(WORDS.provenFor, { targets: some(targets, MOST_NAMED, language) }, language)
        : t(WORDS.proven, { count }, language)
  // A rule that is added or taken away was evaluated. No evaluation tells what settings or other steps do.
  return steps.some(({ kind }) => kind === 'open' || kind === 'undo') ? WORDS.unsure[language] : ''
}

/** A fix as one way: its sentence, who else is affected, its commands. */
export function stepOf({ summary, widens, notes = [], commands = [] }: Fix, language: Language): Step {
  const linesOf = (isTerraform: boolean): readonly string[] =>
    commands
      .filter(({ tool }) => (tool === 'terraform') === isTerraform)
      .flatMap(({ line }) => (isTerraform ? line.split('\n') : line))
  const code = (own: Code['language'], lines: readonly string[]): readonly Code[] =>
    lines.length === 0 ? [] : [{ kind: 'code', language: own, lines }]
  return {
    text: summary,
    asides: [...(widens === undefined ? [] : [t(WORDS.affects, { text: widens }, language)]), ...notes],
    commands: [...code('shell', linesOf(false)), ...code('terraform', linesOf(true))],
  }
}
