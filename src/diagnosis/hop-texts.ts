import { remainderText } from '../checks/index.ts'
import type { Language, Text } from '../model/language.ts'
import type { BareNote, HopNote } from '../path/index.ts'
import type { Params } from '../text/index.ts'
import { t } from '../text/index.ts'
import { TEXTS } from './texts.ts'

type Noted = HopNote | BareNote

/** One text per note. */
const NOTES: Readonly<Record<Noted['code'], Text>> = TEXTS.notes

export const noteText = (note: Noted, language: Language): string =>
  t(NOTES[note.code], paramsOf(note), language)

function paramsOf(note: Noted): Params {
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
    case 'guest-first-port':
      return { port: note.port ?? '-' }
    case 'reply-ports':
      return { closed: note.closed }
    case 'remainder':
      return { remainder: remainderText(note.remainder) }
    default:
      return {}
  }
}
