import type { Digest, IncidentNotice, OperatorNote, TestMessage } from '../model/incident.ts'
import type { Report } from './blocks.ts'
import { digestReport } from './digest.ts'
import { isOfOne, noticeReport } from './notice.ts'
import { severalReport } from './several.ts'
import { noteReport, testReport } from './short.ts'

// The reports of messages that are rare or not urgent. The build puts this file apart, so that the function loads it only
// when it needs it.

export function gatheredReport(message: IncidentNotice | Digest | TestMessage | OperatorNote): Report {
  switch (message.kind) {
    case 'incident':
      return isOfOne(message) ? noticeReport(message) : severalReport(message)
    case 'digest':
      return digestReport(message, gatheredReport)
    case 'test':
      return testReport(message)
    case 'note':
      return noteReport(message)
  }
}
