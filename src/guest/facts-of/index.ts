import type { GuestReport } from '../../model/guest.ts'
import type { GuestFacts } from '../facts.ts'
import { NOTHING_READ } from './nothing.ts'
import { recordedFacts } from './recorded.ts'

/** What a machine says about itself, from the output of guest/probe.sh or from the recorded outputs of usual commands. */
export function factsOf(report: GuestReport): GuestFacts {
  return report.kind === 'recorded' ? recordedFacts(report) : NOTHING_READ
}
