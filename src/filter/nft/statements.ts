import { destinationsOf } from '../iptables/destinations.ts'
import { intoZone, PASSING, untracked } from '../iptables/targets.ts'
import { numberOf } from '../names.ts'
import type { DnatChoice, Flow, Step, Verdict } from '../program.ts'
import { isTracked, MAYBE } from '../tests.ts'
import { partsOf } from './elements.ts'
import type { Field } from './field.ts'
import { takeFields, takeSet } from './matches.ts'
import { hits } from './sets.ts'
import type { NftTable } from './text.ts'
import type { Cursor } from './tokens.ts'
import { isVerdict, takeVerdict } from './verdicts.ts'

type Take = (cursor: Cursor, table: NftTable) => readonly Step[]

const MATCH_MAYBE: Step = { kind: 'match', test: MAYBE }

const change = (apply: (flow: Flow) => Flow): Step => ({ kind: 'change', change: apply })
const verdictStep = (verdict: Verdict): Step => ({ kind: 'verdict', verdict })

const skipping =
  (count: number): Take =>
  (cursor) => {
    cursor.skip(count)
    return []
  }

const counter: Take = (cursor) => {
  if (cursor.take('packets')) cursor.skip(3)
  else if (cursor.take('name')) cursor.skip(1)
  return []
}

const LOG_VALUES = ['prefix', 'level', 'group', 'snaplen', 'queue-threshold']
const LOG_FLAGS = ['flags', 'tcp', 'ip', 'sequence', 'options', 'skuid', 'ether', 'all', ',']

const log: Take = (cursor) => {
  for (;;) {
    if (cursor.take(...LOG_VALUES)) cursor.skip(1)
    else if (!cursor.take(...LOG_FLAGS)) return []
  }
}

/** `limit rate over 10 mbytes/second burst 5 packets` */
const limit: Take = (cursor) => {
  if (cursor.take('name')) cursor.skip(1)
  else {
    cursor.take('rate')
    cursor.take('over')
    if (!cursor.next().includes('/')) cursor.skip(1)
    if (cursor.take('burst')) cursor.skip(2)
  }
  return [MATCH_MAYBE]
}

const quota: Take = (cursor) => {
  if (cursor.take('name')) cursor.skip(1)
  else {
    cursor.take('over', 'until')
    cursor.skip(2)
    if (cursor.take('used')) cursor.skip(2)
  }
  return [MATCH_MAYBE]
}

/** `add @set { ip saddr limit rate 3/minute }`: with a limit, it matches as the limit does. */
const write: Take = (cursor) => {
  cursor.skip(1)
  if (cursor.peek() !== '{') return []
  const words = cursor.block().map(({ text }) => text)
  return words.some((word) => word === 'limit' || word === 'count' || word === 'quota') ? [MATCH_MAYBE] : []
}

const meter: Take = (cursor) => {
  while (!cursor.isAtEnd() && cursor.peek() !== '{') cursor.skip(1)
  cursor.block()
  return [MATCH_MAYBE]
}

/** What nft cannot print of a rule of iptables. */
const extension: Take = (cursor) => {
  const kind = cursor.next()
  const name = cursor.next()
  if (kind !== 'target') return [MATCH_MAYBE]
  return PASSING.has(name) ? [] : [verdictStep({ kind: 'unclear' })]
}

type Operand = (flow: Flow) => number | null

/** Null: not understood. */
function takeOperand(cursor: Cursor): Operand | null {
  const first = cursor.next()
  if (first === 'mark' || (first === 'meta' && cursor.take('mark'))) return ({ mark }) => mark
  if (first === 'ct' && cursor.take('mark')) return ({ ctMark }) => ctMark
  const number = numberOf(first)
  return number === null ? null : () => number
}

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  and: (a, b) => (a & b) >>> 0,
  or: (a, b) => (a | b) >>> 0,
  xor: (a, b) => (a ^ b) >>> 0,
}
const SIGNS: Readonly<Record<string, string>> = { '&': 'and', '|': 'or', '^': 'xor' }

/** `mark and 0xffff0000 xor 0x1`. Null: not understood, and what is left out up to the next effect may be matches. */
function takeMark(cursor: Cursor): Operand | null {
  let value = takeOperand(cursor)
  while (value !== null) {
    const word = cursor.take('and', 'or', 'xor', '&', '|', '^')
    if (word === null) return value
    value = combined(value, OPERATIONS[SIGNS[word] ?? word], numberOf(cursor.next()))
  }
  skipToEffect(cursor)
  return null
}

/** Of a value that is not understood the result is not known. */
const setting =
  (set: (flow: Flow, value: number | null) => Flow): Take =>
  (cursor) => {
    // A packet without a connection has no mark of one, and the rule ends there.
    const needs: readonly Step[] = cursor.peek() === 'ct' ? [{ kind: 'match', test: isTracked }] : []
    const value = takeMark(cursor)
    const step = change((flow) => set(flow, value === null ? null : value(flow)))
    return [...needs, step, ...(value === null ? [MATCH_MAYBE] : [])]
  }

