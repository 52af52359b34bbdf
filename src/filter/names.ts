import { type PortSet, uniteAll } from '../rules/index.ts'

// Numbers and their names, as the tools print them.

const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  ipip: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  icmp6: 58,
  ospf: 89,
  comp: 108,
  ipcomp: 108,
  vrrp: 112,
  carp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
}

/** Null for a name that is not known. It is then none of a probe's protocols, whose names are. */
export const protocolNumber = (text: string): number | null => numberOf(text) ?? PROTOCOLS[text] ?? null

export const UNKNOWN_PROTOCOL = 255

/** A decimal or hexadecimal number of at most 32 bits. Null for any other text. */
export function numberOf(text: string): number | null {
  if (!/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return null
  const number = Number(text)
  return number <= 0xffffffff ? number : null
}

/** Older versions of nft print services by name. */
const SERVICES: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  http: 80,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  imap2: 143,
  imap: 143,
  snmp: 161,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  imaps: 993,
  pop3s: 995,
  mysql: 3306,
  'dhcpv6-client': 546,
  'dhcpv6-server': 547,
  postgresql: 5432,
  mdns: 5353,
  'http-alt': 8080,
  webcache: 8080,
}

/** A port or a range of ports, with `:` or `-` between them. Null for any other text. */
export function portsOf(text: string): PortSet | null {
  const known = SERVICES[text]
  if (known !== undefined) return [known, known + 1]
  const range = /^(\d{1,5})?([:-])?(\d{1,5})?$/.exec(text)
  if (range === null || text === '' || text === ':') return null
  const [, first, dash, last] = range
  const from = Number(first ?? 0)
  const to = dash === undefined ? from : Number(last ?? 65535)
  return from <= to && to <= 65535 ? [from, to + 1] : null
}

/** Several of them with commas between them. */
export function portListOf(text: string): PortSet | null {
  const sets = text.split(',').map(portsOf)
  return sets.includes(null) ? null : uniteAll(sets.flatMap((set) => (set === null ? [] : [set])))
}

/** The types of a ping, its answer, and the notice of a REJECT. */
export const ICMP_TYPES = {
  4: { request: 8, reply: 0, unreachable: 3 },
  6: { request: 128, reply: 129, unreachable: 1 },
} as const

/** Neighbour solicitation and advertisement. */
export const NEIGHBOUR_TYPES = { request: 135, reply: 136, unreachable: 1 } as const

const ICMP: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  pong: 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  ping: 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'ttl-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'info-request': 15,
  'info-reply': 16,
  'address-mask-request': 17,
  'address-mask-reply': 18,
}

const ICMPV6: Readonly<Record<string, number>> = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'nd-router-solicit': 133,
  'router-solicitation': 133,
  'nd-router-advert': 134,
  'router-advertisement': 134,
  'nd-neighbor-solicit': 135,
  'neighbour-solicitation': 135,
  'nd-neighbor-advert': 136,
  'neighbour-advertisement': 136,
  'nd-redirect': 137,
  redirect: 137,
  'router-renumbering': 138,
  'ind-neighbor-solicit': 141,
  'ind-neighbor-advert': 142,
  'mld2-listener-report': 143,
}

/** Null for a name that is not known. */
export const icmpType = (family: 4 | 6, text: string): number | null =>
  numberOf(text) ?? (family === 4 ? ICMP : ICMPV6)[text] ?? null

const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECN', 'CWR']

/** `SYN,ACK`, `ALL`, `NONE` or a number, in any case. Null for any other text. */
export function tcpFlags(text: string): number | null {
  const upper = text.toUpperCase()
  if (upper === 'ALL') return 63
  if (upper === 'NONE') return 0
  const number = numberOf(text)
  if (number !== null) return number
  const flags = upper.split(',').map((name) => TCP_FLAGS.indexOf(name === 'ECE' ? 'ECN' : name))
  return flags.includes(-1) ? null : flags.reduce((sum, flag) => sum | (1 << flag), 0)
}
