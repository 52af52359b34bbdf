import type { Report } from '../blocks.ts'
import { piece } from './chat.ts'
import { chatLines, type Markup, titleText } from './chat-summary.ts'
import { oneLine } from './safe.ts'

/** Alertmanager's receivers have limits of their own. This is below that of each of them but WeCom's. */
const LIMIT = 2_500

export interface AlertTexts {
  readonly summary: string
  readonly description: string
}

/** Prints the annotations of an alert: plain text, because Alertmanager's receivers have different markup. */
export function printAlert(report: Report): AlertTexts {
  const { lines } = chatLines(report, MARKUP, {
    head: piece(report.title.brief, titleText(report, 200)),
    room: LIMIT,
    costOf: (line) => line.length + 1,
  })
  return { summary: oneLine(report.notification), description: lines.join('\n') }
}

const MARKUP: Markup = {
  plain: oneLine,
  bold: (text) => text,
  small: (text) => text,
  link: (text, url) => `${text} (${url})`,
  quote: (text) => `  ${text}`,
  code: (line) => `  ${line}`,
  mention: () => null,
}
