import type { Refusal } from '../model/alarm.ts'
import type { RefusedPayload } from '../model/refused-payload.ts'
import { excerpt } from './excerpt.ts'

const NOT_JSON: Pick<RefusedPayload, 'reason' | 'detail'> = {
  reason: 'not-json',
  detail: 'The body of an alarm must be JSON.',
}

/** One record for each reason why a payload was refused. `now` in ms since the epoch. Pure. */
export function refusedPayloads(
  payload: unknown,
  refusals: readonly Refusal[],
  now: number,
): readonly RefusedPayload[] {
  if (refusals.length === 0) return []
  const shown = { at: new Date(now).toISOString(), excerpt: excerpt(payload) }
  return refusals.map(({ reason, detail }) => ({ ...shown, reason, detail }))
}

/** The record of a body that is too large to be read. `bytes`: null if the sender did not say how many. */
export const refusedSize = (bytes: number | null, now: number): RefusedPayload => ({
  at: new Date(now).toISOString(),
  reason: 'too-large',
  detail: `The body of an alarm may have at most 1 MiB${bytes === null ? '' : `, and this one has ${bytes} bytes`}. Let the sender split it.`,
  excerpt: '',
})

/** The record of a body that is not JSON. */
export const refusedBody = (body: string, now: number): RefusedPayload => ({
  at: new Date(now).toISOString(),
  ...NOT_JSON,
  excerpt: excerpt(body),
})
