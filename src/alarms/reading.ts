import type { Alarm, Refusal, RefusalReason, ScanRequest } from '../model/alarm.ts'

/** The result of reading one payload, or one entry of a batch. */
export interface Reading {
  readonly alarms: readonly Alarm[]
  readonly refusals: readonly Refusal[]
  readonly scan?: ScanRequest
  readonly due?: true
}

/** The most alarms from one payload. */
export const MAX_ALARMS = 100
/** The most entries of a batch that are read, so that a hostile batch cannot block the function. */
export const MAX_ENTRIES = 1_000

export const taken = (alarm: Alarm): Reading => ({ alarms: [alarm], refusals: [] })

export const refused = (reason: RefusalReason, detail: string): Reading => ({
  alarms: [],
  refusals: [{ reason, detail }],
})

/**
 * Reads a batch in order, until `MAX_ENTRIES` entries or `MAX_ALARMS` alarms. One last refusal (`too-many`) counts
 * the entries that were not read. Equal refusals become one.
 */
export function readBatch(entries: readonly unknown[], read: (entry: unknown) => Reading): Reading {
  if (entries.length === 0) return refused('empty-batch', 'The batch has no entries.')
  const alarms: Alarm[] = []
  const refusals = new Map<string, Refusal>()
  let looked = 0
  while (looked < Math.min(entries.length, MAX_ENTRIES) && alarms.length < MAX_ALARMS) {
    const reading = read(entries[looked])
    alarms.push(...reading.alarms)
    for (const refusal of reading.refusals) refusals.set(`${refusal.reason} ${refusal.detail}`, refusal)
    looked += 1
  }
  const rest = entries.length - looked
  const uncounted: readonly Refusal[] =
    rest === 0
      ? []
      : [
          {
            reason: 'too-many',
            detail: `The batch is too large: its last ${rest} of ${entries.length} entries were not read. Let the sender split it, e.g. with max_alerts: ${MAX_ALARMS} or a finer group_by in Alertmanager.`,
          },
        ]
  return { alarms, refusals: [...refusals.values(), ...uncounted] }
}
