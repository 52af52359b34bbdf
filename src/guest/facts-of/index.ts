import type { GuestReport } from '../../model/guest.ts'
import type { GuestFacts } from '../facts.ts'
import { probedFacts } from './probed.ts'
import { recordedFacts } from './recorded.ts'

export { probeOutputsIn } from './probe-text.ts'
export { isWrappedProbe, withoutBlankLines } from './wrapped.ts'

/** What a machine says about itself, from the output of guest/probe.sh or from the recorded outputs of usual commands. */
export function factsOf(report: GuestReport): GuestFacts {
  return report.kind === 'recorded' ? recordedFacts(report) : probedFacts(report.text)
}
