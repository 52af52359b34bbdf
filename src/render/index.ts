import type { Format } from '../model/formats.ts'
import type { IncidentDetails, IncidentPage } from '../model/incident.ts'
import { isDiagnosis, isNotice, isScan, type Message } from '../model/message.ts'
import type { Report } from './blocks.ts'
import type { ButtonPage, RefusedLink } from './incidents/button.ts'
import type { IncidentPageContent } from './incidents/page.ts'
import type { Reader } from './incidents/words.ts'
import { jsonFormOf } from './json.ts'
import { isOfOne, noticeReport } from './notice.ts'
import { type AlertTexts, printAlert } from './printers/alert.ts'
import type { Mail } from './printers/mail.ts'
import type { Screen } from './printers/text.ts'
import { diagnosisReport } from './report.ts'

// render/ turns a message into a text for people. First it makes a report of blocks (report.ts, scan-report.ts, notice.ts,
// gathered.ts), which is the same for all receivers. Then a printer (printers/) writes the report in one format.
// app/ and delivery/ call it through this file. A receiver may also import the printer that has its name.
// It adds no facts of its own: no API calls, no checks, no clock.

export type { Report } from './blocks.ts'
export type { ButtonPage, RefusedLink } from './incidents/button.ts'
export type { IncidentPageContent } from './incidents/page.ts'
export { jsonFormOf } from './json.ts'
export type { Mail } from './printers/mail.ts'
export type { Screen } from './printers/text.ts'
export type { Extent } from './printers/ticket.ts'

const PLAIN_SCREEN: Screen = { color: false, width: 100 }

/** Renders the message in one format. Only the format `text` uses `screen`. */
export async function renderAs(
  format: Format,
  message: Message,
  screen: Screen = PLAIN_SCREEN,
): Promise<string> {
  if (format === 'json') return `${JSON.stringify(jsonFormOf(message), null, 2)}\n`
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

/** Incidents for a terminal: a page of them, or one with what happened. */
export async function renderIncidents(
  shown: IncidentPage | IncidentDetails,
  reader: Reader,
  screen: Screen,
): Promise<string> {
  const { printIncident, printIncidents } = await pages()
  return 'incidents' in shown ? printIncidents(shown, reader, screen) : printIncident(shown, reader, screen)
}

/** The page of an incident. */
export async function renderIncidentPage(content: IncidentPageContent): Promise<string> {
  const [{ printIncidentPage }, report] = await Promise.all([
    pages(),
    content.notice === null ? null : reportOf(content.notice),
  ])
  return printIncidentPage(content, report)
}

/** A page of one button, or what pressing it did. */
export const renderButtonPage = async (page: ButtonPage): Promise<string> =>
  (await pages()).printButtonPage(page)

/** What to do about a link that is refused. It says nothing about an incident. */
export const renderRefusedLink = async (page: RefusedLink): Promise<string> =>
  (await pages()).printRefusedLink(page)

/** The annotations of an alert, for every receiver that takes alerts. */
export const renderAlert = async (message: Message): Promise<AlertTexts> =>
  printAlert(await reportOf(message))

/** Chat messages do not need these printers. Loading them at the first use makes the function start faster. */
const pages = () => import('./printers/pages.ts')

/**
 * Makes the report of a message. The function rarely scans and mostly tells of one CLB, so the code for other messages is
 * loaded at the first use.
 */
export async function reportOf(message: Message): Promise<Report> {
  if (isScan(message)) return (await import('./scan-report.ts')).scanReport(message)
  if (isDiagnosis(message)) return diagnosisReport(message)
  if (isNotice(message) && isOfOne(message)) return noticeReport(message)
  return (await import('./gathered.ts')).gatheredReport(message)
}
