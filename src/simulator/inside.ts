import { inCidr } from './cidr.ts'
import type { Packet } from './gates.ts'
import type { Recording } from './guest-recording.ts'
import type { Guest, HealthCheck, Pod } from './world.ts'

// What a probe meets on the machine: its firewall, its sockets, and the application.

/** What happens to a probe. */
export type Fate =
  | 'answered'
  | 'snat-acl'
  | 'no-bandwidth'
  | 'acl-in'
  | 'security-group'
  | 'no-machine'
  | 'guest-firewall'
  | 'not-listening'
  | 'too-slow'
  | 'wrong-answer'
  | 'acl-out'
  | 'loopback'
  | 'no-route'
  | 'no-return'

/** @param domain the domain of the forwarding rule: the host of HTTP probes if the check has none */
export function inside(guest: Guest, check: HealthCheck, packet: Packet, domain: string | null): Fate {
  if (isDropped(guest, packet)) return 'guest-firewall'
  const recorded = guest.recording ? recordedFate(guest.recording, packet) : null
  if (recorded) return recorded
  if (packet.protocol === 'icmp') return guest.ping ? 'answered' : 'not-listening'
  const socket = guest.listens.find(
    ({ port, protocol, address }) =>
      port === packet.port &&
      protocol === packet.protocol &&
      (address === undefined || address === packet.target),
  )
  if (!socket && !guest.recording?.isForwarded) return 'not-listening'
  if (guest.backlogFull && packet.protocol === 'tcp') return 'guest-firewall'
  switch (check.type) {
    case 'HTTP':
    case 'HTTPS':
      return overHttp(guest, check, domain)
    case 'GRPC':
      if (guest.stopped || guest.ends) return guest.stopped ? 'too-slow' : 'wrong-answer'
      return hasCode(check.grpcCodes ?? '12', guest.grpc ?? 12) ? 'answered' : 'wrong-answer'
    case 'CUSTOM':
      return isSendable(check) && guest.says === undefined ? 'answered' : 'wrong-answer'
    default:
      return 'answered'
  }
}

const FATES = {
  dropped: 'guest-firewall',
  refused: 'not-listening',
  late: 'too-slow',
  wrong: 'wrong-answer',
} as const satisfies Readonly<Record<Recording['meets'], Fate>>

/** What the recorded machine does to a probe. Null: it lets it through. */
const recordedFate = ({ stops, meets }: Recording, { source }: Packet): Fate | null =>
  stops.some((cidr) => inCidr(source, cidr)) ? FATES[meets] : null

/** Tailscale keeps a part of the range for another system. */
const isDropped = ({ drops, vpn }: Guest, { source }: Packet): boolean =>
  drops.some((cidr) => inCidr(source, cidr)) ||
  (vpn !== undefined && inCidr(source, '100.64.0.0/10') && !inCidr(source, '100.115.92.0/23'))

function overHttp(guest: Guest, check: HealthCheck, domain: string | null): Fate {
  if (guest.plain && check.type === 'HTTPS') return 'wrong-answer'
  if (guest.stopped) return 'too-slow'
  if (guest.ends || (guest.tls && check.type === 'HTTP')) return 'wrong-answer'
  if (guest.latencyMs !== undefined && guest.latencyMs >= check.timeout * 1000) return 'too-slow'
  const bit = 1 << (Math.floor(codeOf(guest, check, domain) / 100) - 1)
  return (check.codes & bit) !== 0 ? 'answered' : 'wrong-answer'
}

function codeOf(guest: Guest, { version, host, method }: HealthCheck, domain: string | null): number {
  // A server must refuse an HTTP/1.1 request without Host (RFC 9112, 3.2).
  if (version === 'HTTP/1.1' && host === null) return 400
  if (guest.servesHost !== undefined && guest.servesHost !== (host ?? domain)) return 404
  return method === 'HEAD' ? (guest.head ?? guest.http) : guest.http
}

/** Is the code in a list such as `12`, `0,12` or `0-99`? */
const hasCode = (codes: string, code: number): boolean =>
  codes.split(',').some((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number)
    return code >= from && code <= to
  })

/** Hexadecimal text that stands for no bytes has no answer. */
const isSendable = ({ custom }: HealthCheck): boolean =>
  custom?.type !== 'HEX' ||
  [custom.send, custom.recv].every((text) => text.length % 2 === 0 && /^[0-9A-F]+$/i.test(text))

/** What a probe meets that came through a node to its pod. Null: the node does not run. */
export const behind = (node: Guest | null, { guest }: Pod): Guest | null =>
  node?.forwardsNothing ? { ...guest, drops: ['0.0.0.0/0'] } : node && guest
