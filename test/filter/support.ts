import {
  evaluateFilters,
  type FilterPart,
  type FilterTexts,
  type Host,
  type ProbePackets,
  parseFilters,
} from '../../src/filter/index.ts'
import { type AddressSet, parseAddresses, toCidrs, unionOf } from '../../src/rules/index.ts'

export const CLEAN: FilterTexts = {
  iptables: '',
  iptablesLegacy: '',
  ip6tables: '',
  ip6tablesLegacy: '',
  nft: '',
  ipset: '',
}

export const BACKEND = '10.0.1.16'
export const BACKEND6 = '2001:db8:1::16'

/** Pods are behind docker0, everything else is behind eth0. */
export const HOST: Host = {
  isLocal: (address) => address === BACKEND || address === BACKEND6,
  deviceTo: (address) => (/^172\.17\.|^2001:db8:17:/.test(address) ? 'docker0' : 'eth0'),
}

export function setOf(text: string): AddressSet {
  const sets = text.split(',').map((one) => {
    const set = parseAddresses(one)
    if (set === null) throw new Error(one)
    return set
  })
  return unionOf(sets[0]?.family ?? 4, sets)
}

const packets = (sources: string): ProbePackets => ({
  sources: setOf(sources),
  destination: sources.includes(':') ? BACKEND6 : BACKEND,
  protocol: 'tcp',
  port: 80,
  device: 'eth0',
})

export const partsOf = (
  texts: Partial<FilterTexts>,
  sources: string,
  probe: Partial<ProbePackets> = {},
  host: Partial<Host> = {},
): readonly FilterPart[] =>
  evaluateFilters(
    parseFilters({ ...CLEAN, ...texts }),
    { ...packets(sources), ...probe },
    { ...HOST, ...host },
  )

const placeOf = ({ by }: FilterPart): string => (by ? `${by.chain} ${by.index ?? by.text}` : '')

/** `100.64.0.0/10 drop at the request: INPUT 1`, one line for each part. */
export const fates = (parts: readonly FilterPart[]): readonly string[] =>
  parts
    .map((part) => {
      const how = part.rejectWith ? ` ${part.rejectWith}` : ''
      const at = part.leg && part.verdict !== 'unknown' ? ` at the ${part.leg}` : ''
      const place = placeOf(part)
      return `${toCidrs(part.sources).join(',')} ${part.verdict}${how}${at}${place ? `: ${place}` : ''}`
    })
    .sort()

/** One table of iptables-save. The first word of each rule is its chain. */
export const table = (
  name: string,
  rules: readonly string[],
  policies: Record<string, string> = {},
): string => {
  const builtIn: Record<string, readonly string[]> = {
    filter: ['INPUT', 'FORWARD', 'OUTPUT'],
    security: ['INPUT', 'FORWARD', 'OUTPUT'],
    nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
    mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
    raw: ['PREROUTING', 'OUTPUT'],
  }
  const own = new Set(rules.map((rule) => rule.split(' ')[0] ?? ''))
  const chains = builtIn[name] ?? []
  return [
    `*${name}`,
    ...chains.map((chain) => `:${chain} ${policies[chain] ?? 'ACCEPT'} [0:0]`),
    ...[...own].filter((chain) => !chains.includes(chain)).map((chain) => `:${chain} - [0:0]`),
    ...rules.map((rule) => `[0:0] -A ${rule}`),
    'COMMIT',
    '',
  ].join('\n')
}

/** What one source meets under these rules of the filter table, as one word. */
export const verdictOf = (
  rules: readonly string[],
  probe: Partial<ProbePackets> = {},
  policies: Record<string, string> = {},
): string =>
  partsOf({ iptables: table('filter', rules, policies) }, '100.64.0.5', probe)
    .map(({ verdict }) => verdict)
    .join()
