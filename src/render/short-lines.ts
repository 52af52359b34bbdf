import type { Language } from '../model/language.ts'
import { mark } from '../text/index.ts'
import type { Report } from './blocks.ts'
import { clip } from './printers/safe.ts'

/** In characters. A longer name would leave no room for what happened. */
const LONGEST_NAME = 60

/**
 * The lines that stand for a whole report: its state, and what happened in a sentence. A sentence that has the words of the
 * state stands alone. `name`: empty if the state counts several CLBs.
 */
export function shortLines(
  { state, name }: { readonly state: string; readonly name: string },
  text: string,
  language: Language,
): Pick<Report, 'preheader' | 'notification'> {
  const short = clip(name, LONGEST_NAME)
  const isSaid = text.toLowerCase().includes(state.toLowerCase())
  const lead = [...(isSaid && text !== state ? [] : [state]), ...(short === '' ? [] : [short])].join(' ')
  const rest = text === state ? '' : text
  const joined = (first: string): string =>
    [first, rest].filter((part) => part !== '').join(mark('colon', language))
  return { preheader: joined(isSaid && rest !== '' ? '' : state), notification: joined(lead) }
}
