// The random lists are IPv4. This rewrites their texts for IPv6, so that the same rules are about the same packets.

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/10\.0\.1\.16(?:\/32)?/g, '2001:db8:1::16'],
  [/10\.0\.0\.0\/16/g, '2001:db8:1::/48'],
  [/icmp-port-unreachable/g, 'icmp6-port-unreachable'],
  [/icmp-host-prohibited/g, 'icmp6-adm-prohibited'],
  [/icmp host-prohibited/g, 'icmpv6 admin-prohibited'],
  [/255\.255\.255\.255/g, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  [/family inet /g, 'family inet6 '],
  [/(create|add|--match-set) (nets|ips|pairs)\b/g, '$1 $26'],
  [/ipv4_addr/g, 'ipv6_addr'],
  [/\bip (saddr|daddr)\b/g, 'ip6 $1'],
  [/\bip protocol\b/g, 'ip6 nexthdr'],
  [/nfproto ipv4/g, 'nfproto ipv6'],
  [/\bip ttl\b/g, 'ip6 hoplimit'],
  [/\bip dscp\b/g, 'ip6 dscp'],
  [/saddr & 0\.0\.0\.7 == 0\.0\.0\.1/g, 'saddr & ::7 == ::1'],
]

/** `100.B.C.D/n` is `2001:db8:64:BBCC:DD00::/n+40`: what lies in what stays. A whole address is a prefix of 72 bits. */
export function inSix(text: string): string {
  const hex = (byte: string): string => Number(byte).toString(16).padStart(2, '0')
  const words = WORDS.reduce((sum, [from, to]) => sum.replace(from, to), text)
  return words.replace(
    /\b100\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?/g,
    (_, b: string, c: string, d: string, bits?: string) =>
      `2001:db8:64:${hex(b)}${hex(c)}:${hex(d)}00::${bits ? `/${Number(bits) + 40}` : ''}`,
  )
}
