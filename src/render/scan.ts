import type { Scan } from '../model/scan.ts'
import type { Mail } from './mail.ts'
import { renderScanHtml } from './scan-html.ts'
import { word } from './scan-messages.ts'
import { renderScanText } from './scan-text.ts'

// Loaded where a scan is told: the function has these in the file of its scan (dist/scan.cjs).

export { renderScanWecom } from './scan-wecom.ts'

export const renderScanMail = (scan: Scan): Mail => ({
  subject: `[clb-doctor] ${word('title', scan.language)}`,
  text: renderScanText(scan, { color: false, width: 76 }),
  html: renderScanHtml(scan),
})
