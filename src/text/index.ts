// What it is for: one text in the reader's language, with its punctuation, lists, times and lengths.
// Who may call it: every room that writes for a reader. Each folder joins its own texts with `texts`.
// What it may not do: know a finding, a receiver or a format. No other room asks which language it is.

export { inEachLanguage, NOTHING } from './fill.ts'
export {
  clauses,
  enumerated,
  following,
  listed,
  mark,
  moreOf,
  semicolons,
  sentences,
  withAside,
} from './punctuation.ts'
export { filled, type Param, type Params, t } from './t.ts'
export { type TextOf, type Texts, type Translation, texts } from './texts.ts'
export { lengthOf, timeFor, untilFor } from './time.ts'
export { clipColumns, pad, widthOf, wrap } from './width.ts'
