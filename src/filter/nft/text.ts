import type { Base, Chain, Hook, Rule, Step, Table } from '../program.ts'
import { type Element, elementsOf } from './elements.ts'
import { Cursor, splitAt, type Token, tokensOf } from './tokens.ts'

// The blocks of `nft list ruleset`: tables with their sets, maps and chains.

export interface NamedSet {
  readonly elements: readonly Element[]
  /** Rules add elements to it or take them away, so it changes with the packets that come. */
  readonly isWritten: boolean
}

export interface NftTable extends Table {
  readonly sets: Map<string, NamedSet>
  /** iptables-nft made it. */
  isOfIptables: boolean
}

/** Compiles one rule. `raw` is its text as it is printed. */
export type Compile = (tokens: readonly Token[], raw: string, table: NftTable) => readonly Step[]

const FAMILIES = ['ip', 'ip6', 'inet', 'netdev', 'bridge', 'arp']

export function parseNft(text: string, compile: Compile): readonly NftTable[] {
  const cursor = new Cursor(tokensOf(text))
  const managed = new Set(
    [...text.matchAll(/# Warning: table (\S+ \S+) is managed by iptables/g)].map(([, name]) => name),
  )
  const tables: NftTable[] = []
  while (!cursor.isAtEnd()) {
    const [word, family, name, brace] = [0, 1, 2, 3].map((ahead) => cursor.peek(ahead))
    if (word !== 'table' || brace !== '{' || !FAMILIES.includes(family ?? '')) {
      cursor.skip(1)
      continue
    }
    cursor.skip(3)
    const table = tableOf(`${family} ${name}`, cursor.block(), { text, compile })
    if (table === null) continue
    table.isOfIptables = managed.has(table.name) || hasBuiltInChains(table)
    tables.push(table)
  }
  return tables
}

interface Source {
  readonly text: string
  readonly compile: Compile
}

function tableOf(name: string, tokens: readonly Token[], source: Source): NftTable | null {
  const family = name.split(' ')[0] as Table['family'] | 'arp'
  // ARP is no way for a probe.
  if (family === 'arp') return null
  const table: NftTable = {
    layer: 'nft',
    family,
    name,
    chains: new Map(),
    sets: new Map(),
    isOfIptables: false,
  }
  const cursor = new Cursor(tokens)
  const written = writtenSets(tokens)
  let isDormant = false
  while (!cursor.isAtEnd()) {
    const kind = cursor.next()
    if (kind === 'flags' && cursor.peek() === 'dormant') isDormant = true
    if (cursor.peek(1) === '{' && (kind === 'chain' || kind === 'set' || kind === 'map')) {
      const own = cursor.next()
      const block = cursor.block()
      if (kind === 'chain') table.chains.set(own, chainOf(table, own, block, source))
      else table.sets.set(own, { elements: setElements(block), isWritten: written.has(own) })
    } else if (cursor.peek() === '{') cursor.block()
  }
  return isDormant ? null : table
}

/** The sets that a rule writes to: `add @name { … }`. */
function writtenSets(tokens: readonly Token[]): ReadonlySet<string> {
  const written = new Set<string>()
  tokens.forEach(({ text }, i) => {
    const before = tokens[i - 1]?.text ?? ''
    if (text.startsWith('@') && ['add', 'update', 'delete'].includes(before)) written.add(text.slice(1))
  })
  return written
}

const isLineEnd = ({ text }: Token): boolean => text === '\n' || text === ';'

function setElements(block: readonly Token[]): readonly Element[] {
  for (const line of splitAt(block, isLineEnd)) {
    const cursor = new Cursor(line)
    if (cursor.take('elements') && cursor.take('=')) return elementsOf(cursor.block())
  }
  return []
}

function chainOf(table: NftTable, name: string, block: readonly Token[], source: Source): Chain {
  const chain: Chain = { table, name, rules: [], base: null }
  for (const line of splitAt(block, isLineEnd)) {
    const [first, second] = [line[0]?.text, line[1]?.text]
    if (first === 'type') chain.base = baseOf(line)
    else if (first === 'policy' && chain.base)
      chain.base = { ...chain.base, policy: second === 'drop' ? 'drop' : 'accept' }
    else if (first !== 'comment') chain.rules.push(ruleOf(chain, table, line, source))
  }
  if (chain.base) chain.base = { ...chain.base, packets: countAtEnd(chain) }
  return chain
}

/** The packets of a last rule that does nothing but count are those that the policy decides. */
function countAtEnd({ rules }: Chain): number | null {
  const last = rules.at(-1)
  return last && /^counter(?: log(?: prefix "[^"]*")?(?: level \w+)?)?$/.test(last.text) ? last.packets : null
}

const COUNTER = /\bcounter packets (\d+) bytes \d+/

function ruleOf(chain: Chain, table: NftTable, line: readonly Token[], { text, compile }: Source): Rule {
  const tokens = line.filter((token) => token.text !== '\n')
  const raw = text.slice(lineStart(text, line[0]?.from ?? 0), line.at(-1)?.to)
  const packets = COUNTER.exec(raw)?.[1]
  let steps: readonly Step[] | undefined
  return {
    chain,
    index: chain.rules.length + 1,
    text: printed(raw),
    packets: packets === undefined ? null : Number(packets),
    targets: () => targetsOf(tokens, table),
    steps: () => {
      steps ??= compile(tokens, raw, table)
      return steps
    },
  }
}

/** The place after the tabs of the line: a rule of iptables may begin with a blank. */
function lineStart(text: string, from: number): number {
  let start = from
  while (text[start - 1] === ' ') start--
  return start
}

/** As `nft -s list ruleset` prints it, in one line. */
const printed = (raw: string): string =>
  raw
    .replace(COUNTER, 'counter')
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/\s+/g, ' ')))
    .join('')
    .trim()

