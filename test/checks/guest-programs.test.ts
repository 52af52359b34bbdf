import { describe, expect, it } from 'vitest'
import { filterRule, lookedInto } from '../support/guests.ts'
import { healthCheck } from '../support/snapshots.ts'

// An opening in the terms of the program whose rule decides, and only where that program's own rules come before it.

interface Case {
  readonly rule: Parameters<typeof filterRule>[0]
  readonly texts: { readonly iptables?: string; readonly ip6tables?: string; readonly nft?: string }
  readonly check?: Parameters<typeof healthCheck>[0]
  readonly leg?: string
  readonly code?:
    | 'guest-firewall/probe-dropped'
    | 'guest-forwarding/forward-foreign-rule'
    | 'guest-icmp/icmp-dropped'
}

const NO_LISTS = {
  iptables: null,
  iptablesLegacy: null,
  ip6tables: null,
  ip6tablesLegacy: null,
  nft: null,
  ipset: null,
}

function linesFor({ rule, texts, check = {}, leg, code = 'guest-firewall/probe-dropped' }: Case) {
  const reason = { code, rule: filterRule(rule), params: leg === undefined ? {} : { leg } }
  const diagnosis = lookedInto({
    machines: [{ host: 16, status: 'Dead' }],
    listener: { healthCheck: healthCheck({ sourceIpType: 1, ...check }) },
    inside: {
      16: {
        reasons: [reason],
        facts: {
          filters: [{ texts: { ...NO_LISTS, ...texts }, afterSeconds: null }],
          devices: [{ name: 'eth0', addresses: ['10.0.1.16/24'], isUp: true, hasXdp: false, hasTc: false }],
        },
      },
    },
  })
  const found = diagnosis.findings.find((one) => one.code === code)
  return (found?.fix?.commands ?? []).map(({ line }) => line)
}

const UFW = `*filter
:INPUT DROP [0:0]
:ufw-before-input - [0:0]
:ufw-user-input - [0:0]
-A INPUT -j ufw-before-input
-A ufw-before-input -s 100.64.0.0/10 -j DROP
-A ufw-before-input -j ufw-user-input
COMMIT`

describe('a rule of ufw', () => {
  it('behind its own rules is opened by ufw', () => {
    const rule = { chain: 'ufw-user-input', index: 2 }
    expect(linesFor({ rule, texts: { iptables: UFW } })).toEqual([
      'ufw prepend allow from 100.64.0.0/10 to any port 8080 proto tcp',
    ])
  })

  it('in before.rules comes before them, so a rule stands before the chain', () => {
    const rule = { chain: 'ufw-before-input', index: 1 }
    expect(linesFor({ rule, texts: { iptables: UFW } })).toEqual([
      'iptables -I INPUT 1 -s 100.64.0.0/10 -p tcp --dport 8080 -j ACCEPT',
    ])
  })

  it('that drops pings is not opened for every port', () => {
    const rule = { chain: 'ufw-before-input', index: 9, text: '-p icmp -m icmp --icmp-type 8 -j DROP' }
    const check = { type: 'PING' }
    expect(linesFor({ rule, texts: { iptables: UFW }, check, code: 'guest-icmp/icmp-dropped' })).toEqual([
      'iptables -I INPUT 1 -s 100.64.0.0/10 -p icmp --icmp-type echo-request -j ACCEPT',
    ])
  })
})

const firewalld = (
  zones: string,
  more = 'chain filter_IN_work_pre {\n}\nchain filter_IN_public_pre {\n}',
): string =>
  `table inet firewalld {
	chain filter_INPUT_ZONES {
${zones}
	}
${more}
}`
const RICH = (where: string, priority = 'priority=-100 '): readonly string[] => [
  `firewall-cmd --permanent ${where} --add-rich-rule='rule ${priority}family=ipv4 source address=100.64.0.0/10 port port=8080 protocol=tcp accept'`,
  'firewall-cmd --reload',
]
const ZONES = '\t\tiifname "eth0" goto filter_IN_work\n\t\tgoto filter_IN_public'
const nft = { layer: 'nft', table: 'inet firewalld' } as const

