import type { AlarmCondition } from '../model/alarm.ts'
import { text } from '../model/untrusted.ts'
import { type Fields, positiveInteger } from './fields.ts'

// Reads what a sender's policy watches. Senders leave out any part of it (intake facts 1.1, 1.3).

const NOTHING: AlarmCondition = {
  metric: null,
  shownName: null,
  operator: null,
  threshold: null,
  value: null,
  unit: null,
  periodSeconds: null,
  level: null,
}

/** Longer texts do not fit into a message. */
const MAX_NAME = 256
const MAX_WORD = 64

/** A name on one line. */
export const nameOf = (value: unknown): string | null => text(value, MAX_NAME)?.replace(/\s+/g, ' ') ?? null

const shortText = (value: unknown): string | null => {
  const given = text(value, MAX_WORD)
  return given === null || /[\r\n]/.test(given) ? null : given
}

/** A number as written. */
export const figure = (value: unknown): string | null => {
  const given = text(value, MAX_WORD)
  return given !== null && /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i.test(given) ? given : null
}

/** Null if no part is given. */
export function conditionOf(given: Partial<AlarmCondition>): AlarmCondition | null {
  const condition = { ...NOTHING, ...given }
  return Object.values(condition).every((part) => part === null) ? null : condition
}

/** `None` is the level of a policy without levels (intake facts 1.5). */
export function levelOf(...values: readonly unknown[]): string | null {
  const level = values.map(shortText).find((given) => given !== null) ?? null
  return level?.toLowerCase() === 'none' ? null : level
}

/** A graded policy's alert id is the session id with the level, for example `…_Serious` (intake facts 1.1). */
const levelInId = (alertId: unknown): string | null =>
  /_(Remind|Warn|Serious)$/i.exec(text(alertId) ?? '')?.[1] ?? null

/** From a callback's `conditions`. An event has a name and no threshold. */
export const readConditions = (payload: Fields, conditions: Fields): AlarmCondition | null =>
  conditionOf({
    metric: nameOf(conditions('metricName')) ?? nameOf(conditions('eventName')),
    shownName: nameOf(conditions('metricShowName')) ?? nameOf(conditions('eventShowName')),
    operator: shortText(conditions('calcType')),
    threshold: figure(conditions('calcValue')),
    value: figure(conditions('currentValue')),
    unit: shortText(conditions('unit')) ?? shortText(conditions('calcUnit')),
    periodSeconds: positiveInteger(conditions('period')),
    level: levelOf(payload('alarmLevel')) ?? levelInId(payload('alertId')),
  })

const NUMBER = String.raw`([+-]?\d+(?:\.\d+)?)`
/** `健康检查异常数 >= 1个`, at times with `(持续1个周期)` behind it (intake facts 1.5). */
const SENTENCE = new RegExp(
  String.raw`^([^<>=≥≤!]+?)\s*(>=|<=|!=|==?|>|<|≥|≤)\s*${NUMBER}\s*([^\s()（）]*)\s*(?:[(（]|$)`,
)
/** `3个 (健康检查异常数)`. */
const CURRENT = new RegExp(String.raw`^${NUMBER}\s*([^\s()（）]*)\s*(?:[(（]|$)`)

/** From a template's variables, which give the condition as a sentence only. */
export function readSentence(payload: Fields): AlarmCondition | null {
  const [, shownName, operator, threshold, unit] = SENTENCE.exec(nameOf(payload('content')) ?? '') ?? []
  const [, value, valueUnit] = CURRENT.exec(nameOf(payload('current_value_content')) ?? '') ?? []
  return conditionOf({
    shownName: nameOf(shownName),
    operator: shortText(operator),
    threshold: figure(threshold),
    value: figure(value),
    unit: shortText(unit) ?? shortText(valueUnit),
    level: levelOf(payload('current_level')),
  })
}
