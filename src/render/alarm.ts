import type { Diagnosis } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { readableName, t, zonedMinuteFor } from '../text/index.ts'
import type { Part } from './blocks.ts'
import { TEXTS } from './texts.ts'

// The line about the alarm: what its sender compared, and since when.

const WORDS = TEXTS.summary

/** The operators of a condition as a person writes them. The senders write them in ASCII. */
const SIGNS: Readonly<Record<string, string>> = {
  '>=': '≥',
  '<=': '≤',
  '>': '＞',
  '<': '＜',
  '==': '=',
  '!=': '≠',
}

/** What the alarm compared, which may differ from what is seen now. */
const metricText = (metric: string, isCompared: boolean, language: Language): string =>
  isCompared ? t(WORDS.fired, { metric }, language) : metric

type Metric = keyof typeof WORDS.metrics

const isMetric = (name: string): name is Metric => Object.hasOwn(WORDS.metrics, name)

/** A metric by its technical name, or by the one that people see, in any language. */
function metricOf(name: string | null): Metric | null {
  if (name === null || isMetric(name)) return name
  const names = Object.keys(WORDS.metrics).filter(isMetric)
  return names.find((one) => Object.values(WORDS.metrics[one]).includes(name)) ?? null
}

/** `告警策略 clb-health · 健康检查异常数 2 ≥ 1 · 07:00 起` */
export function alarmParts(diagnosis: Diagnosis, language: Language): readonly Part[] {
  return partsWith(metricIn(diagnosis, language), diagnosis, language)
}

/** The same for several CLBs. The metric is that of one of them. */
export const jointAlarmParts = (lead: Diagnosis, language: Language): readonly Part[] =>
  partsWith(null, lead, language)

function metricIn({ trigger }: Diagnosis, language: Language): string | null {
  if (!trigger.alarm) return null
  const { condition, subject } = trigger.alarm
  const { value = null, operator = null, threshold = null } = condition ?? {}
  const sent = condition?.metric ?? subject
  const named = metricOf(sent) ?? metricOf(condition?.shownName ?? null)
  const known = named ? WORDS.metrics[named][language] : sent
  const shown = condition?.shownName ?? known
  const metric = shown === null ? null : readableName(shown, known ?? shown, language)
  const compared = operator && threshold ? [SIGNS[operator] ?? operator, threshold] : []
  const against = value === null ? [] : [value, ...compared]
  return metric === null ? null : metricText([metric, ...against].join(' '), against.length > 0, language)
}

function partsWith(
  metric: string | null,
  { trigger, createdAt, timeZone }: Diagnosis,
  language: Language,
): readonly Part[] {
  if (!trigger.alarm) return []
  const { policy, firstOccurredAt } = trigger.alarm
  const since =
    firstOccurredAt === null
      ? []
      : [t(WORDS.since, { time: zonedMinuteFor(firstOccurredAt, createdAt, language, timeZone) }, language)]
  const parts = [
    ...(policy.name === null ? [] : [t(WORDS.alarm, { policy: policy.name }, language)]),
    ...(metric === null ? [] : [metric]),
    ...since,
  ]
  return parts.length === 0
    ? []
    : [{ kind: 'part', topic: 'alarm', text: parts.join(' · '), brief: { rank: 9, items: 0, most: 300 } }]
}
