import type { Alarm } from '../model/alarm.ts'
import { MOST_REGION_LETTERS, parseRegionOrCode } from '../model/regions.ts'
import { text } from '../model/untrusted.ts'

/** The full region name for a short code (`gz`) or a full name. Null for any other value, for example a zone. */
export const region = (value: unknown): string | null => parseRegionOrCode(text(value) ?? '')

/** The first value that is a region. If none is, the first text as the unknown region. */
export function inRegion(...values: readonly unknown[]): Pick<Alarm, 'region' | 'unknownRegion'> {
  const known = values.map((value) => region(value)).find((name) => name !== null) ?? null
  const given = values.map((value) => text(value)).find((name) => name !== null && /[\p{L}\p{N}]/u.test(name))
  return {
    region: known,
    unknownRegion: (known === null ? given?.slice(0, MOST_REGION_LETTERS) : null) ?? null,
  }
}
