import { splitAt, type Token } from './tokens.ts'

/** One element of a set or map: `10.0.0.0/8 . 80 : drop`. */
export interface Element {
  /** One value for each part of the key. `*`: any other key. */
  readonly key: readonly string[]
  /** Of a map. */
  readonly data: readonly Token[]
}

export const isWildcard = ({ key }: Element): boolean => key[0] === '*'

/** What stands between the braces. Time-outs, counters and comments of elements are left out. */
export const elementsOf = (tokens: readonly Token[]): readonly Element[] =>
  splitAt(
    tokens.filter(({ text }) => text !== '\n'),
    ({ text }) => text === ',',
  ).map(elementOf)

function elementOf(tokens: readonly Token[]): Element {
  const [left = [], ...right] = splitAt(tokens, ({ text }) => text === ':')
  const key: string[] = []
  for (let i = 0; i < left.length; i += 2) {
    key.push(left[i]?.text ?? '')
    if (left[i + 1]?.text !== '.') break
  }
  return { key, data: right.flat() }
}

/** The parts of a value: `10.0.0.1 . 80`. */
export const partsOf = (tokens: readonly Token[]): readonly string[] =>
  tokens.filter(({ text }) => text !== '.').map(({ text }) => text)
