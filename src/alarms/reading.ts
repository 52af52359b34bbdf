import type { Alarm, Refusal, RefusalReason, ScanRequest } from '../model/alarm.ts'

/** The result of reading one payload, or one entry of a batch. */
export interface Reading {
  readonly alarms: readonly Alarm[]
  readonly refusals: readonly Refusal[]
  readonly scan?: ScanRequest
  readonly due?: true
}

/**
 * The most entries of a batch that are read: a tenth of a second. A body holds no more alerts with their usual labels
 * (src/http/body.ts).
 */
export const MAX_ENTRIES = 5_000

export const taken = (alarm: Alarm): Reading => ({ alarms: [alarm], refusals: [] })

export const refused = (reason: RefusalReason, detail: string): Reading => ({
  alarms: [],
  refusals: [{ reason, detail }],
})

/**
 * Reads a batch in order, until `MAX_ENTRIES` entries. One last refusal (`too-many`) counts the entries that were not
 * read. Equal refusals become one.
 */
export function readBatch(entries: readonly unknown[], read: (entry: unknown) => Reading): Reading {
  if (entries.length === 0) return refused('empty-batch', 'The batch has no entries.')
  const looked = Math.min(entries.length, MAX_ENTRIES)
  const readings = Array.from({ length: looked }, (_, i) => read(entries[i]))
  const refusals = new Map(
    readings.flatMap((one) => one.refusals).map((one) => [`${one.reason} ${one.detail}`, one]),
  )
  const rest = entries.length - looked
  const uncounted: readonly Refusal[] =
    rest === 0
      ? []
      : [
          {
            reason: 'too-many',
            detail: `The batch is too large: its last ${rest} of ${entries.length} entries were not read. Let the sender split it, e.g. with max_alerts: 1000 or a finer group_by in Alertmanager.`,
          },
        ]
  return { alarms: readings.flatMap(({ alarms }) => alarms), refusals: [...refusals.values(), ...uncounted] }
}
