import { readdirSync, readFileSync } from 'node:fs'
import type { Alarm, ParsedPayload } from '../../src/model/alarm.ts'

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

/** The one alarm of an intake; fails where there is another number, or a refusal. */
export function only(intake: ParsedPayload): Alarm {
  const [alarm] = intake.alarms
  if (alarm === undefined || intake.alarms.length !== 1 || intake.refusals.length !== 0) {
    throw new Error(`expected one alarm, got ${JSON.stringify(intake)}`)
  }
  return alarm
}

export const reasons = (intake: ParsedPayload): readonly string[] =>
  intake.refusals.map(({ reason }) => reason)
