import { parseAlarm, readHistory } from '../alarms/index.ts'
import type { Alarm, ParsedPayload } from '../model/alarm.ts'
import type { Log } from '../model/log.ts'
import type { RefusedPayload } from '../model/refused-payload.ts'
import { refusedBody, refusedPayloads, refusedSize } from './refused.ts'

export { halvesOf } from '../alarms/index.ts'

/** Keeps refused payloads for the person who set up their sender. */
export interface Keeper {
  readonly now: () => number
  readonly keep: (refused: RefusedPayload) => void
}

/**
 * Reads the alarms of a payload. Each refused part is logged with an excerpt, and kept if there is a keeper, so that no
 * alarm is lost silently.
 */
export function parseAlarms(payload: unknown, log: Log, keeper?: Keeper): ParsedPayload {
  const parsed = parseAlarm(payload)
  const now = keeper?.now() ?? 0
  for (const refused of refusedPayloads(payload, parsed.refusals, now)) told(refused, log, keeper)
  return parsed
}

/** The alarm in an entry of the platform's history of alarms, if it is about a CLB. */
export const alarmsOfHistory = (entry: unknown): readonly Alarm[] => readHistory(entry)?.alarms ?? []

/** Logs and keeps a body that is not JSON. */
export const refuseBody = (body: string, log: Log, keeper?: Keeper): void =>
  told(refusedBody(body, keeper?.now() ?? 0), log, keeper)

/** Logs and keeps that a body was too large. Its alarms are lost, unless their sender splits them. */
export const refuseSize = (bytes: number | null, log: Log, keeper?: Keeper): void =>
  told(refusedSize(bytes, keeper?.now() ?? 0), log, keeper)

function told(refused: RefusedPayload, log: Log, keeper: Keeper | undefined): void {
  const { reason, detail, excerpt } = refused
  log.warn('payload refused', { reason, detail, payload: excerpt })
  keeper?.keep(refused)
}

/** Has the payload the shape of an alarm, even if it is refused? */
export function isAlarm(payload: unknown): boolean {
  const { alarms, refusals } = parseAlarm(payload)
  return (
    alarms.length > 0 ||
    refusals.some(({ reason }) => reason !== 'unknown-shape' && reason !== 'not-an-object')
  )
}