describe('a rule of firewalld', () => {
  it('is opened in the zone whose chain decides', () => {
    const rule = { ...nft, chain: 'filter_IN_work_deny' }
    expect(linesFor({ rule, texts: { nft: firewalld(ZONES) } })).toEqual(RICH('--zone=work'))
  })

  it('behind all zones is opened in the zone that the probes enter', () => {
    const rule = { ...nft, chain: 'filter_INPUT' }
    expect(linesFor({ rule, texts: { nft: firewalld(ZONES) } })).toEqual(RICH('--zone=work'))
    const bySource = `\t\tip saddr 100.64.0.0/10 goto filter_IN_public\n${ZONES}`
    expect(linesFor({ rule, texts: { nft: firewalld(bySource) } })).toEqual(RICH('--zone=public'))
  })

  it('of a policy is opened in the policy', () => {
    const rule = { ...nft, chain: 'filter_IN_policy_lan_deny' }
    const text = firewalld(ZONES, 'chain filter_IN_policy_lan_pre {\n}')
    expect(linesFor({ rule, texts: { nft: text } })).toEqual(RICH('--policy=lan'))
  })

  it('of a version without priorities is opened without one, and not where that comes too late', () => {
    const text = `*filter
:INPUT ACCEPT [0:0]
:INPUT_ZONES - [0:0]
:IN_work - [0:0]
:IN_work_deny - [0:0]
-A INPUT -j INPUT_ZONES
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A INPUT_ZONES -i eth0 -g IN_work
COMMIT`
    const rule = { chain: 'INPUT', index: 2, text: '-j REJECT --reject-with icmp-host-prohibited' }
    expect(linesFor({ rule, texts: { iptables: text } })).toEqual(RICH('--zone=work', ''))
    const denied = { chain: 'IN_work_deny', index: 1 }
    expect(linesFor({ rule: denied, texts: { iptables: text } })).toEqual([
      'iptables -I INPUT 1 -s 100.64.0.0/10 -p tcp --dport 8080 -j ACCEPT',
    ])
  })

  it('for forwarded packets or replies gets no rule of a zone, which is for packets that come in', () => {
    const texts = { nft: firewalld(ZONES) }
    const forward = { ...nft, chain: 'filter_FWD_work' }
    expect(linesFor({ rule: forward, texts, code: 'guest-forwarding/forward-foreign-rule' })).toEqual([
      "nft 'insert rule inet firewalld filter_FWD_work ip saddr 100.64.0.0/10 meta l4proto tcp accept'",
    ])
    expect(linesFor({ rule: { ...nft, chain: 'filter_OUTPUT' }, texts, leg: 'reply' })).toEqual([
      "nft 'insert rule inet firewalld filter_OUTPUT ip daddr 100.64.0.0/10 tcp sport 8080 accept'",
    ])
  })

  it('in a table that firewalld owns takes no rule of nft', () => {
    const text = firewalld(ZONES).replace('{\n', '{ # progname firewalld\n\tflags owner,persist\n')
    const rule = { ...nft, chain: 'filter_FWD_work' }
    expect(linesFor({ rule, texts: { nft: text }, code: 'guest-forwarding/forward-foreign-rule' })).toEqual(
      [],
    )
  })
})

it('neighbour discovery is let out where the rule stops it', () => {
  const text = `*filter
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:STRICT - [0:0]
-A OUTPUT -j STRICT
-A STRICT -p ipv6-icmp -j DROP
COMMIT`
  const rule = { layer: 'ip6tables', chain: 'STRICT', index: 1 } as const
  expect(linesFor({ rule, texts: { ip6tables: text }, leg: 'neighbour' })).toEqual([
    'ip6tables -I OUTPUT 1 -p ipv6-icmp -j ACCEPT',
  ])
})

describe('a rule that stops what follows the first answer', () => {
  const output = `*filter
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:LONG - [0:0]
-A OUTPUT -j LONG
-A LONG -m length --length 200:1500 -j DROP
COMMIT`

  it('is opened in the direction of the packets that it stops', () => {
    const rule = { chain: 'LONG', index: 1 }
    expect(linesFor({ rule, texts: { iptables: output }, leg: 'data' })).toEqual([
      'iptables -I OUTPUT 1 -d 100.64.0.0/10 -p tcp --sport 8080 -j ACCEPT',
    ])
    expect(
      linesFor({ rule, texts: { iptables: output.replace('-A OUTPUT', '-A INPUT') }, leg: 'data' }),
    ).toEqual(['iptables -I INPUT 1 -s 100.64.0.0/10 -p tcp --dport 8080 -j ACCEPT'])
    const text =
      'table inet guard {\n\tchain out {\n\t\ttype filter hook output priority filter; policy accept;\n\t}\n}'
    const inNft = { layer: 'nft', table: 'inet guard', chain: 'out' } as const
    expect(linesFor({ rule: inNft, texts: { nft: text }, leg: 'data' })).toEqual([
      "nft 'insert rule inet guard out ip daddr 100.64.0.0/10 tcp sport 8080 accept'",
    ])
  })
})

describe('a chain of another table', () => {
  const mangle = (jump: string): string => `*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:GUARD - [0:0]
:DEEP - [0:0]
-A ${jump} -p tcp -j GUARD
-A GUARD -j DEEP
-A DEEP -s 100.64.0.0/10 -j DROP
COMMIT
*filter
:INPUT ACCEPT [0:0]
:DEEP - [0:0]
-A INPUT -j DEEP
COMMIT`
  const rule = { table: 'mangle', chain: 'DEEP', index: 1 }

  it.each(['PREROUTING', 'INPUT'])(
    'is opened before the chain of the kernel that leads there: %s',
    (chain) => {
      expect(linesFor({ rule, texts: { iptables: mangle(chain) } })).toEqual([
        `iptables -t mangle -I ${chain} 1 -s 100.64.0.0/10 -p tcp --dport 8080 -j ACCEPT`,
      ])
    },
  )

  it('is opened where the replies enter it', () => {
    expect(linesFor({ rule, texts: { iptables: mangle('POSTROUTING') }, leg: 'reply' })).toEqual([
      'iptables -t mangle -I POSTROUTING 1 -d 100.64.0.0/10 -p tcp --sport 8080 -j ACCEPT',
    ])
  })
})
