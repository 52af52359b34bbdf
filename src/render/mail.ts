import type { Diagnosis } from '../model/diagnosis.ts'
import { renderHtml } from './html.ts'
import { clip, oneLine } from './safe.ts'
import { renderText } from './text.ts'
import { viewOf } from './view.ts'

// Mail and pages, loaded where one is asked for: the function has these in a file of their own (dist/html.cjs).

export { renderHtml } from './html.ts'

export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** The subject names the CLB alone: mail programs thread by it, and the state changes. */
export function renderMail(diagnosis: Diagnosis): Mail {
  const clb = diagnosis.loadBalancer
  const region = clb?.region ? ` (${clb.region})` : ''
  const name = clb ? `${clb.id}${clb.name ? ` ${clb.name}` : ''}${region}` : viewOf(diagnosis).name
  return {
    subject: `[clb-doctor] ${clip(oneLine(name), 120)}`,
    text: renderText(diagnosis, { color: false, width: 76 }),
    html: renderHtml(diagnosis),
  }
}
