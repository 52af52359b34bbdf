import { splitAt, type Token } from './tokens.ts'

/** One element of a set or map: `10.0.0.0/8 . 80 : drop`. */
export interface Element {
  /** One value for each part of the key. `*`: any other key. */
  readonly key: readonly string[]
  /** Of a map. */
  readonly data: readonly Token[]
}

/** What may stand behind a key. */
const ATTRIBUTES = new Set(['timeout', 'expires', 'counter', 'limit', 'quota', 'last', 'ct', 'comment'])

export const isWildcard = ({ key }: Element): boolean => key[0] === '*'

/** What stands between the braces. Time-outs, counters and comments of elements are left out. */
export const elementsOf = (tokens: readonly Token[]): readonly Element[] =>
  splitAt(
    tokens.filter(({ text }) => text !== '\n'),
    ({ text }) => text === ',',
  ).map(elementOf)

function elementOf(tokens: readonly Token[]): Element {
  const [left = [], ...right] = splitAt(tokens, ({ text }) => text === ':')
  const end = left.findIndex(({ text, isQuoted }) => !isQuoted && ATTRIBUTES.has(text))
  const key = splitAt(end < 0 ? left : left.slice(0, end), ({ text }) => text === '.')
  return { key: key.map((part) => part.map(({ text }) => text).join(' ')), data: right.flat() }
}

/** The parts of a value: `10.0.0.1 . 80`. */
export const partsOf = (tokens: readonly Token[]): readonly string[] =>
  tokens.filter(({ text }) => text !== '.').map(({ text }) => text)
