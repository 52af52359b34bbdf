import type { Report } from '../blocks.ts'
import { printHtml } from './html.ts'
import { clip, oneLine } from './safe.ts'
import { printText } from './text.ts'

export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Mail programs fold at 78 columns (RFC 5322, 2.1.1). */
const WIDTH = 76
const LONGEST_SUBJECT = 120

/** A subject, and the report as text and as a page. */
export const printMail = (report: Report): Mail => ({
  subject: `[clb-doctor] ${clip(oneLine(report.subject), LONGEST_SUBJECT)}`,
  text: printText(report, { color: false, width: WIDTH }),
  html: printHtml(report),
})
