import type { Report } from '../blocks.ts'
import { printHtml } from './html.ts'
import { subjectLine } from './subject.ts'
import { printText } from './text.ts'

export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Lines of a mail should have at most 78 characters (RFC 5322, 2.1.1). */
const WIDTH = 76
/** Mail programs cut or refuse long mails. The HTML part has its own limit. */
const MOST_CHARACTERS = 100_000

/** Prints the report as a mail, in text and in HTML. */
export const printMail = (report: Report): Mail => ({
  subject: subjectLine(report),
  text: printText(report, { color: false, width: WIDTH, most: MOST_CHARACTERS }),
  html: printHtml(report),
})
