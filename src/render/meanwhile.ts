import type { Change, Diagnosis } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { minuteFor, semicolons, t } from '../text/index.ts'
import { changeWords } from './changes.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.meanwhile

/** What mended a recovered CLB, or what was changed between the alarm and its end. A line at most. */
export function meanwhileLines(diagnosis: Diagnosis, language: Language): readonly string[] {
  const { changes, mendedBy, changedMeanwhile = [] } = diagnosis
  const own = mendedBy && changes[mendedBy.change]
  if (own) {
    const params = { ...wordsOf(own, 'first', diagnosis, language), count: mendedBy.backends }
    return [t(WORDS.mended, params, language)]
  }
  const told = changedMeanwhile
    .flatMap((i) => changes[i] ?? [])
    .map((change) => changeLine(change, diagnosis, language))
  return told.length === 0 ? [] : [t(WORDS.changed, { changes: semicolons(told, language) }, language)]
}

type Reader = Pick<Diagnosis, 'createdAt' | 'timeZone'>

/** Who did what when, within a sentence. */
export const changeLine = (change: Change, reader: Reader, language: Language): string =>
  t(WORDS.change, wordsOf(change, 'within', reader, language), language)

function wordsOf(
  change: Change,
  place: 'first' | 'within',
  { createdAt, timeZone }: Reader,
  language: Language,
) {
  const time = minuteFor(change.at, createdAt, language, timeZone)
  return { ...changeWords(change, place, language), time }
}
