import type { Base, Chain, Hook, Rule, Step, Table } from '../program.ts'
import type { FilterLayer } from '../types.ts'
import { type Section, sectionsOf } from './sections.ts'

/** Compiles one rule, without its counters and chain. */
export type Compile = (text: string, table: Table) => readonly Step[]

export interface IptablesText {
  readonly tables: readonly Table[]
  /** The backend. Null: the text does not say. */
  readonly isNft: boolean | null
}

export function parseIptables(text: string, layer: FilterLayer, compile: Compile): IptablesText {
  const { sections, isNft } = sectionsOf(text)
  return { tables: sections.map((section) => tableOf(section, layer, compile)), isNft }
}

const RULE = /^(?:\[(\d+):\d+\] )?-A (\S+) ?(.*)$/
/** Not within quotes, which end at the end of a comment or prefix. */
const TARGET = /^(?:[^"]|"(?:[^"\\]|\\.)*")*?(?<= |^)-[jg] (\S+)/
const COUNTED = /(?:^| )-c (\d+) \d+(?= |$)/
const CHAIN = /^(?::(\S+) (\S+)(?: \[(\d+):\d+\])?|-P (\S+) (\S+)(?: -c (\d+) \d+)?|-N (\S+))$/

function tableOf({ table: name, lines }: Section, layer: FilterLayer, compile: Compile): Table {
  const table: Table = { layer, family: layer.startsWith('ip6') ? 'ip6' : 'ip', name, chains: new Map() }
  for (const line of lines) {
    const rule = RULE.exec(line)
    const chain = rule ? null : CHAIN.exec(line)
    if (rule) addRule(table, rule, compile)
    else if (chain) {
      const [, saved, policy, packets, listed, listedPolicy, listedPackets, own] = chain
      declare(chainOf(table, saved ?? listed ?? own ?? ''), policy ?? listedPolicy, packets ?? listedPackets)
    }
  }
  return table
}

const countOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text))

function addRule(table: Table, [, saved, name = '', rest = '']: RegExpExecArray, compile: Compile): void {
  const chain = chainOf(table, name)
  const text = saved === undefined ? rest.replace(COUNTED, '').trim() : rest
  let steps: readonly Step[] | undefined
  const rule: Rule = {
    chain,
    index: chain.rules.length + 1,
    text,
    packets: countOf(saved ?? COUNTED.exec(rest)?.[1]),
    targets: () => TARGET.exec(text)?.slice(1) ?? [],
    steps: () => {
      steps ??= compile(text, table)
      return steps
    },
  }
  chain.rules.push(rule)
}

function chainOf(table: Table, name: string): Chain {
  const known = table.chains.get(name)
  if (known) return known
  const chain: Chain = { table, name, rules: [], base: baseOf(name, table.name) }
  table.chains.set(name, chain)
  return chain
}

/** A policy of `-` means a chain that rules jump to. */
function declare(chain: Chain, policy: string | undefined, packets: string | undefined): void {
  if (chain.base === null || policy === undefined || policy === '-') return
  chain.base = {
    ...chain.base,
    policy: policy === 'ACCEPT' ? 'accept' : policy === 'DROP' ? 'drop' : null,
    packets: countOf(packets),
  }
}

const HOOKS: Readonly<Record<string, Hook>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
}

const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 }

/** nat decides where a packet goes before its route is looked up, and who it comes from after that. */
const natPriority = (hook: Hook): number => (hook === 'prerouting' || hook === 'output' ? -100 : 100)

function baseOf(name: string, table: string): Base | null {
  const hook = HOOKS[name]
  if (hook === undefined) return null
  const priority = table === 'nat' ? natPriority(hook) : PRIORITIES[table]
  if (priority === undefined) return null
  return { hook, priority, isNat: table === 'nat', policy: null, packets: null, devices: null }
}
