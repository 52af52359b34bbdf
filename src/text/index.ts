// text/ writes texts in the reader's language, with its punctuation, lists, times and durations.
// Every folder that writes for a reader may call it; each joins its own texts with `texts`.
// It knows no findings, receivers or formats. Only this folder may branch on the language.

export { inEachLanguage, isText, NOTHING } from './fill.ts'
export { oneLine } from './one-line.ts'
export { operationWords } from './operations.ts'
export {
  clauses,
  enumerated,
  following,
  listed,
  mark,
  moreOf,
  readableName,
  regionName,
  semicolons,
  sentences,
  withAside,
} from './punctuation.ts'
export { filled, type Param, type Params, t } from './t.ts'
export { type TextOf, type Texts, type Translation, texts } from './texts.ts'
export { clockFor, lengthOf, minuteFor, type TimeZone, timeFor, untilFor, zonedMinuteFor } from './time.ts'
export { clipColumns, pad, widthOf, wrap } from './width.ts'
