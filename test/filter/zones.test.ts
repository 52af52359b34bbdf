import { describe, expect, it } from 'vitest'
import { fates, partsOf, table } from './support.ts'

// conntrack has a table for each zone. A packet in another zone than the request belongs to no known connection.

const ONLY_ANSWERS = 'OUTPUT -p tcp -m tcp --sport 80 -m conntrack ! --ctstate ESTABLISHED -j DROP'
const raw = (...rules: readonly string[]): string => table('raw', rules)
const iptables = (...tables: readonly string[]) => ({ iptables: tables.join('') })
const SOURCE = '100.64.0.5'
const of = (texts: Parameters<typeof partsOf>[0], probe: Parameters<typeof partsOf>[2] = {}) =>
  fates(partsOf(texts, SOURCE, probe))
const native = (input: string, output: string): string => `table inet x {
	chain p {
		type filter hook prerouting priority raw; policy accept;
		${input}
	}
	chain r {
		type filter hook output priority raw; policy accept;
		${output}
	}
	chain o {
		type filter hook output priority filter; policy accept;
		tcp sport 80 ct state != established drop
	}
}
`

describe('a zone of conntrack', () => {
  it('that only requests have leaves the answers without a connection', () => {
    const rules = iptables(
      raw('PREROUTING -i eth0 -j CT --zone 1'),
      table('filter', [
        'INPUT -m conntrack --ctstate NEW -j ACCEPT',
        ONLY_ANSWERS,
        'OUTPUT -m conntrack --ctstate NEW -j DROP',
      ]),
    )
    expect(of(rules)).toEqual(['100.64.0.5/32 drop at the reply: OUTPUT 1'])
    expect(of({ nft: native('iifname "eth0" ct zone set 1', 'counter') })).toEqual([
      '100.64.0.5/32 drop at the reply: o 1',
    ])
  })

  it('that both have changes nothing', () => {
    const rules = iptables(
      raw('PREROUTING -i eth0 -j CT --zone 1', 'OUTPUT -o eth0 -j CT --zone 1'),
      table('filter', [ONLY_ANSWERS]),
    )
    expect(of(rules)).toEqual(['100.64.0.5/32 pass'])
    expect(of({ nft: native('iifname "eth0" ct zone set 1', 'oifname "eth0" ct zone set 1') })).toEqual([
      '100.64.0.5/32 pass',
    ])
  })

  it('that nobody asks about changes nothing', () => {
    expect(of(iptables(raw('PREROUTING -i eth0 -j CT --zone 1')))).toEqual(['100.64.0.5/32 pass'])
  })

  it.each(['--zone mark', '--zone-orig 1', '--zone-reply 1'])('%s leaves the state unknown', (zone) => {
    const rules = iptables(raw(`PREROUTING -i eth0 -j CT ${zone}`), table('filter', [ONLY_ANSWERS]))
    expect(of(rules)).toEqual(['100.64.0.5/32 unknown: OUTPUT 1'])
  })

  it.each(['ct original zone set 1', 'ct zone set jhash ip saddr mod 4'])(
    '%s of nft leaves the state unknown',
    (zone) => {
      expect(of({ nft: native(zone, 'counter') })).toEqual(['100.64.0.5/32 unknown: o 1'])
    },
  )

  it('leaves the answer from behind DNAT unknown', () => {
    const nat = table('nat', ['PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80'])
    const [part] = partsOf(iptables(raw('PREROUTING -i eth0 -j CT --zone 1'), nat), SOURCE)
    expect(part).toMatchObject({ verdict: 'unknown', unclear: ['ct zone'] })
  })
})
