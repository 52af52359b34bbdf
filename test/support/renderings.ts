import { isDiagnosis, isNotice, isScan, type Message } from '../../src/model/message.ts'
import type { Report } from '../../src/render/blocks.ts'
import { noticeReport } from '../../src/render/notice.ts'
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
  if (isNotice(message)) return noticeReport(message)
  throw new Error(`no rendering of a ${message.kind} here`)
}

export const renderText = (message: Message, screen: Screen): string => printText(reportOf(message), screen)
export const renderMarkdown = (message: Message): string => printMarkdown(reportOf(message))
export const renderHtml = (message: Message): string => printHtml(reportOf(message))
export const renderMail = (message: Message): Mail => printMail(reportOf(message))
export const renderWecom = (message: Message): string => printWecom(reportOf(message))
