import { inCidr, isIpv6 } from './cidr.ts'
import { counts, type Prints } from './guest-facts.ts'

/** A rule of iptables-save, and how many packets of one interval it drops. */
interface Line {
  readonly text: string
  readonly dropped: number
}

const BEFORE = 4_210

/** The rule lists, and what moved in them since the first sample. The script takes a third one only if something moved. */
export function filterSections(prints: Prints) {
  const lines = linesOf(prints)
  const text = lines.map(({ text: own, dropped }) =>
    own.startsWith('-A') ? `[${dropped > 0 ? BEFORE : 0}:${dropped > 0 ? BEFORE * 60 : 0}] ${own}` : own,
  )
  const movedAfter = (intervals: number): readonly string[] =>
    lines.flatMap(({ dropped }, i) => {
      const packets = BEFORE + dropped * intervals
      return dropped > 0 ? [`${i + 1} ${packets}:${packets * 60}`] : []
    })
  const moved = movedAfter(1)
  const isAgain = moved.length > 0
  return {
    counts: [
      'sample-after=5.0',
      ...counts(2, prints.machine.guest),
      'second=yes',
      ...(isAgain ? [...counts(3, prints.machine.guest), 'third-after=10.0'] : []),
    ],
    sections: [
      `== iptables ${text.length}`,
      ...text,
      '== nft 0',
      ...movedSections('moved', moved),
      ...(isAgain ? movedSections('again', movedAfter(2)) : []),
    ],
  }
}

const movedSections = (name: string, moved: readonly string[]): readonly string[] => [
  `== ${name}-iptables ${moved.length}`,
  ...moved,
  `== ${name}-iptables-legacy 0`,
  `== ${name}-nft 0`,
]

function linesOf({ machine, parameters, arrived }: Prints): readonly Line[] {
  const target = parameters.target ?? ''
  const { drops, vpn } = machine.guest
  const own = drops.filter((cidr) => isIpv6(cidr) === isIpv6(target))
  if (own.length === 0 && !vpn) return []
  const isVpn = vpn !== undefined && !isIpv6(target)
  const dropped = (cidr: string, but?: string): number =>
    arrived.filter(
      ({ fate, source }) =>
        fate === 'dropped' && inCidr(source, cidr) && (but === undefined || !inCidr(source, but)),
    ).length
  const text = (line: string): Line => ({ text: line, dropped: 0 })
  return [
    text('*filter'),
    text(':INPUT ACCEPT [81204:9511200]'),
    text(':FORWARD ACCEPT [0:0]'),
    text(':OUTPUT ACCEPT [77120:8810431]'),
    ...(isVpn ? [text(':ts-forward - [0:0]'), text(':ts-input - [0:0]'), text('-A INPUT -j ts-input')] : []),
    ...own.map((cidr): Line => ({ text: `-A INPUT -s ${cidr} -j DROP`, dropped: dropped(cidr) })),
    ...(isVpn
      ? [
          text('-A ts-input -s 100.101.102.103/32 -i lo -j ACCEPT'),
          text('-A ts-input -s 100.115.92.0/23 ! -i tailscale0 -j RETURN'),
          {
            text: '-A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP',
            dropped: dropped('100.64.0.0/10', '100.115.92.0/23'),
          },
          text('-A ts-input -i tailscale0 -j ACCEPT'),
          text('-A ts-input -p udp -m udp --dport 41641 -j ACCEPT'),
        ]
      : []),
    text('COMMIT'),
  ]
}