function combined(
  read: Operand,
  apply: ((a: number, b: number) => number) | undefined,
  number: number | null,
): Operand | null {
  if (number === null || apply === undefined) return null
  return (flow) => {
    const mark = read(flow)
    return mark === null ? null : apply(mark, number)
  }
}

const setMark = setting((flow, mark) => ({ ...flow, mark }))
const setCtMark = setting((flow, ctMark) => (isTracked(flow) === true ? { ...flow, ctMark } : flow))
const setZone = setting((flow, zone) => intoZone(zone)(flow))
/** A zone of one direction is not followed. */
const setAnyZone = setting((flow) => intoZone(null)(flow))

/** `dnat ip to 10.0.0.1:80`, `dnat to numgen random mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }` */
const dnat: Take = (cursor, table) => {
  cursor.take('ip', 'ip6')
  if (cursor.take('addr')) cursor.skip(2)
  if (!cursor.take('to')) return [verdictStep({ kind: 'unclear' })]
  const fields = takeFields(cursor)
  const to = fields === null ? destinationsOf(cursor.next()) : mapped(fields, cursor, table)
  return [verdictStep({ kind: 'dnat', to })]
}

/** Where a map sends the packets. Nowhere, if it is not understood. */
function mapped(
  fields: readonly Field[],
  cursor: Cursor,
  table: NftTable,
): (flow: Flow) => readonly DnatChoice[] {
  const set = cursor.take('map') ? takeSet(cursor, table) : null
  const choices = (set === null ? [] : [...hits(fields, set)]).map(({ element, test }) => {
    const [address = '', port] = partsOf(element.data)
    return { test, address, port: port === undefined ? null : numberOf(port) }
  })
  return (flow) => choices.map(({ test, ...to }) => ({ ...to, matched: test(flow) }))
}

const redirect: Take = (cursor) => {
  const port = cursor.take('to') ? cursor.next().replace(/^:/, '') : ''
  return [verdictStep({ kind: 'dnat', to: destinationsOf(`here:${port}`) })]
}

const STATEMENTS: Readonly<Record<string, Take>> = {
  counter,
  log,
  limit,
  quota,
  meter,
  redirect,
  dnat,
  comment: skipping(1),
  last: (cursor) => (cursor.take('used') ? skipping(1)(cursor, {} as NftTable) : []),
  add: write,
  update: write,
  delete: write,
  xt: extension,
  '#': () => [MATCH_MAYBE],
  notrack: () => [change(untracked)],
  masquerade: () => [verdictStep({ kind: 'snat' })],
  snat: () => [verdictStep({ kind: 'snat' })],
  'meta mark set': setMark,
  'mark set': setMark,
  'ct mark set': setCtMark,
  'meta priority set': skipping(1),
  'meta nftrace set': skipping(1),
  'ct helper set': skipping(1),
  'ct timeout set': skipping(1),
  'ct expectation set': skipping(1),
  'ct zone set': setZone,
  'ct original zone set': setAnyZone,
  'ct reply zone set': setAnyZone,
  'ct label set': skipping(1),
  'flow add': skipping(1),
  'flow offload': skipping(1),
  'ct count': (cursor) => {
    cursor.take('over')
    cursor.skip(1)
    return [MATCH_MAYBE]
  },
  'tcp option maxseg size set': (cursor) => {
    cursor.skip(cursor.peek() === 'rt' ? 2 : 1)
    return []
  },
}

const LONGEST = 5

/** The statement that begins here, and how many words name it. Null: none. */
function statementAt(cursor: Cursor): { readonly key: string; readonly length: number } | null {
  if (cursor.token()?.isQuoted) return null
  const words: string[] = []
  for (let i = 0; i < LONGEST; i++) words.push(cursor.peek(i))
  for (let length = LONGEST; length > 0; length--) {
    const key = words.slice(0, length).join(' ')
    if (STATEMENTS[key]) return { key, length }
  }
  return null
}

/** Leaves out words that are not understood, up to a verdict or to a statement that changes the packet. */
export function skipToEffect(cursor: Cursor): void {
  for (; !cursor.isAtEnd(); cursor.skip(1)) {
    // `ct status dnat` is no verdict.
    if (cursor.take('status') && !cursor.isAtEnd()) continue
    if (isVerdict(cursor) || / set$|^notrack$/.test(statementAt(cursor)?.key ?? '')) return
  }
}

/** One statement that is no match. Null: the next words are none. */
export function takeStatement(cursor: Cursor, table: NftTable): readonly Step[] | null {
  const verdict = takeVerdict(cursor)
  if (verdict) return [verdictStep(verdict)]
  const found = statementAt(cursor)
  if (found === null) return null
  cursor.skip(found.length)
  return (STATEMENTS[found.key] as Take)(cursor, table)
}
