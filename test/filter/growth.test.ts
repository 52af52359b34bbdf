import { describe, expect, it } from 'vitest'
import type { FilterTexts } from '../../src/filter/index.ts'
import { growthOf } from '../support/growth.ts'
import { partsOf, table } from './support.ts'

// Sixteen times the rules take about sixteen times the CPU. Work that grows with the square takes 256 times the CPU. The
// limit is in the middle between the two, so that caches and a busy machine do not change the result.

const FEW = 500
const MANY = 16 * FEW
const MOST_GROWTH = 64

/** Every second address, so that no two rules are about one range. */
const addresses = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `100.${64 + (i >> 14)}.${(i >> 7) & 127}.${(i & 127) * 2}`)

type Texts = (all: readonly string[]) => Partial<FilterTexts>

const iptables =
  (name: string, rule: (address: string) => string, ...after: readonly string[]): Texts =>
  (all) => ({ iptables: table(name, [...all.map(rule), ...after]) })

const nft =
  (rule: (all: readonly string[]) => string): Texts =>
  (all) => ({
    nft: `table inet t {
 chain input {
  type filter hook input priority filter; policy accept;
${rule(all)}
 }
}
`,
  })

const LISTS: Readonly<Record<string, Texts>> = {
  ACCEPT: iptables('filter', (address) => `INPUT -s ${address}/32 -j ACCEPT`, 'INPUT -j DROP'),
  DROP: iptables('filter', (address) => `INPUT -s ${address}/32 -j DROP`),
  RETURN: iptables('filter', (address) => `own -s ${address}/32 -j RETURN`, 'own -j DROP', 'INPUT -j own'),
  'a jump': iptables('filter', (address) => `INPUT -s ${address}/32 -j own`, 'own -p udp -j DROP'),
  'a limit': iptables('filter', (address) => `INPUT -s ${address}/32 -m limit --limit 1/sec -j DROP`),
  DNAT: iptables(
    'nat',
    (address) =>
      `PREROUTING -s ${address}/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80`,
  ),
  'rules of nft': nft((all) => all.map((address) => `  ip saddr ${address} accept`).join('\n')),
  'a verdict map': nft((all) => `  ip saddr vmap { ${all.map((one) => `${one} : drop`).join(', ')} }`),
  'a set of pairs': nft(
    (all) => `  ip saddr . tcp dport { ${all.map((one) => `${one} . 80`).join(', ')} } drop`,
  ),
}

describe('thousands of addresses', () => {
  it.each(Object.entries(LISTS))('take CPU in proportion to their number: %s', (_, texts) => {
    const [few, many] = [FEW, MANY].map((count) => texts(addresses(count))) as [
      Partial<FilterTexts>,
      Partial<FilterTexts>,
    ]
    expect(
      growthOf(
        () => void partsOf(few, '100.64.0.0/10'),
        () => void partsOf(many, '100.64.0.0/10'),
      ),
    ).toBeLessThan(MOST_GROWTH)
  })
})
