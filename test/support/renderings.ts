import { isDiagnosis, isScan, type Message } from '../../src/model/message.ts'
import type { Report } from '../../src/render/blocks.ts'
import { gatheredReport } from '../../src/render/gathered.ts'
import type { Mail } from '../../src/render/printers/mail.ts'
import { printHtml, printMail, printMarkdown, printText } from '../../src/render/printers/pages.ts'
import type { Screen } from '../../src/render/printers/text.ts'
import { printWecom } from '../../src/render/printers/wecom.ts'
import { diagnosisReport } from '../../src/render/report.ts'
import { scanReport } from '../../src/render/scan-report.ts'

// Synchronous renderings. The product loads its printers only when it needs them.

export function reportOf(message: Message): Report {
  if (isScan(message)) return scanReport(message)
  if (isDiagnosis(message)) return diagnosisReport(message)
  return gatheredReport(message)
}

export const renderText = (message: Message, screen: Screen): string => printText(reportOf(message), screen)
export const renderMarkdown = (message: Message): string => printMarkdown(reportOf(message))
export const renderHtml = (message: Message): string => printHtml(reportOf(message))
export const renderMail = (message: Message): Mail => printMail(reportOf(message))
export const renderWecom = (message: Message): string => printWecom(reportOf(message)).text
