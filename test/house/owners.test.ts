import { describe, expect, it } from 'vitest'
import { sources } from './sources.ts'

// Each rule has one owner. Every other file calls the owner. The simulator shares no code with the product that it tests,
// so it has owners of its own.

const OWNED: readonly (readonly [rule: string, elsewhere: RegExp, owners: readonly string[]])[] = [
  ['what an IP address is', /\bisIP(v4|v6)?\b/, ['model/ip.ts', 'simulator/cidr.ts']],
  ['which addresses are IPv6', /includes\(':'\)/, ['model/ip.ts', 'simulator/cidr.ts']],
  ['which addresses a range contains', /\bBlockList\b/, ['model/ip.ts']],
  ['which hosts are this machine', /=== 'localhost'/, ['model/ip.ts']],
  [
    'what the prefix of an id is',
    /startsWith\(\s*['"`]([a-z]+|\$\{[^}]+\})-['"`]\s*\)|\/\^[a-z()?|]+-|\[a-z\]\+-\\w/,
    ['model/ids.ts', 'model/regions.ts', 'simulator/ids.ts', 'simulator/cvm.ts'],
  ],
  ['what a cause is', /role === 'cause'|role !== 'cause'/, ['model/diagnosis.ts']],
  [
    'which protocols are HTTP',
    /'HTTP' (\|\||&&) .*'HTTPS'|'HTTP', 'HTTPS'\]\)/,
    ['model/protocol.ts', 'simulator/clb.ts', 'simulator/packets.ts'],
  ],
  ['which word is which status', /toLowerCase\(\) === '(alive|dead|close)'/, ['model/diagnosis.ts']],
]

describe('only the owner', () => {
  it.each(OWNED)('decides %s', (_, elsewhere, owners) => {
    const found = sources.filter(({ text }) => elsewhere.test(text)).map(({ path }) => path)
    expect(found.filter((path) => !owners.includes(path))).toEqual([])
  })
})
