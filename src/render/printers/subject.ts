import type { Report } from '../blocks.ts'
import { clip, oneLine } from './safe.ts'

const LONGEST_SUBJECT = 120

/** The subject of a mail and the title of a ticket. */
export const subjectLine = ({ subject }: Pick<Report, 'subject'>): string =>
  `[clb-doctor] ${clip(oneLine(subject), LONGEST_SUBJECT)}`
