import type { Chain, Rule } from './program.ts'
import type { FilterLayer } from './types.ts'

// How a reader finds a rule: what to look for in the output of which tool.

const TOOLS: Readonly<Record<FilterLayer, string>> = {
  iptables: 'iptables',
  iptablesLegacy: 'iptables-legacy',
  ip6tables: 'ip6tables',
  ip6tablesLegacy: 'ip6tables-legacy',
  nft: 'nft',
  ipset: 'ipset',
}

/** The tool that lists a layer, for example `iptables-legacy`. */
export const toolOf = (layer: FilterLayer): string => TOOLS[layer]

/** `iptables -t nat -A KUBE-SVC-X -j KUBE-SEP-Y`, `nft inet filter input: ct count over 10 drop`. */
export function located({ chain, text }: Rule): string {
  const { layer, name } = chain.table
  return layer === 'nft'
    ? `nft ${name} ${chain.name}: ${text}`
    : `${toolOf(layer)} -t ${name} -A ${chain.name} ${text}`
}

export const locatedChain = ({ table, name }: Chain): string =>
  table.layer === 'nft' ? `nft ${table.name} ${name}` : `${toolOf(table.layer)} -t ${table.name} ${name}`
