import { readdirSync, readFileSync } from 'node:fs'
import type { Alarm, AlarmCondition, ParsedPayload } from '../../src/model/alarm.ts'

const folder = new URL('../fixtures/alarms/', import.meta.url)

export const sampleNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))

/** A fresh copy of a sample's payload. */
export const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')).payload

/** A sample with one part replaced, e.g. `changed('metric-l7-listener', ['alarmObjInfo', 'region'], 'sh')`. */
export function changed(name: string, path: readonly string[], value: unknown): unknown {
  const payload = sample(name)
  let parent: Record<string, unknown> = payload
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>
  const last = path.at(-1) ?? ''
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return payload
}

/** The only alarm of a payload. Fails if there is another number of alarms, or a refusal. */
export function only(parsed: ParsedPayload): Alarm {
  const [alarm] = parsed.alarms
  if (alarm === undefined || parsed.alarms.length !== 1 || parsed.refusals.length !== 0) {
    throw new Error(`expected one alarm, got ${JSON.stringify(parsed)}`)
  }
  return alarm
}

export const reasons = (parsed: ParsedPayload): readonly string[] =>
  parsed.refusals.map(({ reason }) => reason)

/** A condition of which a sender gives only some parts. */
export const condition = (part: Partial<AlarmCondition>): AlarmCondition => ({
  metric: null,
  shownName: null,
  operator: null,
  threshold: null,
  value: null,
  unit: null,
  periodSeconds: null,
  level: null,
  ...part,
})
