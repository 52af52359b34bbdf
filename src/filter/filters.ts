import type { Family } from '../rules/index.ts'
import { ipsetTest } from './ipset/match.ts'
import { parseIpset } from './ipset/text.ts'
import { compileRule } from './iptables/rule.ts'
import { type IptablesText, parseIptables } from './iptables/text.ts'
import { compileRule as compileNft } from './nft/rule.ts'
import { type NftTable, parseNft } from './nft/text.ts'
import type { Table } from './program.ts'
import type { FilterLayer, FilterRule, FilterTexts } from './types.ts'

/** The parsed texts. Only filter/ looks inside. */
export interface Filters {
  readonly tables: readonly Table[]
  /** The layers that were not read, and which family's packets they could stop. */
  readonly missing: readonly { readonly layer: FilterLayer; readonly family: Family | null }[]
}

const IPTABLES = [
  { layer: 'iptables', family: 4 },
  { layer: 'iptablesLegacy', family: 4 },
  { layer: 'ip6tables', family: 6 },
  { layer: 'ip6tablesLegacy', family: 6 },
] as const satisfies readonly { readonly layer: FilterLayer; readonly family: Family }[]

export function parseFilters(texts: FilterTexts): Filters {
  const missing: Filters['missing'][number][] = []
  const sets = parseIpset(texts.ipset ?? '')
  const written = new Set(
    IPTABLES.flatMap(({ layer }) => [...(texts[layer] ?? '').matchAll(/ --(?:add|del)-set (\S+)/g)]).map(
      ([, name]) => name,
    ),
  )
  const native = texts.nft === null ? [] : parseNft(texts.nft, compileNft)
  const iptables = IPTABLES.flatMap(({ layer, family }) => {
    const text = texts[layer]
    if (text === null) return []
    // A set that rules write to changes with the packets that come.
    const matchSet = (name: string, sides: string) =>
      written.has(name) ? null : ipsetTest(sets, name, sides, family)
    const compile = (rule: string, table: Table) => compileRule(rule, table, { family, matchSet })
    return [{ layer, ...parseIptables(text, layer, compile) }]
  })
  // nft prints the tables of iptables-nft as well.
  for (const { layer, family } of IPTABLES)
    if (texts[layer] === null && (isLegacy(layer) || texts.nft === null)) missing.push({ layer, family })
  if (texts.nft === null) missing.push({ layer: 'nft', family: null })
  const printed = iptables.filter(({ layer }) => !isLegacy(layer))
  return {
    tables: [
      ...iptables.flatMap(({ tables }) => tables),
      ...native.filter((table) => !printed.some((text) => repeats(table, text))),
    ],
    missing,
  }
}

const isLegacy = (layer: FilterLayer): boolean => layer === 'iptablesLegacy' || layer === 'ip6tablesLegacy'

/** Is this table of nft one that the text of iptables has, too? */
function repeats(table: NftTable, { tables, isNft }: IptablesText): boolean {
  const twin = tables.find(({ family, name }) => table.name === `${family} ${name}`)
  if (twin === undefined || !table.isOfIptables || isNft === false) return false
  // `iptables -S` does not name its backend. The legacy one has other rules.
  return (
    isNft === true ||
    [...table.chains].every(([name, { rules }]) => twin.chains.get(name)?.rules.length === rules.length)
  )
}

/** The counter of the same rule in another sample. Null if the rule is not there or counts nothing. */
export function packetsOf({ tables }: Filters, rule: FilterRule): number | null {
  const chain = tables
    .find(({ layer, name }) => layer === rule.layer && name === rule.table)
    ?.chains.get(rule.chain)
  if (rule.index === null) return chain?.base?.packets ?? null
  // Of two equal rules the second decides nothing that the first leaves.
  const alike = chain?.rules.filter(({ text }) => text === rule.text) ?? []
  return (alike.find(({ index }) => index === rule.index) ?? alike[0])?.packets ?? null
}
