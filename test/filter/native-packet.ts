// A packet as the rules of native-lists.ts ask for it. This code shares nothing with the evaluator, so that a mistake in one
// is not a mistake in both.

/** `chance`: nobody can tell from the text. */
export type Answer = boolean | 'chance'

export interface Packet {
  readonly leg: 'request' | 'reply' | 'data' | 'answer'
  readonly source: string
  readonly destination: string
  readonly protocol: string
  /** The prober's own port is any of 1024–65535. Null: the packet has none, so nobody knows what stands there. */
  readonly sport: number | 'any' | null
  readonly dport: number | 'any' | null
  readonly flags: readonly string[]
  input: string
  output: string
  ct: 'invalid' | 'new' | 'established' | 'related' | 'untracked'
  mark: number
  /** Against the direction of the connection's first packet. */
  isReply: boolean
  /** An answer of the connection has come before, or is this packet. */
  hasReply: boolean
  readonly connection: { mark: number; isKnown: boolean; isSpoiled: boolean; isReversed: boolean }
}

export const notOf = (answer: Answer): Answer => (answer === 'chance' ? answer : !answer)

export const allOf = (answers: readonly Answer[]): Answer =>
  answers.includes(false) ? false : answers.includes('chance') ? 'chance' : true

const number = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** An address, a prefix or a range. */
function isIn(address: string, text: string): boolean {
  const [from = '', to] = text.split('-')
  if (to !== undefined) return number(from) <= number(address) && number(address) <= number(to)
  const [network = '', bits = '32'] = text.split('/')
  const size = 2 ** (32 - Number(bits))
  return Math.floor(number(address) / size) === Math.floor(number(network) / size)
}

export const addressMatches = (address: string, values: readonly string[]): boolean =>
  values.some((text) => isIn(address, text))

const rangeOf = (text: string): readonly [number, number] => {
  const [from = 0, to = from] = text.split('-').map(Number)
  return [from, to]
}

export function portMatches(port: Packet['sport'], values: readonly string[]): Answer {
  if (port === null) return 'chance'
  const ranges = values.map(rangeOf)
  if (port !== 'any') return ranges.some(([from, to]) => from <= port && port <= to)
  if (ranges.some(([from, to]) => from <= 1024 && to === 65535)) return true
  return ranges.some(([, to]) => to >= 1024) ? 'chance' : false
}
