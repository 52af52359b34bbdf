import { isIpv6, isLoopback } from '../../model/ip.ts'
import type { Listening } from '../facts.ts'
import type { Endpoint } from './arrivals.ts'
import type { Given } from './given.ts'
import { protocolOf } from './reasons.ts'

// Which sockets take what is sent to one address and port, and which almost do.

export interface Listeners {
  readonly taking: readonly Listening[]
  /** `[::]:80` of which nobody tells whether it takes IPv4, or a socket of one device where the device is not known. */
  readonly doubtful: readonly Listening[]
  /** The same port and protocol, at another address, another device or of the other family. */
  readonly beside: readonly Listening[]
}

const ANY = { 4: '0.0.0.0', 6: '::' } as const

export function listenersOf(to: Endpoint, given: Given): Listeners {
  const { facts, check } = given
  const protocol = protocolOf(check, facts)
  const ofPort = (facts.listening ?? []).filter(
    (socket) => socket.protocol === protocol && socket.port === to.port,
  )
  const sorted = ofPort.map((socket) => [socket, takes(socket, to.address, given)] as const)
  const of = (wanted: Takes): readonly Listening[] =>
    sorted.flatMap(([socket, found]) => (found === wanted ? [socket] : []))
  return { taking: of('yes'), doubtful: of('perhaps'), beside: of('no') }
}

type Takes = 'yes' | 'perhaps' | 'no'

function takes(socket: Listening, address: string, { machine: { family, device } }: Given): Takes {
  if (socket.device !== null && socket.device !== device) return device === null ? 'perhaps' : 'no'
  if (isWildcard(socket, family) || socket.address.toLowerCase() === address.toLowerCase()) return 'yes'
  if (family === 6 || socket.address !== ANY[6]) return 'no'
  return socket.isDualStack === null ? 'perhaps' : socket.isDualStack ? 'yes' : 'no'
}

export const isWildcard = ({ address }: Listening, family: 4 | 6): boolean => address === ANY[family]

/** `127.0.0.1:80`, `*:80`, `[::]:80`, `0.0.0.0%eth1:80`, `0.0.0.0:53/udp` */
export function socketText({ address, device, port, protocol, isDualStack }: Listening): string {
  const host = address === ANY[6] && isDualStack ? '*' : isIpv6(address) ? `[${address}]` : address
  return `${host}${device === null ? '' : `%${device}`}:${port}${protocol === 'udp' ? '/udp' : ''}`
}

export const isOfLoopback = ({ address, device }: Listening): boolean =>
  isLoopback(address) || device === 'lo'
