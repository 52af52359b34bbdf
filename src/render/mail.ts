import { isScan, type Message } from '../model/message.ts'
import { renderHtml } from './html.ts'
import { clip, oneLine } from './safe.ts'
import { renderScanHtml } from './scan-html.ts'
import { word } from './scan-messages.ts'
import { renderScanText } from './scan-text.ts'
import { renderText } from './text.ts'
import { viewOf } from './view.ts'

export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

const SCREEN = { color: false, width: 76 } as const

/** The subject names the CLB alone: mail programs thread by it, and the state changes. */
export function renderMail(message: Message): Mail {
  if (isScan(message))
    return {
      subject: `[clb-doctor] ${word('title', message.language)}`,
      text: renderScanText(message, SCREEN),
      html: renderScanHtml(message),
    }
  const diagnosis = message
  const clb = diagnosis.loadBalancer
  const region = clb?.region ? ` (${clb.region})` : ''
  const name = clb ? `${clb.id}${clb.name ? ` ${clb.name}` : ''}${region}` : viewOf(diagnosis).name
  return {
    subject: `[clb-doctor] ${clip(oneLine(name), 120)}`,
    text: renderText(diagnosis, SCREEN),
    html: renderHtml(diagnosis),
  }
}
