import type { Part } from '../../incidents/index.ts'
import type { Alarm } from '../../model/alarm.ts'
import type { Absence } from '../../model/incident.ts'
import type { LookupFailure } from '../../model/lookup-failure.ts'

// What a look says of a CLB that it did not find. A CLB that could not be read may exist, and so may one in a region that
// was not searched.

const NONE: readonly LookupFailure['kind'][] = ['unknown-load-balancer', 'unknown-domain']
const SEVERAL: LookupFailure['kind'] = 'ambiguous-vip'

/** `part`: what is known of it. Null: nothing is, or the CLB may exist. */
export function absenceOf(
  failure: LookupFailure | null,
  alarm: Alarm,
  part: Pick<Part, 'isFound'> | null,
): Absence | null {
  if (failure === null) return null
  // A guess that led to a CLB once was none.
  if (leadsToNoClb(failure, alarm) && !part?.isFound) return 'no CLB'
  // An id is searched in the default region, if the region of the alarm is not known here.
  const isSearched = alarm.clb.loadBalancerId === null || alarm.unknownRegion === null
  return NONE.includes(failure.kind) && isSearched ? 'unknown' : null
}

/** The alarm only guessed that its address is a CLB, and the address is not that of exactly one. */
const leadsToNoClb = ({ kind }: LookupFailure, { clb }: Alarm): boolean =>
  clb.guessed === true && (NONE.includes(kind) || kind === SEVERAL || kind === 'unknown-region')
