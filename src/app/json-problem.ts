// Where a text stops being JSON, and what its writer probably meant. JSON.parse decides whether it is JSON. Its message has no
// position for some mistakes in Node 20, others in Node 22, and never says what to do.

export type JsonMistake =
  | ('empty' | 'start' | 'short' | 'rest' | 'encoding' | 'comment')
  | ('trailing' | 'comma' | 'colon' | 'closer' | 'instead')
  | ('key' | 'value' | 'bare' | 'open' | 'control' | 'escape')

export interface JsonProblem {
  readonly mistake: JsonMistake
  /** From 1. */
  readonly line: number
  /** In characters, from 1. */
  readonly column: number
  /** `instead`, `closer`, `short`: what to write there. */
  readonly meant: string
}

interface Found extends Pick<JsonProblem, 'mistake'> {
  /** In UTF-16 units, from 0. */
  readonly at: number
  readonly meant?: string
}

/** What may stand at a place. `first key`, `first value`: or the end of what was just opened. */
type Wanted = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma' | 'end'

interface Place {
  readonly at: number
  readonly wanted: Wanted
  /** What closes the lists and objects that are open, the innermost last. */
  readonly open: readonly string[]
  /** Where the comma stands that comes right before. Null: something else does. */
  readonly comma: number | null
}

/** Null: the text is JSON. */
export function jsonProblem(text: string): JsonProblem | null {
  let place: Place = { at: 0, wanted: 'value', open: [], comma: null }
  for (;;) {
    const at = endOf(/[ \t\r\n]*/y, text, place.at)
    if (at === text.length) {
      if (place.wanted === 'end') return null
      const meant = place.open.toReversed().join('')
      return placed(text, { mistake: meant === '' ? 'empty' : 'short', at, meant })
    }
    const next = step(text, { ...place, at })
    if ('mistake' in next) return placed(text, next)
    place = next
  }
}

const VALUE = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** Without the quote at its end. Of the control characters JSON refuses those below the space. */
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/uy

/** Where the match that begins at `at` ends. `at` itself if nothing matches there. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

/** Reads one string, value or sign. */
function step(text: string, place: Place): Place | Found {
  const { at, wanted, open } = place
  const sign = text[at] ?? ''
  const after = (end: number, own = open): Place => ({
    at: end,
    wanted: own.length > 0 ? 'comma' : 'end',
    open: own,
    comma: null,
  })
  const isKey = wanted === 'key' || wanted === 'first key'
  const isValue = wanted === 'value' || wanted === 'first value'
  if (sign === '"' && (isKey || isValue)) {
    const end = endOf(STRING, text, at)
    if (text[end] !== '"') return brokenString(text, at, end)
    return isKey ? { at: end + 1, wanted: 'colon', open, comma: null } : after(end + 1)
  }
  if (isValue) {
    if (sign === '{') return { at: at + 1, wanted: 'first key', open: [...open, '}'], comma: null }
    if (sign === '[') return { at: at + 1, wanted: 'first value', open: [...open, ']'], comma: null }
    const end = endOf(VALUE, text, at)
    if (end > at) return after(end)
  }
  if (wanted === 'colon' && sign === ':') return { at: at + 1, wanted: 'value', open, comma: null }
  if (wanted === 'comma' && sign === ',')
    return { at: at + 1, wanted: open.at(-1) === '}' ? 'key' : 'value', open, comma: at }
  const mayClose = wanted === 'comma' || wanted === 'first key' || wanted === 'first value'
  return mayClose && sign === open.at(-1) ? after(at + 1, open.slice(0, -1)) : unexpected(text, place)
}

function brokenString(text: string, start: number, end: number): Found {
  const sign = text[end]
  if (sign === '\\') return { mistake: 'escape', at: end }
  return sign === undefined || sign === '\n' || sign === '\r'
    ? { mistake: 'open', at: start }
    : { mistake: 'control', at: end }
}

/** Signs that input methods and word processors write, and what they stand for. */
const MEANT: Readonly<Record<string, string>> = {
  ...Object.fromEntries([..."'`‘’“”„＂「」"].map((sign) => [sign, '"'])),
  ...Object.fromEntries([...'，、；;'].map((sign) => [sign, ','])),
  ...{ '：': ':', '=': ':', '｛': '{', '｝': '}', '［': '[', '【': '[', '］': ']', '】': ']' },
}

function unexpected(text: string, { at, wanted, open, comma }: Place): Found {
  const sign = text[at] ?? ''
  if (/^(?:\/[/*]|#)/.test(text.slice(at, at + 2))) return { mistake: 'comment', at }
  if (sign === '\u0000' || sign === '\ufffd') return { mistake: 'encoding', at }
  if (comma !== null && sign === open.at(-1)) return { mistake: 'trailing', at: comma }
  const meant = MEANT[sign]
  if (meant !== undefined) return { mistake: 'instead', at, meant }
  if (wanted === 'colon') return { mistake: 'colon', at }
  if (wanted === 'end') return { mistake: 'rest', at }
  if (wanted === 'comma')
    return sign === '}' || sign === ']'
      ? { mistake: 'closer', at, meant: open.at(-1) ?? '' }
      : { mistake: 'comma', at }
  if (open.length === 0) return { mistake: 'start', at }
  if (/[\p{L}\p{N}_$]/u.test(sign)) return { mistake: 'bare', at }
  return { mistake: wanted === 'key' || wanted === 'first key' ? 'key' : 'value', at }
}

function placed(text: string, { mistake, at, meant = '' }: Found): JsonProblem {
  const lines = text.slice(0, at).split(/\r\n|\n|\r/)
  return { mistake, line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1, meant }
}