function targetsOf(tokens: readonly Token[], table: NftTable): readonly string[] {
  const all = [...tokens, ...tokens.flatMap(({ text }) => mapData(text, table))]
  return all.flatMap(({ text }, i) => (text === 'jump' || text === 'goto' ? (all[i + 1]?.text ?? []) : []))
}

const mapData = (text: string, { sets }: NftTable): readonly Token[] =>
  text.startsWith('@') ? (sets.get(text.slice(1))?.elements.flatMap(({ data }) => data) ?? []) : []

const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
  out: 100,
}

/** `type filter hook input priority filter + 10` */
function baseOf(line: readonly Token[]): Base {
  const cursor = new Cursor(line.filter(({ text }) => text !== '\n'))
  const found = { kind: '', hook: '', devices: null as string[] | null, priority: 0 }
  while (!cursor.isAtEnd()) {
    const word = cursor.next()
    if (word === 'type') found.kind = cursor.next()
    else if (word === 'hook') found.hook = cursor.next()
    else if (word === 'device') found.devices = [cursor.next()]
    else if (word === 'devices' && cursor.take('='))
      found.devices = elementsOf(cursor.block()).flatMap(({ key }) => key)
    else if (word === 'priority') found.priority = priorityOf(cursor)
  }
  return {
    hook: found.hook as Hook,
    priority: found.priority,
    isNat: found.kind === 'nat',
    policy: 'accept',
    packets: null,
    devices: found.devices,
  }
}

function priorityOf(cursor: Cursor): number {
  const name = cursor.next()
  const base = PRIORITIES[name] ?? Number(name)
  const sign = cursor.take('+', '-')
  return sign === null ? base : base + (sign === '+' ? 1 : -1) * Number(cursor.next())
}

const BUILT_IN: Readonly<Record<string, string>> = {
  filter: 'INPUT FORWARD OUTPUT',
  security: 'INPUT FORWARD OUTPUT',
  nat: 'PREROUTING INPUT OUTPUT POSTROUTING',
  mangle: 'PREROUTING INPUT FORWARD OUTPUT POSTROUTING',
  raw: 'PREROUTING OUTPUT',
}

/** Older versions do not say which tables iptables-nft made. Their base chains have the names of iptables. */
function hasBuiltInChains({ name, family, chains }: NftTable): boolean {
  const own = BUILT_IN[name.split(' ')[1] ?? '']?.split(' ')
  const bases = [...chains.values()].filter(({ base }) => base)
  if (own === undefined || bases.length === 0 || (family !== 'ip' && family !== 'ip6')) return false
  return bases.every((chain) => own.includes(chain.name))
}
