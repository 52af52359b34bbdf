import type { Format } from '../model/formats.ts'
import { isScan, type Message } from '../model/message.ts'
import type { Report } from './blocks.ts'
import type { Mail } from './printers/mail.ts'
import type { Screen } from './printers/text.ts'
import { diagnosisReport } from './report.ts'

// render/ turns a diagnosis or a scan into what a person reads: first a report of blocks (report.ts, scan-report.ts),
// the same for all receivers, then the marks of one format (printers/). app/ and delivery/ call it, by this door; a
// receiver may bring the printer of its own name.
// It invents nothing: no API, no checks, no clock.

export type { Mail } from './printers/mail.ts'
export type { Screen } from './printers/text.ts'

const PLAIN_SCREEN: Screen = { color: false, width: 100 }

/** The message in one format. Colour and width matter to `text` alone. */
export async function renderAs(
  format: Format,
  message: Message,
  screen: Screen = PLAIN_SCREEN,
): Promise<string> {
  if (format === 'json') return `${JSON.stringify(message, null, 2)}\n`
  const [{ printHtml, printMarkdown, printText }, report] = await Promise.all([pages(), reportOf(message)])
  switch (format) {
    case 'markdown':
      return printMarkdown(report)
    case 'html':
      return printHtml(report)
    case 'text':
      return printText(report, screen)
  }
}

export const renderMail = async (message: Message): Promise<Mail> =>
  (await pages()).printMail(await reportOf(message))

/** An alarm that goes to a chat needs none of these, so the function loads them when they are first asked for. */
const pages = () => import('./printers/pages.ts')

/** Scans are rare for the function, so their report is loaded with the first. */
export const reportOf = async (message: Message): Promise<Report> =>
  isScan(message) ? (await import('./scan-report.ts')).scanReport(message) : diagnosisReport(message)
