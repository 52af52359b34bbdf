import { remainderText } from '../checks/index.ts'
import type { HopVerdict } from '../model/diagnosis.ts'
import type { Language, Text } from '../model/language.ts'
import type { HopNote } from '../path/index.ts'
import type { Params } from '../text/index.ts'
import { t } from '../text/index.ts'
import { TEXTS } from './texts.ts'

/** One text per note. */
const NOTES: Readonly<Record<HopNote['code'], Text>> = TEXTS.notes

export const noteText = (note: HopNote, language: Language): string =>
  t(NOTES[note.code], paramsOf(note), language)

function paramsOf(note: HopNote): Params {
  switch (note.code) {
    case 'unread':
      return { actions: [...new Set(note.failures.map(({ action, code }) => `${action} (${code})`))] }
    case 'type-unknown':
      return { type: note.type }
    case 'not-found':
      return { id: note.id }
    case 'service-groups':
      return { service: note.service }
    case 'source-disagrees':
      return { verdicts: note.verdicts.map(({ via, verdict }) => `${via}: ${verdict}`) }
    case 'reply-ports':
      return { closed: note.closed }
    case 'remainder':
      return { remainder: remainderText(note.remainder) }
    default:
      return {}
  }
}

/** True for notes that leave a question open, which become gaps. Other notes explain a verdict. */
export const isOpen = (note: HopNote, verdict: HopVerdict): boolean =>
  verdict === 'unknown' && note.code !== 'guest-unseen'
