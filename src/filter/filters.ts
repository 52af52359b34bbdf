import type { Family } from '../rules/index.ts'
import { compileRule } from './iptables/rule.ts'
import { parseIptables } from './iptables/text.ts'
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
  const tables: Table[] = []
  const missing: Filters['missing'][number][] = []
  for (const { layer, family } of IPTABLES) {
    const text = texts[layer]
    if (text === null) missing.push({ layer, family })
    else
      tables.push(
        ...parseIptables(text, layer, (rule, table) =>
          compileRule(rule, table, { family, matchSet: () => null }),
        ).tables,
      )
  }
  return { tables, missing }
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
